// @vitest-environment happy-dom
import type { Me } from "@causeway/wire-contract/identity";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shownIdentities } from "../../lib/identities.ts";
import { fakeIdentity, fakeMe } from "../../test-support/fake-me.ts";
import { ScopeBar } from "./scope-bar.tsx";

const PROD = fakeIdentity({
  id: "p",
  accountName: "harbor-prod",
  environment: { name: "harbor-prod", colour: "prod" },
});
const DEV = fakeIdentity({
  id: "d",
  accountName: "harbor-dev",
  environment: { name: "harbor-dev", colour: "dev" },
  state: "expired",
});

let acts: string[];
beforeEach(() => {
  acts = [];
});
afterEach(cleanup);

function show(me: Me, as?: string): HTMLElement {
  const { container } = render(
    <ScopeBar
      me={me}
      shown={shownIdentities(me, as)}
      onShown={(ids) => acts.push(`show ${ids.join(",")}`)}
      onAddIdentity={() => acts.push("add")}
      regions={["eu-west-1"]}
      onRegions={() => undefined}
    />,
  );
  return container.firstElementChild as HTMLElement;
}
function openMenu(name: RegExp): void {
  const button = screen.getByRole("button", { name });
  button.focus();
  fireEvent.keyDown(button, { key: "Enter" });
}

test("one identity is named by account, role and environment, in the environment's colour", () => {
  const bar = show(fakeMe({ identities: [PROD] }));
  expect(bar.className).toContain("e-prod");
  expect(screen.getByRole("button", { name: /^Work as/ }).textContent).toBe("Work as harbor-prodprodSRE");
});

test("several identities are counted, and the colour is that of the one to be most careful with", () => {
  const bar = show(fakeMe({ identities: [DEV, PROD] }));
  expect(bar.className).toContain("e-prod");
  expect(screen.getByRole("button", { name: /^Work as 2 identities.*harbor-dev, harbor-prod/ })).toBeTruthy();
});

test("an account without a setting is violet where the server does not talk to AWS, and says so", () => {
  const bar = show(fakeMe({ identities: [fakeIdentity({ method: "ready-made" })], customEndpoint: true }));
  expect(bar.className).toContain("e-sandbox");
  expect(screen.getByText("sandbox")).toBeTruthy();
});

test("the menu chooses one identity or all, and says whose credentials ended", () => {
  show(fakeMe({ identities: [PROD, DEV] }), "p");
  openMenu(/^Work as/);
  const dev = screen.getByRole("menuitemradio", { name: /harbor-dev/ });
  expect(dev.textContent).toContain("ended");
  fireEvent.click(dev);
  openMenu(/^Work as/);
  fireEvent.click(screen.getByRole("menuitem", { name: "All 2 identities" }));
  expect(acts).toEqual(["show d", "show p,d"]);
});

test("one identity alone offers no choice of several, but one more", () => {
  show(fakeMe({ identities: [PROD] }));
  openMenu(/^Work as/);
  expect(screen.queryByRole("menuitem", { name: /several/i })).toBeNull();
  fireEvent.click(screen.getByRole("menuitem", { name: "Sign in with another role" }));
  expect(acts).toEqual(["add"]);
});
