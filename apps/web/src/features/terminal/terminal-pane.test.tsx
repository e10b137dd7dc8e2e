// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { type ComponentProps, StrictMode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { FakeSurface, type FakeWorld, fakeSession, fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { problemFromCode } from "./problems.ts";
import { SessionCore } from "./session-core.ts";
import { TerminalPane } from "./terminal-pane.tsx";

const TARGET = { instanceId: "i-0a1f6c83e5d2b7940", instanceName: "checkout-api-04", region: "eu-west-1" };
const IDENTITY = { name: "dana", role: "SRE-Operator", account: "harbor-prod", environment: undefined };

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

interface Shown {
  world: FakeWorld;
  session: SessionCore;
  surface: FakeSurface;
  rerender(): void;
  unmount(): void;
}

function show(
  existing = true,
  prepare: (world: FakeWorld) => void = () => undefined,
  narrow?: ComponentProps<typeof TerminalPane>["narrow"],
): Shown {
  const world = fakeWorld();
  prepare(world);
  let surface: FakeSurface | undefined;
  const session = new SessionCore(TARGET, existing ? fakeSession() : undefined, world.deps, (events) => {
    surface = new FakeSurface(events);
    return surface;
  });
  const pane = (
    <StrictMode>
      <TerminalPane
        session={session}
        identity={IDENTITY}
        place="eu-west-1a"
        environment={{ word: "prod", colour: "prod" }}
        active
        ordinal={0}
        otherRole={<button type="button">Use another role</button>}
        narrow={narrow}
        onClose={() => undefined}
      />
    </StrictMode>
  );
  const { rerender, unmount } = render(pane);
  return { world, session, surface: surface as FakeSurface, rerender: () => rerender(pane), unmount };
}

async function update(shown: Shown, change: () => void): Promise<void> {
  change();
  await settle();
  shown.rerender();
}

async function openShell(shown: Shown): Promise<void> {
  await settle();
  await update(shown, () => {
    shown.world.sockets[0]?.open();
    shown.world.sockets[0]?.attached();
  });
}

test("a pane holds the terminal once, also when React mounts it twice, and lets go on unmount without ending it", async () => {
  const shown = show();
  await openShell(shown);
  expect(shown.surface.attached).toBe(1);
  expect(shown.world.sockets).toHaveLength(1);
  expect(screen.getByRole("region", { name: "Pane: checkout-api-04" }).getAttribute("data-session-key")).toBe(
    shown.session.key,
  );
  shown.unmount();
  expect(shown.surface.attached).toBe(0);
  expect(shown.world.sockets[0]?.isClosed).toBe(false);
  expect(shown.world.api.ended).toEqual([]);
  shown.session.dispose();
});

test("credentials that AWS refuses: the strip offers to sign in again, and goes when the session has gone on", async () => {
  const asked = vi.fn();
  const shown = show(true, (world) => Object.assign(world.deps, { onSignInWanted: asked }));
  await openShell(shown);
  const [socket] = shown.world.sockets;
  await update(shown, () => socket?.say({ type: "channel", channel: "lost", reason: "CREDENTIALS_EXPIRED" }));
  expect(screen.getByText("Your AWS sign-in ended.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Sign in again" }));
  expect(asked).toHaveBeenCalledTimes(1);
  await update(shown, () => socket?.say({ type: "channel", channel: "open" }));
  expect(screen.queryByText("Your AWS sign-in ended.")).toBeNull();
});

test("a login that an admin ended: the pane says who, and what became of the shell, and offers to sign in again", async () => {
  const asked = vi.fn();
  const shown = show(true, (world) => Object.assign(world.deps, { onSignInWanted: asked }));
  await openShell(shown);
  const [socket] = shown.world.sockets;
  await update(shown, () => {
    socket?.say({ type: "error", code: "LOGIN_ENDED_BY_ADMIN", retryable: false });
    socket?.drop(4000, "LOGIN_ENDED_BY_ADMIN");
  });
  expect(screen.getByText("An admin signed you out.")).toBeTruthy();
  expect(screen.getByText(/^Your terminals were closed and their shells ended/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Try now" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Sign in again" }));
  expect(asked).toHaveBeenCalledTimes(1);
});

test("an instance that does not answer is said on an open channel, and taken back when it does", async () => {
  const shown = show();
  await openShell(shown);
  const [socket] = shown.world.sockets;
  await update(shown, () => socket?.say({ type: "channel", channel: "open", reason: "INSTANCE_SILENT" }));
  expect(screen.getByText("The instance does not answer.")).toBeTruthy();
  expect(screen.getByText("instance silent")).toBeTruthy();
  await update(shown, () => socket?.say({ type: "channel", channel: "open" }));
  expect(screen.queryByText("The instance does not answer.")).toBeNull();
});

