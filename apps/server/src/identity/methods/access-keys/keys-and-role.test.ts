import { expect, test } from "vitest";
import type { Person } from "../../person.ts";
import { sessionNameOf } from "./keys-and-role.ts";

const dana: Person = {
  account: "111122223333",
  userId: "AIDADANA",
  arn: "arn:aws:iam::111122223333:user/dana",
  name: "dana",
  role: "IAM user",
  proven: true,
};

test("users who are called the same in two accounts are two people behind one role", () => {
  expect(sessionNameOf(dana)).toEqual({ sessionName: "dana@111122223333", proven: true });
  expect(sessionNameOf({ ...dana, account: "444455556666" })).toEqual({
    sessionName: "dana@444455556666",
    proven: true,
  });
});

test("a name that somebody chose stays unverified behind the role, even where it looks like a user's", () => {
  const eve = { ...dana, name: "dana@111122223333", role: "Operator", proven: false };
  expect(sessionNameOf(eve)).toEqual({ sessionName: "dana@111122223333", proven: false });
});

test("a name that leaves no room for the account is cut, and therefore unverified", () => {
  const { sessionName, proven } = sessionNameOf({ ...dana, name: "d".repeat(64) });
  expect([sessionName.length, proven]).toEqual([64, false]);
});

test("what STS would not take as a session name becomes something that it takes", () => {
  for (const name of ["d", "", "federated:dana", "déna"])
    expect(sessionNameOf({ ...dana, name, proven: false }).sessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
});
