// @vitest-environment happy-dom
import type { PortalAccounts, PortalRoleRequest } from "@causeway/wire-contract/identity-center";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { PortalPicker } from "./portal-picker.tsx";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";

const START_URL = "https://harbor.example/start";
const LISTED: PortalAccounts = {
  accounts: [
    {
      id: "111122223333",
      name: "harbor-prod",
      email: "",
      roles: ["ReadOnly", "SRE-Operator"],
      environment: { name: "harbor-prod", colour: "prod" },
    },
    { id: "444455556666", name: "harbor-staging", email: "", roles: ["ReadOnly"] },
  ],
  regions: [
    { id: "eu-west-1", name: "Ireland" },
    { id: "us-east-1", name: "N. Virginia" },
  ],
  loading: false,
  truncated: false,
};

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** The picker of one visit; what the browser remembers stays until the next one. */
function visit({
  how = "replace" as SignInMode,
  refuses = false,
  shownRegion = undefined as string | undefined,
  person = "",
} = {}) {
  const chosen: PortalRoleRequest[] = [];
  const entered: (string | undefined)[] = [];
  const unused = async (): Promise<never> => {
    throw new Error("not asked for");
  };
  const api: SignInApi = {
    signInOptions: unused,
    signInWithAccessKeys: unused,
    signInAsReadyMade: unused,
    startCode: unused,
    watchCode: unused,
    cancelCode: unused,
    portals: unused,
    startOidc: unused,
    finishOidc: unused,
    localProfiles: unused,
    signInWithProfile: unused,
    portalAccounts: async () => ({ ...LISTED, ...(person !== "" && { person }) }),
    choosePortalRole: async (_portalId, role) => {
      chosen.push(role);
      if (refuses) throw new Error("AWS has no such role for you");
    },
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { unmount } = render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <PortalPicker
          api={api}
          portal={{ id: "portal", startUrl: START_URL }}
          how={how}
          shownRegion={shownRegion}
          onSignedIn={(region) => entered.push(region)}
          onClose={() => undefined}
        />
      </QueryClientProvider>
    </StrictMode>,
  );
  return { chosen, entered, leave: unmount };
}
const keep = () => screen.getByRole("checkbox", { name: "Open here next time" }) as HTMLInputElement;
const openButton = (name: RegExp) => screen.findByRole("button", { name });

test("an account is marked with what kind it is, and its name stands there once", async () => {
  visit();
  const option = await screen.findByRole("option", { name: /harbor-prod/ });
  expect(option.querySelector(".env")?.textContent).toBe("prod");
  expect(screen.getByRole("option", { name: /harbor-staging/ }).querySelector(".env")).toBeNull();
});

test("as whom one chooses is said once AWS has told it; before that, where one signed in", async () => {
  const first = visit();
  await openButton(/Open harbor-prod/);
  expect(screen.getByText(START_URL)).toBeDefined();
  first.leave();
  visit({ person: "dana@harbor.example" });
  expect(await screen.findByText("dana@harbor.example")).toBeDefined();
  expect(screen.queryByText(START_URL)).toBeNull();
});

test("who chooses a region begins there, and finds it chosen the next time", async () => {
  const first = visit();
  await openButton(/Open harbor-prod/);
  fireEvent.pointerDown(screen.getByRole("button", { name: /^Region eu-west-1 Ireland$/ }), { button: 0 });
  fireEvent.click(await screen.findByRole("menuitemradio", { name: /us-east-1/ }));
  fireEvent.click(await openButton(/Open harbor-prod/));
  await vi.waitFor(() => expect(first.entered).toEqual(["us-east-1"]));
  first.leave();
  visit();
  await openButton(/Open harbor-prod/);
  expect(screen.getByRole("button", { name: /^Region us-east-1 N. Virginia$/ })).toBeDefined();
});

test("with one more role a region is chosen, too; what is shown already stands there, and is not remembered as the first", async () => {
  const first = visit({ how: "add", shownRegion: "us-east-1" });
  await openButton(/Open harbor-prod/);
  fireEvent.pointerDown(screen.getByRole("button", { name: /^Region us-east-1 N. Virginia$/ }), { button: 0 });
  fireEvent.click(await screen.findByRole("menuitemradio", { name: /eu-west-1/ }));
  fireEvent.click(await openButton(/Open harbor-prod/));
  await vi.waitFor(() => expect(first.entered).toEqual(["eu-west-1"]));
  first.leave();
  const second = visit({ how: "add", shownRegion: "us-east-1" });
  fireEvent.click(await openButton(/Open harbor-prod/));
  await vi.waitFor(() => expect(second.entered).toEqual(["us-east-1"]));
});

test("who said so is not asked the next time, and is asked again once she takes it back", async () => {
  const first = visit();
  await openButton(/Open harbor-prod/);
  fireEvent.click(keep());
  fireEvent.click(screen.getByRole("radio", { name: "SRE-Operator" }));
  fireEvent.click(await openButton(/Open harbor-prod/));
  await vi.waitFor(() => expect(first.entered).toHaveLength(1));
  first.leave();

  const second = visit();
  await vi.waitFor(() => expect(second.entered).toEqual(["eu-west-1"]));
  expect(second.chosen).toEqual([{ accountId: "111122223333", roleName: "SRE-Operator", how: "replace" }]);
  second.leave();

  const beside = visit({ how: "add" });
  await openButton(/Open harbor-prod/);
  expect([keep().checked, beside.chosen]).toEqual([true, []]);
  fireEvent.click(keep());
  beside.leave();

  const last = visit();
  await openButton(/Open harbor-prod/);
  expect([keep().checked, last.chosen]).toEqual([false, []]);
});

test("where AWS refuses what was kept, the picker says why and asks", async () => {
  const first = visit();
  await openButton(/Open harbor-prod/);
  fireEvent.click(keep());
  fireEvent.click(await openButton(/Open harbor-prod/));
  await vi.waitFor(() => expect(first.entered).toHaveLength(1));
  first.leave();
  const second = visit({ refuses: true });
  expect(await screen.findByRole("alert")).toBeDefined();
  expect([second.chosen.length, second.entered]).toEqual([1, []]);
  expect(await openButton(/Open harbor-prod/)).toBeDefined();
});
