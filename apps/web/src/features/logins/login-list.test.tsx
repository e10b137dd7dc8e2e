// @vitest-environment happy-dom
import type { LoginList } from "@causeway/wire-contract/identity";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { LoginTable } from "./login-list.tsx";

afterEach(cleanup);

const HERE: LoginList["logins"][number] = {
  ...{
    id: "here",
    device: "Firefox on Linux",
    ip: "203.0.113.7",
    createdAt: 0,
    lastSeenAt: 60_000,
    endsAt: 43_200_000,
  },
  people: [
    { name: "dana", role: "SRE-Operator", account: "111122223333", accountName: "harbor-prod" },
    { name: "dana", role: "IAM user", account: "444455556666" },
  ],
};
const THERE: LoginList["logins"][number] = { ...HERE, id: "there", device: "", people: HERE.people.slice(1) };

test("each browser says as whom: account by name and number, where the name is known; this one is marked", () => {
  render(<LoginTable list={{ current: "here", logins: [HERE, THERE] }} nowMs={120_000} onSignOut={() => undefined} />);
  const row = screen.getByRole("row", { name: /this browser/ });
  expect(within(row).getByRole("cell", { name: /^dana/ }).textContent).toBe(
    "dana, SRE-Operator in harbor-prod (111122223333); dana, IAM user in 444455556666",
  );
  expect(within(row).queryByRole("button")).toBeNull();
});

test("another browser is signed out by a button that says which one it is", () => {
  const asked: string[] = [];
  const list = { current: "here", logins: [HERE, THERE] };
  render(<LoginTable list={list} nowMs={120_000} onSignOut={({ id }) => asked.push(id)} />);
  fireEvent.click(screen.getByRole("button", { name: /^Sign out A browser that does not say what it is, signed in / }));
  expect(asked).toEqual(["there"]);
});
