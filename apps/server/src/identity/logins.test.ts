import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { SecretBox } from "../platform/secret-box.ts";
import type { Store } from "../platform/store/database.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import type { AwsCredentials } from "./aws-identity.ts";
import {
  ENDED_LOGINS_CHECK_MS,
  IDENTITIES_PER_LOGIN_MAX,
  LAST_SEEN_STEP_MS,
  LOGINS_MAX,
  LOGINS_PER_PERSON_MAX,
  type Login,
  Logins,
} from "./logins.ts";
import type { Person } from "./person.ts";
import type { SignInMethod, SignInMode } from "./signed-in-identity.ts";

const DANA: Person = { account: "1", userId: "AIDADANA", arn: "a", name: "dana", role: "IAM user", proven: true };
const KOFI: Person = { ...DANA, userId: "AIDAKOFI", name: "kofi" };
const EVE: Person = { ...DANA, userId: "AROA:eve", name: "eve", role: "Operator", proven: false };
const KEYS = { accessKeyId: "AKIACANARY", secretAccessKey: "secret-canary", sessionToken: "token-canary" };
const SIGN_IN_HOURS = 12;

let directory: string;
let store: Store;
let clock: FakeClock;
let box: SecretBox;
let boxKey: Buffer;
let logins: Logins;
let ended: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-logins-"));
  store = await openSqliteStore(join(directory, "causeway.db"));
  clock = new FakeClock();
  boxKey = randomBytes(32);
  box = new SecretBox(boxKey, randomBytes);
  ended = [];
  logins = make();
});
afterEach(async () => {
  logins.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function make(): Logins {
  const log = createLog("silent", () => undefined);
  const made = new Logins({ database: store.database, box, clock, randomBytes, log, signInHours: SIGN_IN_HOURS });
  made.onEnded((loginId) => ended.push(loginId));
  return made;
}
const FROM = { ip: "192.0.2.1", device: "Firefox on Linux" };
const signIn = (
  previous: Login | undefined,
  person: Person,
  credentials: AwsCredentials,
  method: SignInMethod = "access-keys",
  how: SignInMode = "replace",
) => logins.signIn(previous, { person, credentials, method }, how, FROM);
const identityOf = (login: Login | undefined) => login?.identities[0];
const rows = () => store.database.selectFrom("logins").selectAll().execute();
const identityRows = () => store.database.selectFrom("login_identities").selectAll().orderBy("position").execute();

test("a cookie stands for the person until it is signed out; only its hash is stored", async () => {
  const { cookie, login } = await signIn(undefined, DANA, KEYS, "access-keys");
  expect(identityOf(await logins.resolve(cookie))).toMatchObject({
    name: "dana",
    loginId: login.id,
    ownerKey: "1/AIDADANA",
  });
  expect(JSON.stringify(await rows())).not.toContain(cookie);
  expect(await logins.signOut(login, "LOGIN_SIGNED_OUT")).toBeUndefined();
  expect(await logins.resolve(cookie)).toBeUndefined();
  expect([ended, await rows(), await identityRows()]).toEqual([[login.id], [], []]);
});

test("credentials are sealed in the store, and open only through the identity", async () => {
  const { login } = await signIn(undefined, DANA, KEYS, "access-keys");
  expect(JSON.stringify([await rows(), await identityRows()])).not.toContain("canary");
  expect(await identityOf(login)?.credentials()).toEqual(KEYS);
});

test("a planted cookie is worth nothing after sign-in", async () => {
  const planted = await logins.launch(undefined, FROM);
  const { cookie, login } = await signIn(planted.login, DANA, KEYS, "access-keys");
  expect(cookie).not.toBe(planted.cookie);
  expect(login.id).not.toBe(planted.login.id);
  expect(await logins.resolve(planted.cookie)).toBeUndefined();
});

test("a launched browser stays launched over sign-in and sign-out, under a new cookie each time", async () => {
  const launched = await logins.launch(undefined, FROM);
  const signedIn = await signIn(launched.login, DANA, KEYS, "ready-made");
  expect(signedIn.login.launched).toBe(true);
  const signedOut = await logins.signOut(signedIn.login, "LOGIN_SIGNED_OUT");
  expect(signedOut?.login).toMatchObject({ launched: true });
  expect(identityOf(signedOut?.login)).toBeUndefined();
  expect(await logins.resolve(signedIn.cookie)).toBeUndefined();
  expect(await logins.resolve(signedOut?.cookie)).toMatchObject({ launched: true });
});

test("a signed-in browser that follows a fresh link stays signed in", async () => {
  const { login } = await signIn(undefined, DANA, KEYS, "access-keys");
  const launched = await logins.launch(login, FROM);
  expect(launched.login).toMatchObject({ id: login.id, launched: true, identities: [{ name: "dana" }] });
  expect(await identityOf(launched.login)?.credentials()).toEqual(KEYS);
});

test("an unproven person who signs in again in the same browser still owns what she began", async () => {
  const first = await signIn(undefined, EVE, KEYS, "access-keys");
  const again = await signIn(first.login, EVE, { ...KEYS, sessionToken: "fresh" }, "access-keys");
  expect(identityOf(again.login)?.ownerKey).toBe(identityOf(first.login)?.ownerKey);
  expect(await identityOf(first.login)?.credentials()).toMatchObject({ sessionToken: "fresh" });
  expect(await logins.resolve(first.cookie)).toBeUndefined();
  expect(ended).toEqual([]);
});

test("an unproven person from another browser is somebody else", async () => {
  const [first, second] = [
    await signIn(undefined, EVE, KEYS, "access-keys"),
    await signIn(undefined, EVE, KEYS, "access-keys"),
  ];
  expect(identityOf(first.login)?.ownerKey).not.toBe(identityOf(second.login)?.ownerKey);
});

test("another person in the same browser ends the login before", async () => {
  const dana = await signIn(undefined, DANA, KEYS, "access-keys");
  const kofi = await signIn(dana.login, KOFI, KEYS, "access-keys");
  expect(ended).toEqual([dana.login.id]);
  expect(kofi.login.id).not.toBe(dana.login.id);
  await expect(identityOf(dana.login)?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("after signing out of one browser, the proven person's other browser still gives credentials", async () => {
  const first = await signIn(undefined, DANA, KEYS, "access-keys");
  const second = await signIn(undefined, DANA, { ...KEYS, sessionToken: "second" }, "access-keys");
  expect(await logins.hasOtherLogin(first.login.id, "1/AIDADANA")).toBe(true);
  await logins.signOut(first.login, "LOGIN_SIGNED_OUT");
  expect(await identityOf(first.login)?.credentials()).toMatchObject({ sessionToken: "second" });
  await logins.signOut(second.login, "LOGIN_SIGNED_OUT");
  await expect(identityOf(first.login)?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("expired credentials are said as such, and usable ones of another browser are taken instead", async () => {
  const expiring = { ...KEYS, expiresAtMs: clock.nowMs() + 1_000 };
  const { login } = await signIn(undefined, DANA, expiring, "access-keys");
  clock.advance(1_000);
  await expect(identityOf(login)?.credentials()).rejects.toMatchObject({ code: "CREDENTIALS_EXPIRED" });
  await signIn(undefined, DANA, KEYS, "access-keys");
  expect(await identityOf(login)?.credentials()).toEqual(KEYS);
});

test("a login ends at its longest duration: cookie, credentials and row, and its sockets are closed", async () => {
  const { cookie, login } = await signIn(undefined, DANA, KEYS, "access-keys");
  clock.advance(SIGN_IN_HOURS * 3_600_000 - 1);
  expect(await logins.resolve(cookie)).toBeDefined();
  clock.advance(1);
  expect(await logins.resolve(cookie)).toBeUndefined();
  await expect(identityOf(login)?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  await logins.deleteEnded();
  expect([ended, await rows()]).toEqual([[login.id], []]);
});

test("ended logins are looked for every second, and no longer after closing", async () => {
  await signIn(undefined, DANA, KEYS, "access-keys");
  logins.start();
  await expect.poll(() => clock.pendingTimers).toBe(1);
  clock.advance(SIGN_IN_HOURS * 3_600_000);
  await expect.poll(() => clock.pendingTimers).toBe(1);
  clock.advance(ENDED_LOGINS_CHECK_MS);
  await expect.poll(() => [ended.length, clock.pendingTimers]).toEqual([1, 1]);
  logins.close();
  clock.advance(ENDED_LOGINS_CHECK_MS);
  expect(clock.pendingTimers).toBe(0);
});

test("one more browser than a person may have signs the oldest out", async () => {
  const issued = [];
  for (let count = 0; count <= LOGINS_PER_PERSON_MAX; count++) {
    issued.push(await signIn(undefined, DANA, KEYS, "access-keys"));
    clock.advance(1);
  }
  expect(await rows()).toHaveLength(LOGINS_PER_PERSON_MAX);
  expect(ended).toEqual([issued[0]?.login.id]);
  expect(await logins.resolve(issued[0]?.cookie)).toBeUndefined();
  expect(await logins.resolve(issued[1]?.cookie)).toBeDefined();
});

test("with another key, or a changed row, nobody gets credentials: sign in again", async () => {
  const { login } = await signIn(undefined, DANA, KEYS, "access-keys");
  box = new SecretBox(randomBytes(32), randomBytes);
  const other = make();
  const { cookie } = await other.launch(login, FROM);
  const reopened = await other.resolve(cookie);
  await expect(identityOf(reopened)?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("sealed credentials copied into another person's row do not open there", async () => {
  const dana = await signIn(undefined, DANA, KEYS, "access-keys");
  const kofi = await signIn(undefined, KOFI, { ...KEYS, accessKeyId: "AKIAKOFI" }, "access-keys");
  const sealed = (await identityRows()).find((row) => row.login_id === dana.login.id)?.credentials ?? "";
  const change = store.database.updateTable("login_identities").set({ credentials: sealed });
  await change.where("login_id", "=", kofi.login.id).execute();
  await expect(identityOf(kofi.login)?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("a restarted server knows the same cookies", async () => {
  const { cookie } = await signIn(undefined, DANA, KEYS, "access-keys");
  expect(identityOf(await make().resolve(cookie))?.name).toBe("dana");
});

const add = (previous: Login, person: Person, credentials: AwsCredentials = KEYS) =>
  signIn(previous, person, credentials, "access-keys", "add");

test("a further identity stands beside the first, under a new cookie and the same login", async () => {
  const first = await signIn(undefined, DANA, KEYS);
  const both = await add(first.login, KOFI, { ...KEYS, accessKeyId: "AKIAKOFI" });
  expect(both.login.id).toBe(first.login.id);
  expect(both.cookie).not.toBe(first.cookie);
  expect(await logins.resolve(first.cookie)).toBeUndefined();
  const identities = (await logins.resolve(both.cookie))?.identities ?? [];
  expect(identities.map(({ name }) => name)).toEqual(["dana", "kofi"]);
  expect(await Promise.all(identities.map(async (each) => (await each.credentials()).accessKeyId))).toEqual([
    KEYS.accessKeyId,
    "AKIAKOFI",
  ]);
  expect(ended).toEqual([]);
});

test("the same person and role again are renewed in place, and keep their id and their place", async () => {
  const { login } = await add((await signIn(undefined, EVE, KEYS)).login, KOFI);
  const renewed = await add(login, EVE, { ...KEYS, sessionToken: "fresh" });
  expect(renewed.login.identities.map(({ identityId }) => identityId)).toEqual(
    login.identities.map(({ identityId }) => identityId),
  );
  expect(await identityOf(login)?.credentials()).toMatchObject({ sessionToken: "fresh" });
  expect(ended).toEqual([]);
});

test("a further identity does not make the others' login last longer; the only one's does", async () => {
  const { login } = await signIn(undefined, DANA, KEYS);
  clock.advance(3_600_000);
  const both = await add(login, KOFI);
  expect(both.login.endsAtMs).toBe(login.endsAtMs);
  const alone = await signIn(both.login, DANA, KEYS);
  expect(alone.login.endsAtMs).toBe(clock.nowMs() + SIGN_IN_HOURS * 3_600_000);
});

test("adding to a browser that nobody is signed in from signs in", async () => {
  const launched = await logins.launch(undefined, FROM);
  expect((await add(launched.login, DANA)).login).toMatchObject({ launched: true, identities: [{ name: "dana" }] });
});

test("signing in instead of several identities ends the others, in their own words to the listener", async () => {
  const { login } = await add((await signIn(undefined, DANA, KEYS)).login, KOFI);
  const told: string[][] = [];
  logins.onEnded((id, owners) => told.push([id, ...owners]));
  const { login: after } = await signIn(login, DANA, KEYS);
  expect(after.id).toBe(login.id);
  expect(after.identities.map(({ name }) => name)).toEqual(["dana"]);
  expect(told).toEqual([[login.id, "1/AIDAKOFI"]]);
});

test("two identities added at the same moment are both there, though only one cookie survives", async () => {
  const { login } = await signIn(undefined, DANA, KEYS);
  const [a, b] = await Promise.all([add(login, KOFI), add(login, EVE)]);
  const living = (await logins.resolve(a.cookie)) ?? (await logins.resolve(b.cookie));
  expect(living?.identities.map(({ name }) => name).sort()).toEqual(["dana", "eve", "kofi"]);
});

test("one identity more than a login may hold is refused, and a renewal at the bound is not", async () => {
  let { login } = await signIn(undefined, DANA, KEYS);
  for (let count = 1; count < IDENTITIES_PER_LOGIN_MAX; count++)
    login = (await add(login, { ...KOFI, userId: `AIDA${count}` })).login;
  await expect(add(login, EVE)).rejects.toMatchObject({ code: "IDENTITIES_LIMIT_REACHED" });
  expect((await add(login, DANA)).login.identities).toHaveLength(IDENTITIES_PER_LOGIN_MAX);
});

test("an identity that is forgotten takes its credentials along, and the login with the last one", async () => {
  const { login, cookie } = await add((await signIn(undefined, DANA, KEYS)).login, KOFI);
  await logins.forget(login, ({ name }) => name === "dana", "LOGIN_ENDED_BY_ADMIN");
  await expect(identityOf(login)?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  const left = await logins.resolve(cookie);
  expect(left?.identities.map(({ name }) => name)).toEqual(["kofi"]);
  await logins.forget(left as Login, () => true, "LOGIN_ENDED_BY_ADMIN");
  expect([await logins.resolve(cookie), await rows(), await identityRows()]).toEqual([undefined, [], []]);
});

test("a login says from where it came and when it was last used, to the minute", async () => {
  const { cookie, login } = await signIn(undefined, DANA, KEYS);
  expect(login).toMatchObject({ ...FROM, lastSeenAtMs: clock.nowMs() });
  clock.advance(LAST_SEEN_STEP_MS - 1);
  await logins.resolve(cookie);
  expect((await logins.resolve(cookie))?.lastSeenAtMs).toBe(login.lastSeenAtMs);
  clock.advance(1);
  await logins.resolve(cookie);
  expect((await logins.resolve(cookie))?.lastSeenAtMs).toBe(clock.nowMs());
});

test("at the bound of all logins nobody new gets in, and is told so; an ended one makes room", async () => {
  const first = await signIn(undefined, DANA, KEYS);
  const [row] = await rows();
  if (row === undefined) throw new Error("no login was stored");
  for (let stored = 1; stored < LOGINS_MAX; stored += 500) {
    const count = Math.min(500, LOGINS_MAX - stored);
    const values = Array.from({ length: count }, (_, n) => ({
      ...row,
      id: `other-${stored + n}`,
      cookie_hash: `hash-${stored + n}`,
      ends_at: Number(row.ends_at) + 60_000,
    }));
    await store.database.insertInto("logins").values(values).execute();
  }
  await expect(signIn(undefined, KOFI, KEYS)).rejects.toMatchObject({ code: "LOGINS_LIMIT_REACHED" });
  await expect(logins.launch(undefined, FROM)).rejects.toMatchObject({ code: "LOGINS_LIMIT_REACHED" });
  expect(identityOf(await logins.resolve(first.cookie))?.name).toBe("dana");
  clock.advance(SIGN_IN_HOURS * 3_600_000); // dana's has ended
  expect((await signIn(undefined, KOFI, KEYS)).login.identities[0]?.name).toBe("kofi");
});

test("a session's owner acts by the login that began it, else by her newest, else not until she signs in", async () => {
  const began = await signIn(undefined, DANA, KEYS);
  clock.advance(1);
  const newest = await signIn(undefined, DANA, { ...KEYS, accessKeyId: "AKIANEWEST" });
  const owner = { loginId: began.login.id, ownerKey: "1/AIDADANA", account: "1" };
  expect((await logins.ofOwner(owner)).loginId).toBe(began.login.id);
  expect((await logins.ofOwner({ ...owner, loginId: "long gone" })).loginId).toBe(newest.login.id);
  await logins.signOut(began.login, "LOGIN_SIGNED_OUT");
  await logins.signOut(newest.login, "LOGIN_SIGNED_OUT");
  const absent = await logins.ofOwner(owner);
  expect(absent).toMatchObject({ loginId: began.login.id, ownerKey: "1/AIDADANA", arn: "" });
  await expect(absent.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("with a new key first and the old one kept, everybody stays signed in, and is sealed anew at the start", async () => {
  const { cookie } = await signIn(undefined, DANA, KEYS);
  const [old, fresh] = [boxKey, randomBytes(32)];
  box = new SecretBox(fresh, randomBytes, [old]);
  const rotated = make();
  expect(await identityOf(await rotated.resolve(cookie))?.credentials()).toEqual(KEYS);
  expect([await rotated.rewrap(), await rotated.rewrap()]).toEqual([1, 0]);
  box = new SecretBox(fresh, randomBytes);
  expect(await identityOf(await make().resolve(cookie))?.credentials()).toEqual(KEYS);
});
