import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../platform/store/database.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import { SessionStore } from "./session-store.ts";

const FACTS = {
  id: "session-1",
  awsSessionId: "dana-0123456789abcdef0",
  ownerKey: "111122223333/AIDADANA",
  loginId: "login-1",
  account: "111122223333",
  region: "eu-west-1",
  instanceId: "i-0123456789abcdef0",
  instanceName: "web-1",
  documentName: undefined,
  startedAtMs: 1_000,
};

let folder: string;
let store: Store;
let sessions: SessionStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "causeway-store-"));
  store = await openSqliteStore(join(folder, "causeway.db"));
  sessions = new SessionStore(store.database);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
const rows = () => store.database.selectFrom("sessions").selectAll().orderBy("id").execute();

test("a session is recorded at its start and closed once at its end", async () => {
  await sessions.recordStart(FACTS);
  expect(await rows()).toMatchObject([
    { id: "session-1", owner_key: FACTS.ownerKey, ended_at: null, document_name: null },
  ]);
  await sessions.recordEnd("session-1", { by: "shell", at: 2_000 });
  await sessions.recordEnd("session-1", { by: "server", at: 3_000 });
  expect(await rows()).toMatchObject([{ ended_at: 2_000, end_json: '{"by":"shell","at":2000}' }]);
});

test("what an earlier server left: sessions without an end, and those that ended lately, as they were recorded", async () => {
  await sessions.recordStart(FACTS);
  await sessions.recordStart({ ...FACTS, id: "session-2" });
  await sessions.recordEnd("session-1", { by: "shell", at: 2_000 });
  expect(await sessions.left(1_999)).toEqual([
    { facts: FACTS, end: { by: "shell", at: 2_000 } },
    { facts: { ...FACTS, id: "session-2" }, end: undefined },
  ]);
  expect(await sessions.left(2_000)).toEqual([{ facts: { ...FACTS, id: "session-2" }, end: undefined }]);
});

test("which sessions of AWS were started here is known by account, region and AWS's id, ended or not", async () => {
  await sessions.recordStart(FACTS);
  await sessions.recordEnd("session-1", { by: "shell", at: 2_000 });
  const ids = [FACTS.awsSessionId, "dana-ffffffffffffffff0"];
  expect([...(await sessions.startedHere(FACTS.account, "eu-west-1", ids))]).toEqual([
    [FACTS.awsSessionId, FACTS.ownerKey],
  ]);
  expect((await sessions.startedHere(FACTS.account, "us-east-1", ids)).size).toBe(0);
  expect((await sessions.startedHere("999922223333", "eu-west-1", ids)).size).toBe(0);
  expect((await sessions.startedHere(FACTS.account, "eu-west-1", [])).size).toBe(0);
});
