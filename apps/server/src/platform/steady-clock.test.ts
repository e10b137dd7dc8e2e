import { expect, test } from "vitest";
import { Computer, START_MS } from "./fake-computer.ts";
import { LOOK_EVERY_MS, SLEPT_MIN_MS, SteadyClock } from "./steady-clock.ts";

const HOUR_MS = 3_600_000;

test("it begins with the wall clock, and goes on with time", () => {
  const computer = new Computer();
  const clock = new SteadyClock(computer);
  computer.passes(40);
  expect(clock.nowMs()).toBe(START_MS + 40);
});

test.each([5 * HOUR_MS, -5 * HOUR_MS])("a wall clock that is set by %d ms changes nothing", (byMs) => {
  const computer = new Computer();
  const clock = new SteadyClock(computer);
  computer.isSet(byMs);
  computer.passes(10 * LOOK_EVERY_MS);
  expect(clock.nowMs()).toBe(START_MS + 10 * LOOK_EVERY_MS);
});

test("time that the computer slept has passed, once it is looked at again", () => {
  const computer = new Computer();
  const clock = new SteadyClock(computer);
  computer.sleeps(2 * HOUR_MS);
  computer.passes(LOOK_EVERY_MS);
  expect(clock.nowMs()).toBe(START_MS + 2 * HOUR_MS + LOOK_EVERY_MS);
  computer.passes(LOOK_EVERY_MS);
  expect(clock.nowMs()).toBe(START_MS + 2 * HOUR_MS + 2 * LOOK_EVERY_MS);
});

test("an uptime that is told inexactly moves nothing, and the clock never goes back", () => {
  const computer = new Computer();
  const clock = new SteadyClock(computer);
  for (const wrongBy of [SLEPT_MIN_MS - 1, -HOUR_MS]) {
    computer.tellsUptimeWrongBy(wrongBy);
    computer.passes(LOOK_EVERY_MS);
  }
  expect(clock.nowMs()).toBe(START_MS + 2 * LOOK_EVERY_MS);
});

test("a timer runs at its time on the computer's own clocks, and a cancelled one never", async () => {
  const clock = new SteadyClock();
  const atMs = clock.nowMs() + 15;
  let cancelledRan = false;
  clock.setTimer(atMs - 10, () => {
    cancelledRan = true;
  })();
  await new Promise<void>((resolve) => clock.setTimer(atMs, resolve));
  expect([clock.nowMs() >= atMs - 1, cancelledRan]).toEqual([true, false]);
});

test("a timer that was set before the wall clock is not held up by it", async () => {
  const computer = new Computer();
  const clock = new SteadyClock(computer);
  const ran = new Promise<void>((resolve) => clock.setTimer(clock.nowMs() + 20, resolve));
  computer.isSet(-5 * HOUR_MS);
  await ran;
  const next = new Promise<void>((resolve) => clock.setTimer(clock.nowMs() + 20, resolve));
  await next;
});
