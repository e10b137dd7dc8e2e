import { expect, test } from "vitest";
import { MARKS_MAX } from "./log-marks.ts";
import { MemorySessionLog, OUTPUT_BYTES_MAX } from "./memory-session-log.ts";
import { describeSessionLog } from "./session-log-contract.ts";

describeSessionLog("the session log in memory", async (size, keepBytes) => ({
  log: new MemorySessionLog(size, keepBytes),
  store: () => {},
  dispose: async () => {},
}));

test("keeps at most 8 MiB of output, and nearly all of it", () => {
  const log = new MemorySessionLog({ cols: 80, rows: 24 });
  const mebibyte = new Uint8Array(1024 * 1024);
  for (let n = 0; n < 12; n++) log.appendReceived(n, mebibyte, () => {});
  expect(log.headOffset - log.oldestOffset).toBeLessThanOrEqual(OUTPUT_BYTES_MAX);
  expect(log.headOffset - log.oldestOffset).toBeGreaterThan(OUTPUT_BYTES_MAX - 128 * 1024);
});

test("keeps a bounded number of sizes, and still knows the one in force", () => {
  const log = new MemorySessionLog({ cols: 80, rows: 24 });
  for (let n = 0; n < 3 * MARKS_MAX; n++) log.appendMark({ kind: "size", cols: 20 + (n % 400), rows: 24 });
  let marks = 0;
  let cursor = log.cursorAtOldest();
  for (let read = log.read(cursor, 1); read.kind === "mark"; read = log.read(cursor, 1)) {
    marks++;
    cursor = read.next;
  }
  expect(marks).toBe(MARKS_MAX);
  expect(log.sizeAt(0).cols).toBe(20 + ((3 * MARKS_MAX - 1) % 400));
});
