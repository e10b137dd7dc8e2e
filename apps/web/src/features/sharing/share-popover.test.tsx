// @vitest-environment happy-dom
import type { ChangeShareRequest, CreateShareRequest, Share, SharePolicy } from "@causeway/wire-contract/sharing";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { ShareApi } from "./share-api.ts";
import { SharePopover } from "./share-popover.tsx";
import { SharingStore } from "./sharing-store.ts";

afterEach(cleanup);

const SECRET = `k${"s".repeat(43)}`;
const POLICY: SharePolicy = {
  sharing: true,
  typing: true,
  anyone: true,
  needsStartSession: false,
  sharesMax: 20,
  viewersMax: 50,
};

/** A server of one session: keeps the links it made. */
class FakeShares implements ShareApi {
  readonly asked: string[] = [];
  shares: Share[] = [];
  policy: SharePolicy;
  constructor(policy: SharePolicy) {
    this.policy = policy;
  }
  async sessionShares() {
    return { shares: this.shares, policy: this.policy };
  }
  async createShare(sessionId: string, body: CreateShareRequest) {
    this.asked.push(`create ${JSON.stringify(body)}`);
    const share: Share = {
      ...{ id: `share-${this.shares.length}`, sessionId, createdAt: 0, viewersMax: 50, watching: 0, joined: 0 },
      ...{ people: [], fitSmallest: false },
      ...body,
    };
    this.shares = [share, ...this.shares];
    return { share, secret: SECRET };
  }
  async changeShare(_sessionId: string, shareId: string, change: ChangeShareRequest) {
    this.asked.push(`change ${shareId} ${JSON.stringify(change)}`);
    return this.shares[0] as Share;
  }
  async revokeShare(_sessionId: string, shareId: string) {
    this.asked.push(`revoke ${shareId}`);
    this.shares = this.shares.filter(({ id }) => id !== shareId);
  }
  async revokeShares() {
    const revoked = this.shares.length;
    this.asked.push("revoke all");
    this.shares = [];
    return { revoked };
  }
}

async function open(policy: Partial<SharePolicy> = {}) {
  const api = new FakeShares({ ...POLICY, ...policy });
  const store = new SharingStore(() => 0);
  const acts: string[] = [];
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SharePopover
        api={api}
        store={store}
        sessionId="s1"
        instanceName="api-04"
        account="111122223333"
        runsAs="SRE-Operator"
        origin="https://c.example"
        pointing={false}
        onPointing={(next) => acts.push(`pointing ${next}`)}
        onAct={(act, who) => acts.push(`${act} ${who}`)}
        onClosed={() => acts.push("closed")}
      />
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Share this terminal" }));
  await screen.findByRole("dialog", { name: "Share this session" });
  return { api, store, acts };
}
const link = () => screen.findByRole<HTMLInputElement>("textbox", { name: "Link to this terminal" });
const make = async () => fireEvent.click(await screen.findByRole("button", { name: "Make link" }));

test("the first choice is ask to type, for the account, for an hour, without earlier output", async () => {
  const { api } = await open();
  await make();
  expect((await link()).value).toBe(`https://c.example/s/share-0#${SECRET}`);
  expect(api.asked).toEqual([
    'create {"mode":"ask","audience":"account","expires":"1-hour","earlierOutput":false,"fitSmallest":false,"viewersMax":50}',
  ]);
});

test("the secret is gone from the page with its dialog", async () => {
  await open();
  await make();
  await link();
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  fireEvent.click(screen.getByRole("button", { name: "Share this terminal" }));
  await screen.findByText("Links");
  expect(document.documentElement.innerHTML).not.toContain(SECRET);
});

test("named people are told with their account, and a word that is no name makes no link", async () => {
  const { api } = await open();
  fireEvent.change(await screen.findByRole("combobox", { name: "Who may open" }), { target: { value: "named" } });
  await make();
  expect(screen.getByRole("alert").textContent).toBe("Write at least one name.");
  const names = screen.getByRole("textbox", { name: /^Names/ });
  fireEvent.change(names, { target: { value: "kofi <b>" } });
  await make();
  expect(screen.getByRole("alert").textContent).toContain('"<b>" is no name');
  fireEvent.change(names, { target: { value: "kofi" } });
  await make();
  await link();
  expect(api.asked[0]).toContain('"people":[{"account":"111122223333","name":"kofi"}]');
  expect(api.asked).toHaveLength(1);
});

