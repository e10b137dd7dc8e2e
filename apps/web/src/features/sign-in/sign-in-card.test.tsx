// @vitest-environment happy-dom
import type { SignInOptions } from "@causeway/wire-contract/identity";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { SignInCard } from "./sign-in-card.tsx";

afterEach(cleanup);

const PEOPLE = [
  { id: "dana", name: "dana", role: "SRE-Operator", description: "Opens everything." },
  { id: "kofi", name: "kofi", role: "Developer", description: "Opens tier=app." },
];

function show(part: Partial<SignInOptions["readyMade"]>, accessKeys = true) {
  const entered: string[] = [];
  const options: SignInOptions = {
    version: "0.1.0",
    accessKeys,
    readyMade: { offered: true, launched: true, people: PEOPLE, ...part },
    identityCenter: { offered: false, typed: false, listed: [] },
    signInHoursMax: 12,
  };
  const api = {
    signInOptions: async () => options,
    signInWithAccessKeys: async () => undefined,
    signInAsReadyMade: async ({ personId }: { personId: string }) => void entered.push(personId),
  };
  const unused = async (): Promise<never> => Promise.reject(new Error("not asked for in this test"));
  const portal = {
    startCode: unused,
    watchCode: unused,
    cancelCode: unused,
    portalAccounts: unused,
    choosePortalRole: unused,
    portals: unused,
    startOidc: unused,
    finishOidc: unused,
    localProfiles: unused,
    signInWithProfile: unused,
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <SignInCard api={{ ...api, ...portal }} onSignedIn={() => undefined} />
    </QueryClientProvider>,
  );
  return { entered };
}

test("a launched browser chooses one of the ready-made people and enters as that person", async () => {
  const { entered } = show({});
  fireEvent.click(await screen.findByLabelText(/kofi/));
  fireEvent.click(screen.getByRole("button", { name: "Enter the sandbox as kofi" }));
  await vi.waitFor(() => expect(entered).toEqual(["kofi"]));
});

test("a browser that did not come through the printed link is told where the link is, and offered no person", async () => {
  show({ launched: false, people: [] });
  expect(await screen.findByText("Open the link printed in the terminal.")).toBeDefined();
  expect(screen.queryByRole("radio")).toBeNull();
  expect(screen.queryByRole("button", { name: /Enter the sandbox/ })).toBeNull();
});

test("without a sandbox there are only access keys, and no choice of one", async () => {
  show({ offered: false, launched: false, people: [] });
  expect(await screen.findByLabelText("Access key ID")).toBeDefined();
  expect(screen.queryByRole("tablist")).toBeNull();
});

test("arrows move between the ways to sign in", async () => {
  show({});
  const sandbox = await screen.findByRole("tab", { name: "Sandbox" });
  expect(sandbox.getAttribute("aria-selected")).toBe("true");
  fireEvent.keyDown(sandbox, { key: "ArrowRight" });
  expect(screen.getByRole("tab", { name: "Access keys" }).getAttribute("aria-selected")).toBe("true");
  expect(screen.getByLabelText("Access key ID")).toBeDefined();
});
