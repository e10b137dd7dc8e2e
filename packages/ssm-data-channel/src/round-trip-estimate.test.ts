import { expect, test } from "vitest";
import {
  BACKED_OFF_TIMEOUT_MS_MAX,
  backedOffTimeoutMs,
  INITIAL_ROUND_TRIP_ESTIMATE,
  RETRANSMIT_TIMEOUT_MS_MAX,
  withRoundTripSample,
} from "./round-trip-estimate.ts";

test("the first timeout is 200 ms", () => {
  expect(INITIAL_ROUND_TRIP_ESTIMATE).toEqual({ smoothedMs: 100, variationMs: 0, timeoutMs: 200 });
});

test("a sample of 50 ms, then one of 500 ms, give the specification's check values", () => {
  const first = withRoundTripSample(INITIAL_ROUND_TRIP_ESTIMATE, 50);
  expect(first).toEqual({ variationMs: 12.5, smoothedMs: 93.75, timeoutMs: 143.75 });
  expect(withRoundTripSample(first, 500)).toEqual({
    variationMs: 110.9375,
    smoothedMs: 144.53125,
    timeoutMs: 588.28125,
  });
});

test("the timeout never exceeds one second, however slow the link", () => {
  expect(withRoundTripSample(INITIAL_ROUND_TRIP_ESTIMATE, 60_000).timeoutMs).toBe(RETRANSMIT_TIMEOUT_MS_MAX);
});

test("the timeout stays 10 ms above a perfectly steady round trip", () => {
  let estimate = INITIAL_ROUND_TRIP_ESTIMATE;
  for (let sample = 0; sample < 500; sample += 1) estimate = withRoundTripSample(estimate, 40);
  expect(estimate.timeoutMs).toBeCloseTo(50, 6);
});

test("a clock that stepped back counts as no delay at all", () => {
  expect(withRoundTripSample(INITIAL_ROUND_TRIP_ESTIMATE, -5_000)).toEqual(
    withRoundTripSample(INITIAL_ROUND_TRIP_ESTIMATE, 0),
  );
});

test("each resend doubles the timeout, up to five seconds", () => {
  const waits = [0, 1, 2, 3, 4, 5, 60].map((resends) => backedOffTimeoutMs(INITIAL_ROUND_TRIP_ESTIMATE, resends));
  expect(waits).toEqual([200, 400, 800, 1600, 3200, BACKED_OFF_TIMEOUT_MS_MAX, BACKED_OFF_TIMEOUT_MS_MAX]);
});
