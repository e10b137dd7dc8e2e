// @vitest-environment happy-dom
import type { PersonEntry } from "@causeway/wire-contract/people";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { PeopleTable, personKey } from "./people-table.tsx";

afterEach(cleanup);

const DANA: PersonEntry = {
  ...{ account: "111122223333", accountName: "harbor-prod", userId: "AIDADANA", name: "dana", role: "IAM user" },
  ...{ proven: true, logins: 2, sessions: 3, lastSeenAt: 60_000 },
};

function show(people: readonly PersonEntry[], own: ReadonlySet<string> = new Set()): string[] {
  const acts: string[] = [];
  render(
    <PeopleTable people={people} own={own} nowMs={180_000} onAct={(act, { name }) => acts.push(`${act} ${name}`)} />,
  );
  return acts;
}
const cells = (name: RegExp) =>
  within(screen.getByRole("row", { name }))
    .getAllByRole("cell")
    .map(({ textContent }) => textContent);

test("a row says who, in which account by name and number, how many browsers and shells, and since when", () => {
  show([DANA]);
  expect(cells(/dana/).slice(0, 7)).toEqual([
    ...["dana", "IAM user", "harbor-prod 111122223333", "2", "3", "2\u00a0min ago", "may sign in"],
  ]);
});

test("an account without a name is its number; a name that is not proven is said to be unverified", () => {
  const { accountName: _name, ...eve } = { ...DANA, name: "eve", role: "SRE-Operator", proven: false };
  show([eve]);
  expect(cells(/eve/).slice(0, 3)).toEqual(["eve · name unverified", "SRE-Operator", "111122223333"]);
});

test("each act names whom it is done to; nobody is offered to put herself out", () => {
  const ada = { ...DANA, userId: "AIDAADA", name: "ada" };
  const acts = show([DANA, ada], new Set([personKey(ada)]));
  fireEvent.click(screen.getByRole("button", { name: "Sign out dana" }));
  fireEvent.click(screen.getByRole("button", { name: "Disable dana" }));
  expect(acts).toEqual(["kick dana", "disable dana"]);
  expect(within(screen.getByRole("row", { name: /^ada · you/ })).queryAllByRole("button")).toEqual([]);
});

test("whoever is disabled and away is only offered to come back, and who disabled her is said", () => {
  const away = { ...DANA, role: "", logins: 0, sessions: 0, disabled: { by: "ada", at: 0 } };
  const acts = show([away]);
  expect(cells(/dana/)).toEqual(
    expect.arrayContaining(["not signed in", expect.stringContaining("disabled by ada, 3\u00a0min ago")]),
  );
  expect(screen.getAllByRole("button")).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Enable dana" }));
  expect(acts).toEqual(["enable dana"]);
});
