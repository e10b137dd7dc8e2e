import type { PersonEntry } from "@causeway/wire-contract/people";
import { expect, test } from "vitest";
import { actWords, doneWords } from "./person-acts.ts";

const EVE: PersonEntry = {
  account: "111122223333",
  userId: "AROAX:eve",
  name: "eve",
  role: "Operator",
  proven: false,
  logins: 2,
  sessions: 1,
};

test("signing out says that she may come back; disabling says what AWS is not told", () => {
  expect(actWords("kick", EVE).sentences.join(" ")).toMatch(
    /2 browsers and ends 1 open shell.*may sign in again at once/,
  );
  expect(actWords("disable", EVE).sentences.join(" ")).toMatch(/cannot sign in.*AWS is not told/);
});

test("disabling somebody whose name is unverified says that another name is another person", () => {
  expect(actWords("disable", EVE).sentences.join(" ")).toContain("can come back under another name");
  expect(actWords("disable", { ...EVE, proven: true }).sentences.join(" ")).not.toContain("another name");
});

test("disabling somebody who is not there ends nothing, and does not say so", () => {
  const absent = { ...EVE, role: "", logins: 0, sessions: 0 };
  expect(actWords("disable", absent).sentences).toHaveLength(1);
});

test("afterwards it is said what was ended", () => {
  expect(doneWords("kick", EVE, { logins: 2, sessions: 1 })).toBe(
    "eve is signed out: 2 browsers signed out, 1 shell ended.",
  );
  expect(doneWords("disable", EVE, { logins: 0, sessions: 0 })).toBe(
    "eve is disabled: 0 browsers signed out, 0 shells ended.",
  );
  expect(doneWords("enable", EVE)).toBe("eve may sign in again.");
});
