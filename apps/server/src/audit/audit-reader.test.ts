/** However many events are kept, one question looks at a bounded number of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { createLog } from "../platform/logger.ts";
import { createMetrics } from "../platform/metrics.ts";
import type { Store } from "../platform/store/database.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import type { AuditEntry } from "./audit-events.ts";
import { AuditReader } from "./audit-reader.ts";
import { AuditWriter } from "./audit-writer.ts";

const ENTRY: AuditEntry = { event: "sign_out", ownerKey: "o", name: "dana", account: "1", ip: "::1", requestId: "r" };
const SCANNED = 10;

let directory: string;
let store: Store;
let clock: FakeClock;
let audit: AuditWriter;
let reader: AuditReader;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-audit-"));
  store = await openSqliteStore(join(directory, "causeway.db"));
  clock = new FakeClock();
  const log = createLog("silent", () => undefined);
  audit = new AuditWriter({ database: store.database, clock, log, metrics: createMetrics() });
  await audit.open();
  reader = new AuditReader(store.database, SCANNED);
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** One event a minute, oldest first. */
async function write(names: readonly string[]): Promise<void> {
  for (const name of names) {
    clock.advance(60_000);
    await audit.write({ ...ENTRY, name });
  }
}
const crowd = (count: number) => Array.from({ length: count }, () => "crowd");

test("what lies beyond the events of one question is found by the next ones, each once and in order", async () => {
  await write(["dana", ...crowd(12), "dana", ...crowd(12)]);
  const found = [];
  let before: string | undefined;
  let questions = 0;
  do {
    const { events, next } = await reader.page({ q: "dana" }, before, 5);
    found.push(...events);
    before = next;
    questions++;
  } while (before !== undefined);
  expect(found.map(({ name }) => name)).toEqual(["dana", "dana"]);
  expect(found[0]?.at).toBeGreaterThan(found[1]?.at ?? 0);
  expect(questions).toBe(3);
});

test("exactly as many events as one question looks at leave nothing to go on with", async () => {
  await write(crowd(SCANNED));
  expect(await reader.page({ q: "nobody" }, undefined, 5)).toEqual({ events: [], next: undefined });
  expect(await reader.count({})).toEqual({ total: SCANNED, isExact: true });
  await write(["crowd"]);
  expect((await reader.page({ q: "nobody" }, undefined, 5)).next).toBeDefined();
  expect(await reader.count({})).toEqual({ total: SCANNED, isExact: false });
});

test("a time that was asked for is all that is looked at, also where the clock was set back", async () => {
  await write(crowd(30));
  clock.advance(-3_600_000);
  await audit.write({ ...ENTRY, name: "early by the clock" });
  const now = clock.nowMs();
  const from = String(now - 1);
  const { events } = await reader.page({ from, to: String(now + 1) }, undefined, 5);
  expect(events.map(({ name }) => name)).toEqual(["early by the clock"]);
});

test("a search finds role, device and the instance's name, and an event says them", async () => {
  await audit.write({ ...ENTRY, role: "SRE-Operator", device: "Firefox on Linux", instanceName: "checkout-api-04" });
  await audit.write(ENTRY);
  for (const q of ["sre-operator", "firefox linux", "checkout"]) {
    const { events } = await reader.page({ q }, undefined, 5);
    expect(events).toMatchObject([
      { role: "SRE-Operator", device: "Firefox on Linux", instanceName: "checkout-api-04" },
    ]);
  }
});

test("the picture counts what is asked for, and says where it stopped counting", async () => {
  await write([...crowd(5), "dana", "dana"]);
  const whole = await reader.activity({ q: "dana" }, clock.nowMs() + 1);
  expect(whole.steps.reduce((sum, { events }) => sum + events, 0)).toBe(2);
  expect([whole.people, whole.accounts, whole.countedFrom]).toEqual([["crowd", "dana"], ["1"], undefined]);
  await write(crowd(10));
  const cut = await reader.activity({}, clock.nowMs() + 1);
  expect(cut.countedFrom).toBe(clock.nowMs() - 9 * 60_000);
});

test("whoever listens is told of each event that was written, and of none that was not", async () => {
  let told = 0;
  const stop = audit.onWritten(() => told++);
  await audit.write(ENTRY);
  await store.database.schema.alterTable("audit_events").renameTo("hidden").execute();
  await audit.write(ENTRY);
  await store.database.schema.alterTable("hidden").renameTo("audit_events").execute();
  expect(told).toBe(1);
  stop();
  await audit.write(ENTRY);
  expect(told).toBe(1);
});
