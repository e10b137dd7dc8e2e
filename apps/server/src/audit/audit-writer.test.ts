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
import { AuditWriter } from "./audit-writer.ts";

const ENTRY: AuditEntry = { event: "sign_out", ownerKey: "o", name: "dana", account: "1", ip: "::1", requestId: "r" };

let directory: string;
let store: Store;
let clock: FakeClock;
let logLines: string[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-audit-"));
  store = await openSqliteStore(join(directory, "causeway.db"));
  clock = new FakeClock();
  logLines = [];
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(): Promise<AuditWriter> {
  const log = createLog("info", (line) => logLines.push(line));
  const writer = new AuditWriter({ database: store.database, clock, log, metrics: createMetrics() });
  await writer.open();
  return writer;
}
const rows = () => store.database.selectFrom("audit_events").selectAll().orderBy("id").execute();

test("events keep the order they were written in, within one millisecond and when the clock jumps back", async () => {
  const audit = await open();
  await audit.write({ ...ENTRY, detail: "1" });
  await audit.write({ ...ENTRY, detail: "2" });
  clock.advance(-3_600_000);
  await audit.write({ ...ENTRY, detail: "3" });
  const reopened = await open();
  await reopened.write({ ...ENTRY, detail: "4" });
  clock.advance(7_200_000);
  await reopened.write({ ...ENTRY, detail: "5" });
  expect((await rows()).map(({ detail }) => detail)).toEqual(["1", "2", "3", "4", "5"]);
});

test("names from outside are cut and cannot break a line", async () => {
  const audit = await open();
  await audit.write({ ...ENTRY, name: `a\r\nb\u001b[31m${"x".repeat(300)}`, detail: "\u0000d" });
  const [row] = await rows();
  expect(row?.name).toBe(`ab[31m${"x".repeat(250)}`);
  expect(row?.detail).toBe("d");
});

test("an event that cannot be written is said and makes the server not ready, until one can be", async () => {
  const audit = await open();
  await store.database.schema.alterTable("audit_events").renameTo("hidden").execute();
  await audit.write(ENTRY);
  expect([audit.isFailing, logLines.length]).toEqual([true, 1]);
  await store.database.schema.alterTable("hidden").renameTo("audit_events").execute();
  await audit.write(ENTRY);
  expect([audit.isFailing, (await rows()).length]).toEqual([false, 1]);
});
