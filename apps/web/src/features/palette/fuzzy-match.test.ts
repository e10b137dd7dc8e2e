import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzyMatch } from "./fuzzy-match.ts";

const marked = (word: string, text: string) =>
  fuzzyMatch(word, text)?.ranges.map(([start, end]) => text.slice(start, end));
const score = (word: string, text: string) => fuzzyMatch(word, text)?.score ?? 0;

const text = fc.string({ unit: fc.constantFrom(..."abc019-_ üß"), maxLength: 40 });
const word = fc.string({ unit: fc.constantFrom(..."abc019-_üß"), minLength: 1, maxLength: 8 });

function isSubsequence(word: string, text: string): boolean {
  let at = -1;
  return [...word].every((letter) => {
    at = text.indexOf(letter, at + 1);
    return at >= 0;
  });
}

test("a text fits exactly when it holds all letters in order", () => {
  fc.assert(
    fc.property(word, text, (one, other) => (fuzzyMatch(one, other) !== undefined) === isSubsequence(one, other)),
  );
});

test("what is marked is what was typed, in order, in runs that do not touch", () => {
  fc.assert(
    fc.property(word, text, (one, other) => {
      const ranges = fuzzyMatch(one, other)?.ranges;
      if (ranges === undefined) return;
      expect(ranges.map(([start, end]) => other.slice(start, end)).join("")).toBe(one);
      for (const [index, [start]] of ranges.entries()) expect(start).toBeGreaterThan(ranges[index - 1]?.[1] ?? -1);
    }),
  );
});

test("letters together always count more than scattered ones", () => {
  fc.assert(
    fc.property(word, text, text, text, (one, before, after, other) => {
      const [whole, ranges] = [score(one, before + one + after), fuzzyMatch(one, other)?.ranges];
      if (ranges !== undefined && ranges.length > 1) expect(whole).toBeGreaterThan(score(one, other));
    }),
  );
});

test("the start of a word counts more than its middle, and early more than late", () => {
  expect(score("api", "checkout-api-04")).toBeGreaterThan(score("api", "checkoutapi-04"));
  expect(score("check", "checkout-api")).toBeGreaterThan(score("check", "edge-checkout"));
  expect(score("api", "checkout-api-04")).toBeGreaterThan(score("api", "checkout-apiary-04"));
});

test("the letters of the best place are marked", () => {
  expect(marked("api", "rapid-api-04")).toEqual(["api"]);
  expect(fuzzyMatch("api", "rapid-api-04")?.ranges).toEqual([[6, 9]]);
  expect(marked("chkout", "checkout-api-04")).toEqual(["ch", "kout"]);
  expect(marked("", "anything")).toEqual([]);
});
