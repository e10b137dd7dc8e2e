import { expect, test } from "vitest";
import { AWAITED_VOLUME_BYTES, checkpointNeed, REST_MS, VOLUME_BYTES, WORTH_BYTES_MIN } from "./checkpoint-need.ts";

const KEEP = 64 * 1024 * 1024;
const at = (fresh: number, keepBytes = KEEP, isAwaited = false) => ({
  coveredTo: 1_000,
  headOffset: 1_000 + fresh,
  lastOutputMs: 50,
  keepBytes,
  isAwaited,
});

test("less than a page's window is not worth a checkpoint", () => {
  expect(checkpointNeed(at(WORTH_BYTES_MIN - 1), 50 + 10 * REST_MS)).toEqual({ kind: "none" });
});

test("more is, once the output rests", () => {
  expect(checkpointNeed(at(WORTH_BYTES_MIN), 50 + REST_MS - 1)).toEqual({ kind: "later", atMs: 50 + REST_MS });
  expect(checkpointNeed(at(WORTH_BYTES_MIN), 50 + REST_MS)).toEqual({ kind: "now", why: "rest" });
});

test("output that never rests gets one by volume, in a small log sooner", () => {
  expect(checkpointNeed(at(VOLUME_BYTES), 50)).toEqual({ kind: "now", why: "volume" });
  expect(checkpointNeed(at(1024 * 1024, 4 * 1024 * 1024), 50)).toEqual({ kind: "now", why: "volume" });
});

test("while a reader is far behind it gets one four times as often", () => {
  expect(checkpointNeed(at(AWAITED_VOLUME_BYTES - 1, KEEP, true), 50)).toMatchObject({ kind: "later" });
  expect(checkpointNeed(at(AWAITED_VOLUME_BYTES, KEEP, true), 50)).toEqual({ kind: "now", why: "volume" });
  expect(checkpointNeed(at(AWAITED_VOLUME_BYTES), 50)).toMatchObject({ kind: "later" });
  expect(VOLUME_BYTES / AWAITED_VOLUME_BYTES).toBe(4);
});

test("half of what the log may keep is urgent, whether the output rests or not", () => {
  expect(checkpointNeed(at(KEEP / 2), 50)).toEqual({ kind: "urgent", why: "room" });
});
