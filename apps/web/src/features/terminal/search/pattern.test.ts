import { expect, test } from "vitest";
import { matchesIn, patternOf } from "./pattern.ts";

const pattern = (text: string, isRegex = false, isCaseSensitive = false): RegExp =>
  patternOf({ text, isRegex, isCaseSensitive }) ?? /never/;

test("text that is no pattern is taken letter by letter, whatever signs it holds", () => {
  expect(matchesIn(["a.b", "axb", "$1 (x) [y] \\ ^|{}*+?/"], pattern("$1 (x) [y] \\ ^|{}*+?/"), 10)).toEqual([
    2, 0, 21,
  ]);
  expect(matchesIn(["a.b", "axb"], pattern("a.b"), 10)).toEqual([0, 0, 3]);
});

test("the newest matches come first, within a line too, and no more than asked for", () => {
  expect(matchesIn(["aa", "ba"], pattern("a"), 10)).toEqual([1, 1, 2, 0, 1, 2, 0, 0, 1]);
  expect(matchesIn(["aa", "ba"], pattern("a"), 2)).toEqual([1, 1, 2, 0, 1, 2]);
});

test("a pattern that matches nothing at all ends, and is no match", () => {
  expect(matchesIn(["abc"], pattern("x*", true), 10)).toEqual([]);
});

test("anchors hold at the ends of a line only, and case counts when it should", () => {
  expect(matchesIn(["ab ab"], pattern("^ab", true), 10)).toEqual([0, 0, 2]);
  expect(matchesIn(["ab ab"], pattern("ab$", true), 10)).toEqual([0, 3, 5]);
  expect(matchesIn(["AB", "ab"], pattern("ab", false, true), 10)).toEqual([1, 0, 2]);
});

test("what cannot be read as a pattern is none", () => {
  expect(patternOf({ text: "(", isRegex: true, isCaseSensitive: false })).toBeUndefined();
});
