import { expect, test } from "vitest";
import { SteadyClock } from "./steady-clock.ts";

test("a clock that only goes forward is left alone", () => {
  const clock = new SteadyClock();
  expect([clock.enter(5), clock.enter(9), clock.leave(20)]).toEqual([5, 9, 20]);
});

test("after the clock was set back by an hour, time goes on from where it was", () => {
  const clock = new SteadyClock();
  clock.enter(3_600_000);
  expect(clock.enter(0)).toBe(3_600_000);
  expect(clock.enter(250)).toBe(3_600_250);
  expect(clock.leave(3_600_500)).toBe(500);
});
