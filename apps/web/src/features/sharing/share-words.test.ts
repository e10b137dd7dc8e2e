import { expect, test } from "vitest";
import { audienceWords, endedReason, endsWords, inviteText, readPeople } from "./share-words.ts";

const NOW = 1_700_000_000_000;

test.each([
  [undefined, "ends with the session"],
  [NOW + 1, "ends in 1\u00a0min"],
  [NOW + 15 * 60_000, "ends in 15\u00a0min"],
  [NOW + 3 * 3_600_000, "ends in 3\u00a0h"],
  [NOW + 3_660_000, "ends in 1\u00a0h 1\u00a0min"],
  [NOW - 1, "ends now"],
])("a link that ends at %s %s", (at, words) => {
  expect(endsWords(at, NOW)).toBe(words);
});

test("named people are told by name, other audiences by kind", () => {
  const people = [
    { account: "111122223333", name: "kofi" },
    { account: "111122223333", name: "mira" },
  ];
  expect(audienceWords({ audience: "named", people })).toBe("kofi, mira");
  expect(audienceWords({ audience: "anyone", people: [] })).toBe("Anyone who can sign in");
});

test("names are of the session's account unless a number says another", () => {
  expect(readPeople(" kofi  444455556666/eve@example.com ", "111122223333")).toEqual({
    people: [
      { account: "111122223333", name: "kofi" },
      { account: "444455556666", name: "eve@example.com" },
    ],
  });
  expect(readPeople("", "111122223333")).toEqual({ people: [] });
});

test("what cannot be a name is told, and nobody is let in by it", () => {
  expect(readPeople("kofi 44/eve", "111122223333")).toEqual({ wrong: "44/eve" });
  expect(readPeople("<b>", "111122223333")).toEqual({ wrong: "<b>" });
});

test("the message says where, what one may do, how long, and ends with the link", () => {
  expect(inviteText("https://c.example/s/a#k", "api-04", "ask", "ends in 1\u00a0h")).toBe(
    "Join my terminal on api-04: you can watch, and ask for the keyboard. The link ends in 1\u00a0h.\nhttps://c.example/s/a#k",
  );
});

test("why a link ended is said as far as it is known", () => {
  expect(endedReason("expired")).toBe("Its time is over.");
  expect(endedReason(undefined)).toContain("or the session has ended");
});
