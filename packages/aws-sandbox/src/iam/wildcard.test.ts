import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesWildcardText } from "./wildcard.ts";

test("matches what the regular expression of the same pattern matches", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?"), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (wildcard, candidate) => {
      const source = wildcard.replaceAll(".", "\\.").replace(/\*+/g, ".*").replaceAll("?", ".");
      expect(matchesWildcardText(wildcard, candidate)).toBe(new RegExp(`^${source}$`).test(candidate));
    }),
    { numRuns: 2_000 },
  );
});

test("a pattern made to backtrack does not: the answer comes", () => {
  expect(matchesWildcardText(`${"*a".repeat(2_000)}b`, "a".repeat(4_000))).toBe(false);
});
