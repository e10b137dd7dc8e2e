import { expect, test } from "vitest";
import { CatalogError } from "../../platform/catalog-error.ts";
import { RESUME_WAIT_MAX_MS, refusedWaitMs, resumeFailure, resumeWaitMs } from "./resume-waits.ts";

test("the first wait is 100 to 200 ms", () => {
  expect(resumeWaitMs(0, 0)).toBe(100);
  expect(resumeWaitMs(0, 0.999)).toBeLessThanOrEqual(200);
});
test("waits double up to a ceiling, and there is no last one", () => {
  expect(resumeWaitMs(3, 0)).toBe(800);
  expect(resumeWaitMs(30, 0.999)).toBeLessThanOrEqual(RESUME_WAIT_MAX_MS);
  expect(resumeWaitMs(100_000, 0)).toBe(RESUME_WAIT_MAX_MS / 2);
});
test("after a refusal the next try is a minute away, and many do not ask in the same moment", () => {
  expect(refusedWaitMs(0)).toBe(60_000);
  expect(refusedWaitMs(0.999)).toBeLessThanOrEqual(66_000);
});

test.each([
  ["CREDENTIALS_EXPIRED", "stop", "CREDENTIALS_EXPIRED"],
  ["SIGN_IN_REQUIRED", "stop", "CREDENTIALS_EXPIRED"],
  ["ACCESS_KEYS_REFUSED", "stop", "ACCESS_KEYS_REFUSED"],
  ["AWS_ACCESS_DENIED", "minute", "RESUME_REFUSED"],
  ["AWS_THROTTLED", "grow", "AWS_THROTTLED"],
  ["AWS_UNREACHABLE", "grow", "AWS_UNREACHABLE"],
  ["AWS_FAILED", "grow", "AWS_FAILED"],
  ["CLOCK_SKEWED", "grow", "CLOCK_SKEWED"],
  ["STREAM_URL_REFUSED", "grow", "STREAM_URL_REFUSED"],
] as const)("%s: %s, said as %s", (code, next, said) => {
  expect(resumeFailure(new CatalogError(code))).toEqual({ next, code: said });
});
test("a mistake of our own does not end the tries", () => {
  expect(resumeFailure(new TypeError("x"))).toEqual({ next: "grow", code: "INTERNAL_ERROR" });
});
