import { expect, test } from "vitest";
import { matchesWildcard, parsePersonPattern } from "./person-pattern.ts";

test.each(["", "dana", "1111/role/x", "111122223333/group/x/y", "claim:=x", "claim:a=", "1/user/a b", "x".repeat(300)])(
  "what is no pattern is refused: %s",
  (text) => {
    expect(parsePersonPattern(text)).toBeUndefined();
  },
);

test.each([
  ["*", "", true],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["*b*b*", "abab", true],
  ["*b*b*", "aba", false],
  ["dana", "dana2", false],
])("the wildcard %s on %s", (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});

test("a pattern of many stars takes no time on a long name", () => {
  expect(matchesWildcard(`${"a*".repeat(100)}b`, "a".repeat(5_000))).toBe(false);
});
