import { expect, test } from "vitest";
import { fakeIdentity } from "../test-support/fake-me.ts";
import { identityTroubles, isAnyRenewed, LOOK_EVERY_MS, nextLookMs } from "./identity-troubles.ts";

const usable = fakeIdentity();
const expired = fakeIdentity({ id: "identity-2", state: "expired", credentialsExpireAt: 5 });

test("identities whose credentials ended, or end soon, are named with when", () => {
  const expiring = fakeIdentity({ id: "identity-3", state: "expiring", credentialsExpireAt: 9 });
  expect(identityTroubles([usable, expired, expiring], [])).toEqual([
    { identity: expired, kind: "expired", atMs: 5 },
    { identity: expiring, kind: "expiring", atMs: 9 },
  ]);
});

test("credentials that AWS refuses for a list have ended, whatever was known of their end", () => {
  const ok = { ok: true as const };
  const problem = { type: "about:blank", title: "t", status: 401, code: "CREDENTIALS_EXPIRED" } as never;
  const status = { ec2: ok, ssm: { ok: false, problem } } as never;
  expect(identityTroubles([usable, expired], [{ identityId: usable.id, status }]).map(({ kind }) => kind)).toEqual([
    "expired",
    "expired",
  ]);
});

test("the next look is soon after credentials end, and never in a hurry", () => {
  const ends = (credentialsExpireAt: number, fields = {}) => fakeIdentity({ credentialsExpireAt, ...fields });
  expect(nextLookMs([usable], 0)).toBe(LOOK_EVERY_MS.most);
  expect(nextLookMs([ends(60_000, { renews: true })], 0)).toBe(61_000);
  expect(nextLookMs([ends(12 * 60_000)], 0)).toBe(2 * 60_000 + 1_000);
  expect(nextLookMs([ends(60_000, { state: "expiring" })], 0)).toBe(61_000);
  expect(nextLookMs([ends(1, { state: "expiring" })], 0)).toBe(LOOK_EVERY_MS.least);
  expect(nextLookMs([expired], 0)).toBe(LOOK_EVERY_MS.most);
  // renewed late: the server tries on
  expect(nextLookMs([ends(1, { state: "expired", renews: true })], 9_000)).toBe(LOOK_EVERY_MS.least);
});

test("later credentials of the same identity are a renewal; another identity's are not", () => {
  const ends = (credentialsExpireAt: number, id = "identity-1") => fakeIdentity({ id, credentialsExpireAt });
  expect(isAnyRenewed([ends(5)], [ends(9)])).toBe(true);
  expect(isAnyRenewed([ends(5)], [ends(5)])).toBe(false);
  expect(isAnyRenewed([ends(5)], [ends(5), ends(9, "identity-2")])).toBe(false);
});
