import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { FakeClock } from "./fake-clock.ts";

test("a timer runs at or after its time, and a cancelled one never", async () => {
  const atMs = systemClock.nowMs() + 15;
  let cancelledRan = false;
  systemClock.setTimer(atMs - 10, () => {
    cancelledRan = true;
  })();
  await new Promise<void>((resolve) => systemClock.setTimer(atMs, resolve));
  expect(systemClock.nowMs()).toBeGreaterThanOrEqual(atMs - 1); // Node's timers and Date.now round differently
  expect(cancelledRan).toBe(false);
});

test("a timer in two months does not run now", async () => {
  let ran = false;
  const cancel = systemClock.setTimer(systemClock.nowMs() + 60 * 86_400_000, () => {
    ran = true;
  });
  await new Promise<void>((resolve) => systemClock.setTimer(systemClock.nowMs() + 5, resolve));
  cancel();
  expect(ran).toBe(false);
});

test("the tests' clock runs timers in order of their time, also those set on the way", () => {
  const clock = new FakeClock(0);
  const order: string[] = [];
  clock.setTimer(20, () => order.push("20"));
  clock.setTimer(10, () => {
    order.push("10");
    clock.setTimer(15, () => order.push("15"));
  });
  clock.advance(30);
  expect([order, clock.nowMs(), clock.pendingTimers]).toEqual([["10", "15", "20"], 30, 0]);
});
