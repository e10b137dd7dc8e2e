// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { fakeIdentity } from "../../test-support/fake-me.ts";
import { OtherRole } from "./other-role.tsx";

afterEach(cleanup);

function show(roles: readonly string[]): string[] {
  const did: string[] = [];
  const others = roles.map((role) => fakeIdentity({ id: `id-${role}`, person: { ...fakeIdentity().person, role } }));
  render(<OtherRole others={others} onUse={(id) => did.push(id)} onSignIn={() => did.push("sign in")} />);
  return did;
}

const button = () => screen.getByRole("button", { name: "Use another role" });

test("who has no other role in the account signs in with one", () => {
  const did = show([]);
  fireEvent.click(button());
  expect(did).toEqual(["sign in"]);
});

test("the other roles of the account are there to choose, and signing in with one more", async () => {
  const did = show(["Admin", "ReadOnly"]);
  fireEvent.keyDown(button(), { key: "Enter" });
  const words = (await screen.findAllByRole("menuitem")).map(({ textContent }) => textContent);
  expect(words).toEqual(["Admin in 111122223333", "ReadOnly in 111122223333", "Sign in with another role"]);
  fireEvent.click(screen.getByRole("menuitem", { name: /^ReadOnly/ }));
  expect(did).toEqual(["id-ReadOnly"]);
});

test("who closes the menu without a choice has the keyboard on the button again", async () => {
  const did = show(["Admin"]);
  button().focus();
  fireEvent.keyDown(button(), { key: "Enter" });
  fireEvent.keyDown(await screen.findByRole("menu"), { key: "Escape" });
  await waitFor(() => expect(document.activeElement).toBe(button()));
  expect(did).toEqual([]);
});
