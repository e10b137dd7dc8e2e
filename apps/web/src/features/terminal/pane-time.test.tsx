// @vitest-environment happy-dom
/** The session's time on the pane: status bar, warning, ends. */
import type { TimeLeftMessage } from "@causeway/wire-contract/terminal-messages";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FakeSocket, FakeSurface, fakeSession, fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { SessionCore } from "./session-core.ts";
import { TerminalPane } from "./terminal-pane.tsx";

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const LIMIT_MS = 20 * MINUTE_MS;
/** The server's clock is three hours behind the page's. */
const SERVER_BEHIND_MS = 3 * 60 * MINUTE_MS;
/** A size is told after the layout has rested for less than this. */
const SETTLING_MS = 500;
const PANE = {
  identity: { name: "dana", role: "SRE-Operator", account: "harbor-prod", environment: undefined },
  place: "eu-west-1a",
  environment: undefined,
  active: true,
  ordinal: 0,
  onClose: () => undefined,
};

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function openPane() {
  const world = fakeWorld();
  let surface: FakeSurface | undefined;
  const target = { instanceId: "i-0a1f6c83e5d2b7940", instanceName: "checkout-api-04", region: "eu-west-1" };
  const session = new SessionCore(target, fakeSession(), world.deps, (events) => {
    surface = new FakeSurface(events);
    return surface;
  });
  render(<TerminalPane {...PANE} session={session} />);
  await settle();
  const socket = world.sockets[0] as FakeSocket;
  await act(async () => {
    socket.open();
    socket.attached();
    socket.say({ type: "pong", id: 0 });
  });
  /** Time passes for page and session; the server answers pings. */
  const pass = async (ms: number) => {
    world.clock.sleep(ms - SETTLING_MS);
    await act(async () => {
      await world.clock.advance(SETTLING_MS);
      vi.advanceTimersByTime(ms);
      const ping = socket.sentOf("ping").at(-1);
      if (ping && !socket.isClosed) socket.say({ type: "pong", id: ping.id });
    });
  };
  const say = async (fields: Partial<TimeLeftMessage>) => {
    const nowMs = Date.now() - SERVER_BEHIND_MS;
    const preferences = { source: "document", idleLimitMs: LIMIT_MS } as const;
    const message = {
      type: "time-left",
      nowMs,
      idleEndsAtMs: nowMs + LIMIT_MS,
      idleEndedBy: "aws",
      preferences,
    } as const;
    await act(async () => socket.say({ ...message, ...fields }));
  };
  return { session, socket, surface: surface as FakeSurface, pass, say };
}

const bar = () => (screen.getByRole("group", { name: "Session status" }).textContent ?? "").replaceAll("\u00a0", " ");
const strip = () => screen.queryByText(/this shell in/)?.textContent?.replaceAll("\u00a0", " ");

test("the status bar counts minutes down by the page's own clock, and seconds in the last two", async () => {
  const { session, pass, say } = await openPane();
  expect(bar()).not.toContain("left");
  await say({});
  expect(bar()).toContain("20 min left");
  await pass(90_000);
  expect(bar()).toContain("19 min left");
  await pass(17 * MINUTE_MS);
  expect(bar()).toContain("1 min 30 s left");
  await pass(1_000);
  expect(bar()).toContain("1 min 29 s left");
  session.dispose();
});

test("the warning comes two minutes ahead, and goes when the server hears a key", async () => {
  const { session, pass, say } = await openPane();
  await say({});
  await pass(18 * MINUTE_MS - 1_000);
  expect(strip()).toBeUndefined();
  await pass(1_000);
  expect(strip()).toBe("AWS ends this shell in 2 min without a key.");
  await say({});
  expect(strip()).toBeUndefined();
  expect(bar()).toContain("20 min left");
  session.dispose();
});

test("the seconds of the warning are not read aloud, its steps are", async () => {
  const { session, pass, say } = await openPane();
  await say({});
  await pass(18.5 * MINUTE_MS);
  const detail = screen.getByText(/Any key keeps it open/);
  expect(detail.getAttribute("aria-live")).toBe("off");
  expect(screen.getByText(/this shell in/).closest("[aria-live=polite]")).not.toBeNull();
  session.dispose();
});

test("the lines that the warning takes are no reason to send a size, which AWS would count as activity", async () => {
  const { session, socket, surface, pass, say } = await openPane();
  await say({});
  await pass(18 * MINUTE_MS);
  surface.layout(80, 22);
  await pass(1_000);
  expect(socket.sentOf("resize")).toEqual([]);
  session.dispose();
});

test("the window's size of after the warning is sent", async () => {
  const { session, socket, surface, pass, say } = await openPane();
  await say({});
  await pass(19 * MINUTE_MS);
  await say({});
  surface.layout(100, 30);
  await pass(1_000);
  expect(socket.sentOf("resize")).toEqual([{ type: "resize", cols: 100, rows: 30 }]);
  session.dispose();
});

test("REC names where AWS logs, only when it does", async () => {
  const { session, say } = await openPane();
  await say({});
  expect(bar()).not.toContain("REC");
  await say({ preferences: { source: "document", idleLimitMs: LIMIT_MS, awsLog: { s3: "logs", cloudWatch: "/ssm" } } });
  expect(bar()).toContain("REC S3 + CW");
  expect(screen.getByTitle("AWS logs this session: S3 in logs and CloudWatch in /ssm")).toBeTruthy();
  session.dispose();
});

test("an end at a limit says which and by whom; nothing is counted any more", async () => {
  const { session, socket, say } = await openPane();
  await say({});
  const end = { by: "server", at: START_MS, limit: { kind: "idle", limitMs: LIMIT_MS } } as const;
  await act(async () => socket.say({ type: "ended", end }));
  expect(screen.getByText("Ended by Causeway: idle for 20 min.")).toBeTruthy();
  expect(bar()).toContain("ended, idle limit");
  expect(bar()).not.toContain("left");
  session.dispose();
});

test("a minute without contact: the strip says when the shell ends if nobody types", async () => {
  const { session, socket, pass, say } = await openPane();
  await say({});
  await act(async () => socket.drop());
  await pass(2_000);
  expect(screen.getByText("Reconnecting.")).toBeTruthy();
  await pass(60_000);
  expect(screen.getByText("Still no contact.")).toBeTruthy();
  expect(screen.getByText(/AWS ends the shell in 19 min without a key/)).toBeTruthy();
  session.dispose();
});
