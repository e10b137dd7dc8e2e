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
import { ENDED_LOGINS_CHECK_MS, LOGINS_PER_PERSON_MAX, Logins } from "./logins.ts";
import type { Person } from "./person.ts";

const DANA: Person = { account: "1", userId: "AIDADANA", arn: "a", name: "dana", role: "IAM user", proven: true };
const KOFI: Person = { ...DANA, userId: "AIDAKOFI", name: "kofi" };
const EVE: Person = { ...DANA, userId: "AROA:eve", name: "eve", role: "Operator", proven: false };
const KEYS = { accessKeyId: "AKIACANARY", secretAccessKey: "secret-canary", sessionToken: "token-canary" };
const SIGN_IN_HOURS = 12;

let directory: string;
let store: Store;
let clock: FakeClock;
let box: SecretBox;
let logins: Logins;
let ended: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-logins-"));
  store = await openSqliteStore(join(directory, "causeway.db"));
  clock = new FakeClock();
  box = new SecretBox(randomBytes(32), randomBytes);
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
const rows = () => store.database.selectFrom("logins").selectAll().execute();

test("a cookie stands for the person until it is signed out; only its hash is stored", async () => {
  const { cookie, login } = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  expect((await logins.resolve(cookie))?.identity).toMatchObject({
    name: "dana",
    loginId: login.id,
    ownerKey: "1/AIDADANA",
  });
  expect(JSON.stringify(await rows())).not.toContain(cookie);
  expect(await logins.signOut(login)).toBeUndefined();
  expect(await logins.resolve(cookie)).toBeUndefined();
  expect([ended, await rows()]).toEqual([[login.id], []]);
});

test("credentials are sealed in the store, and open only through the identity", async () => {
  const { login } = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  expect(JSON.stringify(await rows())).not.toContain("canary");
  expect(await login.identity?.credentials()).toEqual(KEYS);
});

test("a planted cookie is worth nothing after sign-in", async () => {
  const planted = await logins.launch(undefined);
  const { cookie, login } = await logins.signIn(planted.login, DANA, KEYS, "access-keys");
  expect(cookie).not.toBe(planted.cookie);
  expect(login.id).not.toBe(planted.login.id);
  expect(await logins.resolve(planted.cookie)).toBeUndefined();
});

test("a launched browser stays launched over sign-in and sign-out, under a new cookie each time", async () => {
  const launched = await logins.launch(undefined);
  const signedIn = await logins.signIn(launched.login, DANA, KEYS, "ready-made");
  expect(signedIn.login.launched).toBe(true);
  const signedOut = await logins.signOut(signedIn.login);
  expect(signedOut?.login).toMatchObject({ launched: true });
  expect(signedOut?.login.identity).toBeUndefined();
  expect(await logins.resolve(signedIn.cookie)).toBeUndefined();
  expect(await logins.resolve(signedOut?.cookie)).toMatchObject({ launched: true });
});

test("a signed-in browser that follows a fresh link stays signed in", async () => {
  const { login } = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  const launched = await logins.launch(login);
  expect(launched.login).toMatchObject({ id: login.id, launched: true, identity: { name: "dana" } });
  expect(await launched.login.identity?.credentials()).toEqual(KEYS);
});

test("an unproven person who signs in again in the same browser still owns what she began", async () => {
  const first = await logins.signIn(undefined, EVE, KEYS, "access-keys");
  const again = await logins.signIn(first.login, EVE, { ...KEYS, sessionToken: "fresh" }, "access-keys");
  expect(again.login.identity?.ownerKey).toBe(first.login.identity?.ownerKey);
  expect(await first.login.identity?.credentials()).toMatchObject({ sessionToken: "fresh" });
  expect(await logins.resolve(first.cookie)).toBeUndefined();
  expect(ended).toEqual([]);
});

test("an unproven person from another browser is somebody else", async () => {
  const [first, second] = [
    await logins.signIn(undefined, EVE, KEYS, "access-keys"),
    await logins.signIn(undefined, EVE, KEYS, "access-keys"),
  ];
  expect(first.login.identity?.ownerKey).not.toBe(second.login.identity?.ownerKey);
});

test("another person in the same browser ends the login before", async () => {
  const dana = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  const kofi = await logins.signIn(dana.login, KOFI, KEYS, "access-keys");
  expect(ended).toEqual([dana.login.id]);
  expect(kofi.login.id).not.toBe(dana.login.id);
  await expect(dana.login.identity?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("after signing out of one browser, the proven person's other browser still gives credentials", async () => {
  const first = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  const second = await logins.signIn(undefined, DANA, { ...KEYS, sessionToken: "second" }, "access-keys");
  expect(await logins.hasOtherLogin(first.login)).toBe(true);
  await logins.signOut(first.login);
  expect(await first.login.identity?.credentials()).toMatchObject({ sessionToken: "second" });
  await logins.signOut(second.login);
  await expect(first.login.identity?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("expired credentials are said as such, and usable ones of another browser are taken instead", async () => {
  const expiring = { ...KEYS, expiresAtMs: clock.nowMs() + 1_000 };
  const { login } = await logins.signIn(undefined, DANA, expiring, "access-keys");
  clock.advance(1_000);
  await expect(login.identity?.credentials()).rejects.toMatchObject({ code: "CREDENTIALS_EXPIRED" });
  await logins.signIn(undefined, DANA, KEYS, "access-keys");
  expect(await login.identity?.credentials()).toEqual(KEYS);
});

test("a login ends at its longest duration: cookie, credentials and row, and its sockets are closed", async () => {
  const { cookie, login } = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  clock.advance(SIGN_IN_HOURS * 3_600_000 - 1);
  expect(await logins.resolve(cookie)).toBeDefined();
  clock.advance(1);
  expect(await logins.resolve(cookie)).toBeUndefined();
  await expect(login.identity?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  await logins.deleteEnded();
  expect([ended, await rows()]).toEqual([[login.id], []]);
});

test("ended logins are looked for every second, and no longer after closing", async () => {
  await logins.signIn(undefined, DANA, KEYS, "access-keys");
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
    issued.push(await logins.signIn(undefined, DANA, KEYS, "access-keys"));
    clock.advance(1);
  }
  expect(await rows()).toHaveLength(LOGINS_PER_PERSON_MAX);
  expect(ended).toEqual([issued[0]?.login.id]);
  expect(await logins.resolve(issued[0]?.cookie)).toBeUndefined();
  expect(await logins.resolve(issued[1]?.cookie)).toBeDefined();
});

test("with another key, or a changed row, nobody gets credentials: sign in again", async () => {
  const { login } = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  box = new SecretBox(randomBytes(32), randomBytes);
  const other = make();
  const { cookie } = await other.launch(login);
  const reopened = await other.resolve(cookie);
  await expect(reopened?.identity?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("sealed credentials copied into another person's row do not open there", async () => {
  const dana = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  const kofi = await logins.signIn(undefined, KOFI, { ...KEYS, accessKeyId: "AKIAKOFI" }, "access-keys");
  const sealed = (await rows()).find(({ id }) => id === dana.login.id)?.credentials ?? null;
  await store.database.updateTable("logins").set({ credentials: sealed }).where("id", "=", kofi.login.id).execute();
  await expect(kofi.login.identity?.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
});

test("a restarted server knows the same cookies", async () => {
  const { cookie } = await logins.signIn(undefined, DANA, KEYS, "access-keys");
  expect((await make().resolve(cookie))?.identity?.name).toBe("dana");
});
