import { expect, test } from "vitest";
import {
  type LatencySample,
  LINE_SAMPLES_MAX,
  LINE_SPAN_MS,
  linePoints,
  measured,
  withSample,
} from "./latency-line.ts";

const line = (...samples: [number, number][]) =>
  samples.reduce<readonly LatencySample[]>((before, [atMs, ms]) => withSample(before, { atMs, ms }), []);

test("a line shows the last minute and forgets what is older", () => {
  const kept = line([0, 10], [30_000, 20], [61_000, 30]);
  expect(kept.map(({ ms }) => ms)).toEqual([20, 30]);
});

test("at the bound the oldest goes", () => {
  const kept = line(...Array.from({ length: LINE_SAMPLES_MAX + 5 }, (_, n): [number, number] => [n, n]));
  expect(kept).toHaveLength(LINE_SAMPLES_MAX);
  expect(kept[0]?.ms).toBe(5);
});

test("a clock that was set back leaves no point in the future", () => {
  expect(line([50_000, 10], [20_000, 20]).map(({ ms }) => ms)).toEqual([20]);
});

test("time goes from left to right, slow is high, and the box is never left", () => {
  const points = linePoints(line([0, 0], [LINE_SPAN_MS / 2, 50], [LINE_SPAN_MS - 1, 100]), LINE_SPAN_MS - 1);
  expect(points).toBe("0.0,11.0 17.0,6.0 34.0,1.0");
});

test("a fast network is drawn low, a slow one fills the height", () => {
  const last = (ms: number) =>
    linePoints(line([0, ms], [1_000, ms]), 1_000)
      .split(",")
      .at(-1);
  expect([last(10), last(100), last(2_000)]).toEqual(["10.0", "1.0", "1.0"]);
});

test("one measurement, or none that is fresh, draws nothing", () => {
  expect(linePoints(line([0, 10]), 10)).toBe("");
  expect(linePoints(line([0, 10], [10, 10]), LINE_SPAN_MS * 2)).toBe("");
});

test("a point is the way to the instance and back where a key measured that lately, else the way to the server", () => {
  const ms = (agentLatencyAtMs: number) =>
    measured({ agentLatencyMs: 40, agentLatencyAtMs }, 20, 60_000).latencyLine.at(-1)?.ms;
  expect([ms(50_000), ms(1_000)]).toEqual([60, 20]);
  expect(measured({}, 20, 5).latencyLine).toEqual([{ atMs: 5, ms: 20 }]);
});
