import { expect, test } from "vitest";
import { checkpointNeed, REST_MS, VOLUME_BYTES, WORTH_BYTES_MIN } from "./checkpoint-need.ts";

const KEEP = 64 * 1024 * 1024;
const at = (fresh: number, keepBytes = KEEP) => ({
  coveredTo: 1_000,
  headOffset: 1_000 + fresh,
  lastOutputMs: 50,
  keepBytes,
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

test("half of what the log may keep is urgent, whether the output rests or not", () => {
  expect(checkpointNeed(at(KEEP / 2), 50)).toEqual({ kind: "urgent", why: "room" });
});