test("an ended session says who ended it and offers to start again", async () => {
  const shown = show();
  await openShell(shown);
  await update(shown, () =>
    shown.world.sockets[0]?.say({ type: "ended", end: { by: "shell", at: 1_700_000_000_000 + 1_877_000 } }),
  );
  expect(screen.getByText("The shell exited.")).toBeTruthy();
  expect(screen.getByText(/31 min 17 s/)).toBeTruthy();
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: /start again/i })));
  expect(shown.world.api.started).toHaveLength(1);
  shown.session.dispose();
});

test("a problem is shown with its title, cause, remedy and what AWS said, copyable", async () => {
  const problem = {
    ...problemFromCode("INSTANCE_STOPPED"),
    requestId: "9f3c",
    aws: { service: "ssm", operation: "StartSession", code: "TargetNotConnected", message: "", requestId: "6b1f04ce" },
  };
  const shown = show(false, ({ api }) => {
    api.startError = { problem };
  });
  await update(shown, () => undefined);
  const card = screen.getByRole("alert");
  expect(card.textContent).toContain("checkout-api-04 is stopped");
  expect(card.textContent).toContain("Start it, or pick another instance.");
  expect(card.textContent).toContain("TargetNotConnected · AWS request 6b1f04ce");
  expect(screen.getByRole("button", { name: "Copy details" })).toBeTruthy();
  shown.session.dispose();
});

test("a role that AWS refuses is offered another one first; other problems are not the role's", async () => {
  for (const [code, isOffered] of [
    ["AWS_ACCESS_DENIED", true],
    ["INSTANCE_STOPPED", false],
  ] as const) {
    const shown = show(false, ({ api }) => {
      api.startError = { problem: problemFromCode(code) };
    });
    await update(shown, () => undefined);
    const names = within(screen.getByRole("alert"))
      .getAllByRole("button")
      .map(({ textContent }) => textContent);
    expect(names[0]).toBe(isOffered ? "Use another role" : "Try again");
    shown.session.dispose();
    cleanup();
  }
});

test("a lost connection keeps the terminal and counts what is held; Try now dials", async () => {
  vi.useFakeTimers({ now: 1_700_000_002_000, toFake: ["Date"] }); // two seconds after the fake world's now
  const shown = show();
  await openShell(shown);
  await update(shown, () => {
    shown.world.sockets[0]?.drop();
    shown.surface.type("abc");
  });
  expect(screen.getByText("Reconnecting.")).toBeTruthy();
  expect(screen.getByText(/3 keys held/)).toBeTruthy();
  expect(screen.getByTestId("terminal").className).toContain("drained");
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: "Try now" })));
  await settle();
  expect(shown.world.sockets).toHaveLength(2);
  shown.session.dispose();
});

test("old keys are asked about; Drop forgets them", async () => {
  const shown = show();
  await openShell(shown);
  shown.world.sockets[0]?.drop();
  shown.surface.type("rm -rf x\r");
  await shown.world.clock.advance(500);
  await update(shown, () => {
    shown.world.sockets[1]?.open();
    shown.world.sockets[1]?.attached();
  });
  expect(screen.getByText("You typed 9 keys while away.")).toBeTruthy();
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: "Drop" })));
  expect(screen.queryByText(/while away/)).toBeNull();
  expect(shown.world.sockets[1]?.typed).toBe("");
  shown.session.dispose();
});

test("the steps of opening appear only when it takes longer than 400 ms", async () => {
  vi.useFakeTimers();
  const shown = show(false, ({ api }) => {
    api.holdStart();
  });
  vi.advanceTimersByTime(399);
  shown.rerender();
  expect(screen.queryByText("Starting a session in AWS")).toBeNull();
  vi.advanceTimersByTime(1);
  await settle();
  shown.rerender();
  expect(screen.getByText("Opening checkout-api-04")).toBeTruthy();
  shown.session.dispose();
});

