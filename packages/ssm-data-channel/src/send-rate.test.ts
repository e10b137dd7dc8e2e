import { expect, test } from "vitest";
import { SEND_BURST_FRAMES, SEND_FRAMES_PER_SECOND, SendRate } from "./send-rate.ts";

/** Times at which frames leave when there is always one waiting. */
function saturate(rate: SendRate, fromMs: number, untilMs: number): number[] {
  const sentAtMs: number[] = [];
  for (let now = fromMs; now < untilMs; now = Math.max(rate.readyAtMs(now), now)) {
    while (rate.take(now)) sentAtMs.push(now);
  }
  return sentAtMs;
}

test("after a quiet moment a burst leaves at once, then nothing", () => {
  const rate = new SendRate();
  for (let frame = 0; frame < SEND_BURST_FRAMES; frame += 1) expect(rate.take(1_000)).toBe(true);
  expect(rate.take(1_000)).toBe(false);
});

test("no second ever carries 900 frames, however much is waiting", () => {
  const sentAtMs = saturate(new SendRate(), 0, 5_000);
  const busiest = Math.max(...sentAtMs.map((from) => sentAtMs.filter((at) => at >= from && at < from + 1_000).length));
  expect(busiest).toBeLessThan(900);
});

test("in the long run the rate is the named one", () => {
  const sent = saturate(new SendRate(), 0, 10_000).length;
  expect(sent).toBeGreaterThanOrEqual(SEND_FRAMES_PER_SECOND * 10 - 1);
  expect(sent).toBeLessThanOrEqual(SEND_FRAMES_PER_SECOND * 10 + SEND_BURST_FRAMES);
});

test("at the moment it names as ready, a frame may leave", () => {
  const rate = new SendRate();
  while (rate.take(7));
  const readyAtMs = rate.readyAtMs(7);
  expect(rate.take(readyAtMs - 0.5)).toBe(false);
  expect(rate.take(readyAtMs)).toBe(true);
});
