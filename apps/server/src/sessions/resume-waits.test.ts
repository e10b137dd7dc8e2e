import { expect, test } from "vitest";
import { RESUME_WAIT_MAX_MS, resumeWaitMs } from "./resume-waits.ts";

test("the first wait is 100 to 200 ms", () => {
  expect(resumeWaitMs(0, 0)).toBe(100);
  expect(resumeWaitMs(0, 0.999)).toBeLessThanOrEqual(200);
});
test("waits double up to a ceiling, and there is no last one", () => {
  expect(resumeWaitMs(3, 0)).toBe(800);
  expect(resumeWaitMs(30, 0.999)).toBeLessThanOrEqual(RESUME_WAIT_MAX_MS);
  expect(resumeWaitMs(100_000, 0)).toBe(RESUME_WAIT_MAX_MS / 2);
});
