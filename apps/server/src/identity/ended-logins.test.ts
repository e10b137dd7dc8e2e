import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../platform/store/database.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import { ENDED_LOGIN_TOLD_MS, ENDED_LOGINS_MAX, EndedLogins } from "./ended-logins.ts";

let directory: string;
let store: Store;
let ended: EndedLogins;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-ended-"));
  store = await openSqliteStore(join(directory, "causeway.db"));
  ended = new EndedLogins(store.database);
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});
const count = async () => (await store.database.selectFrom("ended_logins").selectAll().execute()).length;

test("the last word about a cookie is the one that is told", async () => {
  await ended.record("hash", "LOGIN_SIGNED_OUT", 1_000);
  await ended.record("hash", "LOGIN_ENDED_DISABLED", 2_000);
  expect([await ended.whyOf("hash", 2_000), await ended.whyOf("other", 2_000)]).toEqual([
    "LOGIN_ENDED_DISABLED",
    undefined,
  ]);
});

test("what is told no more goes with the next login that ends", async () => {
  await ended.record("first", "LOGIN_EXPIRED", 1_000);
  await ended.record("second", "LOGIN_EXPIRED", 1_000 + ENDED_LOGIN_TOLD_MS);
  expect(await count()).toBe(1);
});

test("a code that an older server does not know is told as nothing", async () => {
  await store.database
    .insertInto("ended_logins")
    .values({ cookie_hash: "hash", code: "LOGIN_ENDED_BY_COMET", ended_at: 1_000 })
    .execute();
  expect(await ended.whyOf("hash", 1_000)).toBeUndefined();
});

test("at the bound the login that ended first is forgotten", async () => {
  for (let at = 0; at < ENDED_LOGINS_MAX; at += 500) {
    const values = Array.from({ length: 500 }, (_, n) => ({
      ...{ cookie_hash: `hash-${at + n}`, code: "LOGIN_EXPIRED", ended_at: 1_000 + at + n },
    }));
    await store.database.insertInto("ended_logins").values(values).execute();
  }
  const nowMs = 1_000 + ENDED_LOGINS_MAX;
  await ended.record("newest", "LOGIN_SIGNED_OUT", nowMs);
  const told = ["hash-0", "hash-1", "newest"].map((hash) => ended.whyOf(hash, nowMs));
  expect([await Promise.all(told), await count()]).toEqual([
    [undefined, "LOGIN_EXPIRED", "LOGIN_SIGNED_OUT"],
    ENDED_LOGINS_MAX,
  ]);
});