test("a server whose disk takes nothing: keys wait in sight until the person types without a net, and that can be taken back", async () => {
  const shown = show();
  await openShell(shown);
  const [socket] = shown.world.sockets;
  await update(shown, () => {
    socket?.say({ type: "notice", code: "LOG_NOT_DURABLE" });
    socket?.say({ type: "input-storage", state: "refused", inputStored: 0 });
    shown.surface.type("ls");
  });
  expect(screen.getByText("The server's disk takes nothing more.")).toBeTruthy();
  expect(screen.getByText(/it is not sent\. 2 keys held\./)).toBeTruthy();
  expect(screen.queryByText(/would not survive/)).toBeNull();
  expect(socket?.typed).toBe("");
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: "Type without a net" })));
  expect(socket?.sentOf("type-without-net")).toEqual([{ type: "type-without-net", confirmed: true }]);
  await update(shown, () => socket?.say({ type: "input-storage", state: "without-net", inputStored: 0 }));
  expect(screen.getByText("You type without a net.")).toBeTruthy();
  expect(socket?.typed).toBe("ls");
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: "Hold keys again" })));
  expect(socket?.sentOf("type-without-net").at(-1)).toEqual({ type: "type-without-net", confirmed: false });
  await update(shown, () => socket?.say({ type: "input-storage", state: "stored", inputStored: 2 }));
  expect(screen.queryByText("You type without a net.")).toBeNull();
  shown.session.dispose();
});

test("keys that waited for the disk and hold an Enter are asked about, and 256 bytes are held at most", async () => {
  const shown = show();
  await openShell(shown);
  const [socket] = shown.world.sockets;
  await update(shown, () => {
    socket?.say({ type: "input-storage", state: "refused", inputStored: 0 });
    shown.surface.type("rm -rf x\r");
    shown.surface.type("y".repeat(300));
  });
  expect(screen.getByText(/300 keys not taken/)).toBeTruthy();
  await update(shown, () => socket?.say({ type: "input-storage", state: "stored", inputStored: 0 }));
  expect(screen.getByText("You typed 9 keys that were not sent.")).toBeTruthy();
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: "Drop" })));
  expect(socket?.typed).toBe("");
  await update(shown, () => shown.surface.type("a"));
  expect(socket?.frames.at(-1)).toMatchObject({ kind: "input", offset: 0 });
  shown.session.dispose();
});

test("a page that attaches while the disk takes nothing says so at once, and sends nothing", async () => {
  const shown = show();
  await settle();
  await update(shown, () => {
    shown.world.sockets[0]?.open();
    shown.surface.type("early");
    shown.world.sockets[0]?.attached({ inputStorage: "refused" });
  });
  expect(screen.getByRole("button", { name: "Type without a net" })).toBeTruthy();
  expect(screen.getByText(/5 keys held/)).toBeTruthy();
  expect(shown.world.sockets[0]?.typed).toBe("");
  shown.session.dispose();
});

test("where one terminal fills the window, bar and status line are one: the way back, who, how large, how fast", async () => {
  const back = vi.fn();
  const shown = show(true, undefined, { sandbox: true, onBack: back, tabs: <button type="button">1/2</button> });
  await openShell(shown);
  const statuses = screen.getAllByRole("group", { name: "Session status" });
  expect(statuses.map(({ textContent }) => textContent)).toEqual(["SRE-Operator80×24–"]);
  expect(screen.getByText("prod")).toBeTruthy();
  expect(screen.getByRole("button", { name: "1/2" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Back to the instances" }));
  expect(back).toHaveBeenCalledTimes(1);
});

test("a start that AWS asked to slow down about says in how many seconds it is tried again by itself", async () => {
  const shown = show(false, ({ api }) => {
    api.startError = { problem: problemFromCode("AWS_THROTTLED") };
  });
  await update(shown, () => undefined);
  const card = screen.getByRole("alert");
  expect(card.textContent).toContain("AWS asked us to slow down");
  expect(card.textContent?.replaceAll("\u00a0", " ")).toMatch(/Trying again by itself in \d+ s\.|Trying again now\./);
  expect(screen.getByRole("button", { name: "Try now" })).toBeTruthy();
  shown.session.dispose();
});

test("what an admin of the account has to mend can be copied whole, with the statement or the commands in sight", async () => {
  const shown = show();
  await openShell(shown);
  const written: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => void written.push(text) } });
  const text = "Plugin with name Standard_Stream not found. Step name: Standard_Stream";
  await update(shown, () =>
    shown.world.sockets[0]?.say({
      type: "ended",
      end: { by: "agent", at: 9, code: "AGENT_SHELL_PLUGIN_MISSING", text },
    }),
  );
  expect(screen.getByText("The agent could not start a shell.")).toBeTruthy();
  expect(screen.getByText("Commands for the instance")).toBeTruthy();
  await update(shown, () => fireEvent.click(screen.getByRole("button", { name: "Copy for your admin" })));
  expect(written[0]).toMatch(/checkout-api-04 \(i-0a1f6c83e5d2b7940\)[\s\S]*SRE-Operator in harbor-prod[\s\S]*df -h/);
  expect(screen.getByRole("button", { name: "Copied" })).toBeTruthy();
  vi.unstubAllGlobals();
  shown.session.dispose();
});
