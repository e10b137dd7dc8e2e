import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditEntry } from "../audit/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { SecretBox } from "../platform/secret-box.ts";
import type { Store } from "../platform/store/database.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import type { AwsCredentials } from "./aws-identity.ts";
import { CredentialRenewals, RENEWAL_CHECK_MS, RENEWAL_TRIES_MAX, RENEWAL_WAIT_MS } from "./credential-renewals.ts";
import { type Login, Logins } from "./logins.ts";
import type { CredentialRenewer, RenewalMaterial } from "./signed-in-identity.ts";

const DANA = { account: "1", userId: "AROA:dana", arn: "arn", name: "dana", role: "SRE", proven: true };
const LIFE_MS = 1_000_000;
const MATERIAL = { kind: "identity-center", refreshToken: "refresh-canary" } as const;

/** What the provider does next; counts how often it is asked at the same time. */
class FakeRenewer implements CredentialRenewer {
  asked: RenewalMaterial[] = [];
  askedAtMs: number[] = [];
  atOnce = 0;
  atOnceMax = 0;
  failure: CatalogError | undefined;
  hold: Promise<void> | undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async renew(material: RenewalMaterial) {
    this.asked.push(material);
    this.askedAtMs.push(this.#clock.nowMs());
    this.atOnceMax = Math.max(this.atOnceMax, ++this.atOnce);
    try {
      await this.hold;
      if (this.failure) throw this.failure;
      return {
        credentials: keys(`renewed-${this.asked.length}`, this.#clock.nowMs() + LIFE_MS),
        renewal: { ...MATERIAL, refreshToken: `rotated-${this.asked.length}` },
      };
    } finally {
      this.atOnce--;
    }
  }
}

const keys = (name: string, expiresAtMs: number): AwsCredentials => ({
  accessKeyId: name,
  secretAccessKey: "secret",
  sessionToken: "token",
  expiresAtMs,
});

let directory: string;
let store: Store;
let clock: FakeClock;
let logins: Logins;
let renewals: CredentialRenewals;
let renewer: FakeRenewer;
let audit: AuditEntry[];
let renewed: string[];
let caller: { account: string; userId: string; arn: string };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-renewals-"));
  store = await openSqliteStore(join(directory, "causeway.db"));
  clock = new FakeClock();
  const box = new SecretBox(randomBytes(32), randomBytes);
  const log = createLog("silent", () => undefined);
  logins = new Logins({ database: store.database, box, clock, randomBytes, log, signInHours: 12 });
  renewer = new FakeRenewer(clock);
  audit = [];
  renewed = [];
  caller = { account: "1", userId: "AROA:dana", arn: "arn" };
  renewals = new CredentialRenewals({
    database: store.database,
    box,
    clock,
    log,
    random: () => 0.5,
    renewers: { "identity-center": renewer },
    audit: { write: async (entry) => void audit.push(entry) },
    callerIdentity: async () => caller,
    onRenewed: async ({ ownerKey }) => void renewed.push(ownerKey),
  });
});
afterEach(async () => {
  renewals.close();
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function signedIn(): Promise<Login> {
  const credentials = keys("first", clock.nowMs() + LIFE_MS);
  const { login } = await logins.signIn(
    undefined,
    { person: DANA, credentials, method: "identity-center", renewal: MATERIAL },
    "replace",
    { ip: "", device: "" },
  );
  return login;
}
const keyOf = async (login: Login) => (await login.identities[0]?.credentials())?.accessKeyId;
const renewAt = async () =>
  (await store.database.selectFrom("login_identities").select("renew_at").executeTakeFirst())?.renew_at;
/** The first look is done, and the next one armed. */
async function begin(): Promise<void> {
  renewals.start();
  await expect.poll(() => clock.pendingTimers).toBe(1);
}
/** The next look is armed; what it finds may still be under way. */
async function look(): Promise<void> {
  clock.advance(RENEWAL_CHECK_MS);
  await expect.poll(() => clock.pendingTimers).toBe(1);
}
/** Time passes, and then it is looked. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await expect.poll(() => clock.pendingTimers).toBe(1);
  await look();
}

test("credentials are renewed at 80 % of their life, in place, and the material for the next time is kept", async () => {
  const login = await signedIn();
  await begin();
  await pass(LIFE_MS * 0.8 - 2 * RENEWAL_CHECK_MS);
  expect(renewer.asked).toEqual([]);
  await look();
  await expect.poll(() => renewed).toEqual(["1/AROA:dana"]);
  expect(await keyOf(login)).toBe("renewed-1");
  expect(renewer.asked).toEqual([MATERIAL]);
  await pass(LIFE_MS * 0.8);
  await expect.poll(() => renewed.length).toBe(2);
  expect(renewer.asked[1]).toMatchObject({ refreshToken: "rotated-1" });
  expect(audit.map(({ event }) => event)).toEqual(["credentials.renewed", "credentials.renewed"]);
});

test("neither the old nor the new material is readable in the store", async () => {
  await signedIn();
  const rows = JSON.stringify(await store.database.selectFrom("login_identities").selectAll().execute());
  expect(rows).not.toMatch(/refresh-canary|first/);
});

test("a provider that fails is asked again with growing waits, a bounded number of times, and then the person", async () => {
  const login = await signedIn();
  renewer.failure = new CatalogError("AWS_UNREACHABLE");
  await begin();
  await pass(LIFE_MS * 0.8);
  for (let tries = 1; tries < RENEWAL_TRIES_MAX; tries++) {
    await expect.poll(() => renewer.askedAtMs.length).toBe(tries);
    await expect.poll(async () => Number(await renewAt()) > (renewer.askedAtMs.at(-1) ?? 0)).toBe(true);
    await pass(RENEWAL_WAIT_MS * 2 ** (tries - 1));
  }
  await expect.poll(() => audit).toMatchObject([{ event: "credentials.not_renewed" }]);
  expect(await renewAt()).toBeNull();
  expect(renewer.asked).toHaveLength(RENEWAL_TRIES_MAX);
  const waitedMs = renewer.askedAtMs.slice(1).map((atMs, index) => atMs - (renewer.askedAtMs[index] ?? 0));
  for (const [index, ms] of waitedMs.entries()) expect(ms).toBeGreaterThanOrEqual(RENEWAL_WAIT_MS * 2 ** index);
  expect(await keyOf(login)).toBe("first");
});

test("when only the person can renew, the provider is not asked a second time", async () => {
  await signedIn();
  renewer.failure = new CatalogError("SIGN_IN_REQUIRED");
  await begin();
  await pass(LIFE_MS * 0.8);
  await expect.poll(renewAt).toBeNull();
  await look();
  expect(renewer.asked).toHaveLength(1);
});

test("credentials of somebody else are refused, whatever the provider says", async () => {
  const login = await signedIn();
  caller = { ...caller, userId: "AROA:eve" };
  await begin();
  await pass(LIFE_MS * 0.8);
  await expect.poll(renewAt).toBeNull();
  expect(await keyOf(login)).toBe("first");
  expect(renewed).toEqual([]);
});

/** The provider has been asked, and answers when the returned function is called. */
async function renewalUnderWay(): Promise<() => void> {
  let release = () => {};
  renewer.hold = new Promise((resolve) => {
    release = resolve;
  });
  await begin();
  await pass(LIFE_MS * 0.8);
  await expect.poll(() => renewer.asked.length).toBe(1);
  return () => release();
}

test("one renewal at a time per identity, and none is kept that comes after she signed in again", async () => {
  const login = await signedIn();
  const release = await renewalUnderWay();
  await look();
  await look();
  expect(renewer.atOnceMax).toBe(1);
  const again = {
    person: DANA,
    credentials: keys("again", clock.nowMs() + LIFE_MS),
    method: "identity-center",
  } as const;
  await logins.signIn(login, again, "add", { ip: "", device: "" });
  release();
  await expect.poll(() => renewer.atOnce).toBe(0);
  await look();
  expect(await keyOf(login)).toBe("again");
  expect(renewed).toEqual([]);
});

test("an identity that was signed out meanwhile stays so", async () => {
  const login = await signedIn();
  const release = await renewalUnderWay();
  await logins.signOut(login, "LOGIN_SIGNED_OUT");
  release();
  await expect.poll(() => renewer.atOnce).toBe(0);
  await look();
  expect(await store.database.selectFrom("login_identities").selectAll().execute()).toEqual([]);
  expect(audit).toEqual([]);
});
