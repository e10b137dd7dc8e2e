import { expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import { OUTPUT_TICK_MS, OutputTick } from "./output-tick.ts";

test("output after silence leaves at once, without a timer", () => {
  const clock = new FakeClock();
  let runs = 0;
  new OutputTick(clock).flushOf(() => runs++).request();
  expect(runs).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});

test("a flood leaves once per tick", () => {
  const clock = new FakeClock();
  let runs = 0;
  const flush = new OutputTick(clock).flushOf(() => runs++);
  for (let n = 0; n < 100; n++) flush.request();
  expect(runs).toBe(1);
  clock.advance(OUTPUT_TICK_MS);
  expect(runs).toBe(2);
  clock.advance(100);
  expect(runs).toBe(2);
});

test("what is told not to wait leaves at once, in a flood as well, and not once more with the tick", () => {
  const clock = new FakeClock();
  let runs = 0;
  const flush = new OutputTick(clock).flushOf(() => runs++);
  flush.request();
  flush.request();
  flush.now();
  expect(runs).toBe(2);
  clock.advance(OUTPUT_TICK_MS);
  expect(runs).toBe(2);
});

test("all busy sessions share one timer, and a silent one does not wait for it", () => {
  const clock = new FakeClock();
  const tick = new OutputTick(clock);
  const runs = [0, 0, 0];
  const flushes = runs.map((_, index) => tick.flushOf(() => (runs[index] = (runs[index] ?? 0) + 1)));
  for (const flush of flushes.slice(0, 2)) {
    flush.request();
    flush.request();
  }
  expect(clock.pendingTimers).toBe(1);
  flushes[2]?.request();
  expect(runs).toEqual([1, 1, 1]);
  clock.advance(OUTPUT_TICK_MS);
  expect(runs).toEqual([2, 2, 1]);
});
