import fc from "fast-check";
import { expect, test } from "vitest";
import { drawSchedule, FAULT_MS_MAX, FAULT_MS_MIN } from "./schedule.ts";

const SEED = fc.integer({ min: 0, max: 1_000_000 });

test("a seed draws the same schedule each time, and the agent may be named beside it", () => {
  fc.assert(
    fc.property(SEED, (seed) => {
      expect(drawSchedule(seed)).toEqual(drawSchedule(seed));
      expect(drawSchedule(seed, "windowed")).toEqual({ ...drawSchedule(seed, "real-agent"), agent: "windowed" });
    }),
  );
});

test("events and keys lie within the time of trouble, in order", () => {
  fc.assert(
    fc.property(SEED, (seed) => {
      const { events, typing, faultMs } = drawSchedule(seed);
      expect(faultMs).toBeGreaterThanOrEqual(FAULT_MS_MIN);
      expect(faultMs).toBeLessThanOrEqual(FAULT_MS_MAX);
      for (const list of [events, typing]) {
        const times = list.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.every((atMs) => atMs >= 0 && atMs < faultMs)).toBe(true);
      }
    }),
  );
});

test("ten seeds in a row meet every kind of event, both profiles and every share of loss", () => {
  const schedules = Array.from({ length: 10 }, (_, index) => drawSchedule(index + 1));
  const kinds = new Set(schedules.flatMap(({ events }) => events.map(({ kind }) => kind)));
  for (const kind of [
    "cut-channel",
    "kill-server",
    "wire",
    "expire-credentials",
    "kill-browser",
    "second-page",
    "sleep",
    "freeze-server",
    "set-clock",
  ])
    expect(kinds).toContain(kind);
  expect(new Set(schedules.map(({ agent }) => agent)).size).toBe(2);
  const losses = new Set(schedules.flatMap(({ frames }) => [frames.toAgent.loss, frames.toClient.loss]));
  for (const loss of [0.01, 0.05, 0.2]) expect(losses).toContain(loss);
});
