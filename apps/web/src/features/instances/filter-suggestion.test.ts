import { expect, test } from "vitest";
import { isOneEditAway, SUGGESTION_NAMES_MAX, suggestFilter } from "./filter-suggestion.ts";
import { parseFilter } from "./instance-filter.ts";
import { indexOf, listed } from "./testing/listed.ts";

const FLEET = indexOf([
  listed("checkout-api-04", { tags: { env: "prod", service: "checkout", team: "payments" } }),
  listed("db.1", { tags: { env: "staging" } }),
]);
const suggested = (text: string, index = FLEET) => suggestFilter(parseFilter(text), index);

test.each([
  ["chekout", "checkout"],
  ["chceckout", "checkout"],
  ["checkuot-api", "checkout-api"],
  ["api-05", "api-04"],
  ["checkout-api04", "checkout-api-04"],
  ["paymnets", "payments"],
])("%s: a name, or neighbouring words of one or of a tag, within one edit: %s", (typed, meant) => {
  expect(suggested(typed)).toBe(meant);
});

test.each([
  ["prod chekout", "prod checkout"],
  ["checkout env=prd", "checkout env=prod"],
  ["evn=prod", "env=prod"],
  ["regoin:us-east-1", "region:us-east-1"],
])("%s: of several parts the one that nothing has is put right: %s", (typed, meant) => {
  expect(suggested(typed)).toBe(meant);
});

test.each(["db", "xyz", "chekuot", "env=development", "checkout staging"])(
  "%s: too short, too far, or each part fits something: nothing is suggested",
  (typed) => {
    expect(suggested(typed)).toBeUndefined();
  },
);

test("of a list longer than the bound some are looked at, all over it", () => {
  const many = indexOf(
    Array.from({ length: SUGGESTION_NAMES_MAX * 3 }, (_, n) =>
      listed(`${n < SUGGESTION_NAMES_MAX * 2 ? "web" : "ledger"}-${n}`),
    ),
  );
  expect(suggested("legder", many)).toBe("ledger");
});

test.each([
  ["abc", "abd", true],
  ["abc", "abcd", true],
  ["abc", "bac", true],
  ["abc", "abc", false],
  ["abc", "bca", false],
])("one edit from %s to %s: %s", (one, other, is) => {
  expect(isOneEditAway(one, other)).toBe(is);
});
