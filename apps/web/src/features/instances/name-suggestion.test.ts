import { expect, test } from "vitest";
import { isOneEditAway, suggestName } from "./name-suggestion.ts";

test.each([
  ["chekout", "checkout"],
  ["checkoutt", "checkout"],
  ["cehckout", "checkout"],
  ["chackout", "checkout"],
])("a word one edit away (%s) suggests the name", (typed, name) => {
  expect(suggestName(typed, ["orders-01", `${name}-api-04`])).toBe(name);
});

test("what is farther away, or too short, suggests nothing", () => {
  expect(suggestName("chkot", ["checkout-api"])).toBeUndefined();
  expect(suggestName("db", ["da"])).toBeUndefined();
  expect(isOneEditAway("abc", "abc")).toBe(false);
});