test("what the settings forbid is shown, off, with the reason", async () => {
  await open({ typing: false, anyone: false });
  expect((await screen.findByRole<HTMLInputElement>("radio", { name: "View only" })).checked).toBe(true);
  for (const name of ["Ask to type", "Can type"])
    expect(screen.getByRole<HTMLInputElement>("radio", { name }).disabled).toBe(true);
  expect(screen.getByText(/Letting others type is switched off/)).toBeTruthy();
  expect(screen.getByRole<HTMLOptionElement>("option", { name: /Anyone.*switched off/ }).disabled).toBe(true);
});

test("where sharing is off, no link is offered and the reason stands there", async () => {
  await open({ sharing: false });
  await screen.findByText(/Sharing is switched off/);
  expect(screen.queryByRole("button", { name: "Make link" })).toBeNull();
});

test("several links are listed; one is ended, or all with their number", async () => {
  const { api } = await open();
  await make();
  await link();
  fireEvent.click(screen.getByRole("button", { name: "Another link" }));
  await make();
  fireEvent.click(await screen.findByRole("button", { name: "End all 2 links" }));
  await screen.findByRole("button", { name: "Make link" });
  expect(api.asked.slice(2)).toEqual(["revoke all"]);
  await make();
  fireEvent.click(await screen.findByRole("button", { name: /^End the link/ }));
  await screen.findByRole("button", { name: "Make link" });
  expect(api.asked.at(-1)).toBe("revoke share-0");
});

test("as many links as may be: no further one is offered", async () => {
  const { api } = await open({ sharesMax: 1 });
  await make();
  await link();
  expect(api.shares).toHaveLength(1);
  fireEvent.click(screen.getByRole("button", { name: "Another link" }));
  expect(await screen.findByText(/There are 1 links, as many as may be/)).toBeTruthy();
});

test("who asks is answered here too, and a holder's keyboard is taken back", async () => {
  const { store, acts } = await open();
  const people = (keyboard: "asked" | "holding") => {
    const same = { account: "111122223333", role: "IAM user", proven: true, connected: true } as const;
    store.handleMessage({
      ...{ type: "sharing", nowMs: 0, you: "owner", ownerAway: false },
      people: [
        { ...same, key: "owner", name: "dana", colour: 0, keyboard: "watching" },
        { ...same, key: "k1", name: "kofi", colour: 1, mode: "ask", keyboard },
      ],
    });
  };
  people("asked");
  fireEvent.click(await screen.findByRole("button", { name: "Allow" }));
  fireEvent.click(screen.getByRole("button", { name: "Not now" }));
  people("holding");
  fireEvent.click(await screen.findByRole("button", { name: "Take back" }));
  expect(acts).toEqual(["allow k1", "refuse k1", "take-back k1"]);
});

test("a link is for as many people at a time as its owner says, up to what the server allows", async () => {
  const { api } = await open();
  const most = await screen.findByRole("textbox", { name: "People at a time" });
  for (const wrong of ["0", "51", "", "two", "1.5"]) {
    fireEvent.change(most, { target: { value: wrong } });
    await make();
    expect(screen.getByRole("alert").textContent).toBe("From 1 to 50.");
  }
  expect(api.asked).toEqual([]);
  fireEvent.change(most, { target: { value: "3" } });
  await make();
  await link();
  expect(api.asked[0]).toContain('"viewersMax":3');
  expect(screen.queryByRole("alert")).toBeNull();
});

test("the new link is shown as a QR code when it is asked for, and only then", async () => {
  await open();
  await make();
  await link();
  expect(screen.queryByRole("img", { name: "The link as a QR code" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "QR code" }));
  const code = await screen.findByRole("img", { name: "The link as a QR code" });
  expect(code.querySelector("path")?.getAttribute("d")?.length).toBeGreaterThan(1_000);
  expect(code.outerHTML).not.toContain(SECRET);
});

test("the dialog opens and closes by what asks for it elsewhere: the chord, the palette", async () => {
  const { store } = await open();
  act(() => store.askForDialog());
  expect(screen.queryByRole("dialog")).toBeNull();
  act(() => store.askForDialog());
  await screen.findByRole("dialog", { name: "Share this session" });
});
