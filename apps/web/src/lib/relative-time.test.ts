import { expect, test } from "vitest";
import { formatSpan } from "./relative-time.ts";

test.each([
  [-5_000, "0 s"],
  [9_999, "9 s"],
  [14 * 60_000, "14 min"],
  [3 * 3_600_000, "3 h"],
  [50 * 3_600_000, "2 d"],
])("a span of %i ms reads %s", (span, text) => {
  expect(formatSpan(span)).toBe(text.replace(" ", "\u00a0"));
});
