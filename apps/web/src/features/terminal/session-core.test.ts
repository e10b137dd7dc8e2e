import { ACK_EVERY_BYTES } from "@causeway/wire-contract/terminal-frames";
import { expect, test } from "vitest";
import {
  type FakeSocket,
  FakeSurface,
  type FakeWorld,
  fakeSession,
  fakeWorld,
  settle,
} from "../../test-support/fake-terminal.ts";
import { TICKET_TIMEOUT_MS } from "./attach-link.ts";
import { problemFromCode } from "./problems.ts";
import { SessionCore } from "./session-core.ts";
import type { TerminalTarget } from "./terminal-types.ts";
import type {} from "./text-hook.ts";

const TARGET: TerminalTarget = {
  instanceId: "i-0a1f6c83e5d2b7940",
  instanceName: "checkout-api-04",
  region: "eu-west-1",
};

/** The fake emulator draws nowhere, so a host is only passed on. */
const HOST = {} as HTMLElement;
const ENTER = { key: "Enter" } as KeyboardEvent;

interface Bench extends FakeWorld {
  session: SessionCore;
  surface: FakeSurface;
  detach: () => void;
  /** The newest connection. */
  socket(): FakeSocket;
}

function bench(existing = fakeSession(), world = fakeWorld()): Bench {
  return make(existing, world);
}

function make(existing: ReturnType<typeof fakeSession> | undefined, world: FakeWorld): Bench {
  let surface: FakeSurface | undefined;
  const session = new SessionCore(TARGET, existing, world.deps, (events) => {
    surface = new FakeSurface(events);
    return surface;
  });
  const detach = session.attach(HOST);
  const socket = (): FakeSocket => world.sockets.at(-1) as FakeSocket;
  return { ...world, session, surface: surface as FakeSurface, detach, socket };
}

async function opened(fields: Parameters<FakeSocket["attached"]>[0] = {}): Promise<Bench> {
  const b = bench();
  await settle();
  b.socket().open();
  b.socket().attached(fields);
  b.socket().say({ type: "control", answersQueries: true, fromOffset: 0 });
  b.socket().say({ type: "pong", id: 0 });
  await settle();
  return b;
}

async function reconnect(b: Bench, fields: Parameters<FakeSocket["attached"]>[0] = {}): Promise<void> {
  await b.clock.advance(500);
  b.socket().open();
  b.socket().attached(fields);
  b.socket().say({ type: "pong", id: 0 });
  await settle();
}

test("a new session starts at the size of its pane, shows its steps, and is open when the shell is", async () => {
  const world = fakeWorld();
  const release = world.api.holdStart();
  const b = make(undefined, world);
  expect(b.session.getStatus()).toMatchObject({ kind: "starting" });
  expect(b.api.started).toEqual([{ region: "eu-west-1", target: TARGET.instanceId, cols: 80, rows: 24 }]);
  await b.clock.advance(212);
  release();
  await settle();
  b.socket().open();
  b.socket().attached({ channel: "connecting" });
  await b.clock.advance(96);
  b.socket().say({ type: "channel", channel: "handshaking" });
  expect(b.session.getStatus()).toMatchObject({
    kind: "connecting",
    steps: [
      { name: "session", state: "done", tookMs: 212 },
      { name: "channel", state: "done", tookMs: 96 },
      { name: "shell", state: "active" },
    ],
  });
  b.socket().say({ type: "channel", channel: "open" });
  expect(b.session.getStatus().kind).toBe("open");
  b.session.dispose();
});

test("a reload attaches without an offset and replays from where the server begins", async () => {
  const b = await opened({ offset: 0, headOffset: 6 });
  expect(b.socket().messages.slice(0, 2)).toEqual([
    { type: "ticket", ticket: "ticket-1" },
    { type: "attach", offset: null, streamId: `80${"0".repeat(30)}`, cols: 80, rows: 24, visible: true },
  ]);
  b.socket().output("before");
  expect(b.surface.log).toEqual(["before"]);
  expect(b.socket().acks).toEqual([6]);
  b.session.dispose();
});

test("a reconnect waits 0.5, 1, 2, 4, 8 and then 15 s, and goes on at the offset that was parsed", async () => {
  const b = await opened();
  b.socket().output("hello");
  b.socket().drop();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    const status = b.session.getStatus();
    const nextTryAtMs = status.kind === "reconnecting" ? (status.nextTryAtMs ?? 0) : 0;
    waits.push(nextTryAtMs - b.clock.nowMs());
    await b.clock.advance(waits.at(-1) ?? 0);
    b.socket().drop();
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  b.session.retryNow();
  await settle();
  b.socket().open();
  expect(b.socket().sentOf("attach")[0]?.offset).toBe(5);
  b.session.dispose();
});

test("a request for a ticket into a line that died without a word is given up after 5 s, and asked again on a new one", async () => {
  const b = await opened();
  b.api.isTicketSilent = true;
  b.socket().drop();
  await b.clock.advance(500);
  expect(b.session.getStatus()).not.toHaveProperty("nextTryAtMs");
  const { ticketSignal } = b.api;
  await b.clock.advance(TICKET_TIMEOUT_MS);
  expect(ticketSignal?.aborted).toBe(true);
  expect(b.session.getStatus()).toMatchObject({ kind: "reconnecting", attempt: 2 });
  b.api.isTicketSilent = false;
  await b.clock.advance(1_000);
  b.socket().open();
  b.socket().attached();
  expect(b.session.getStatus().kind).toBe("open");
  b.session.dispose();
  expect(b.clock.pending).toBe(0);
});

test("the network or the page coming back dials at once", async () => {
  const b = await opened();
  for (const signal of ["online", "visible", "focus"] as const) {
    b.socket().drop();
    await b.clock.advance(0);
    const before = b.sockets.length;
    b.page.signal(signal);
    await settle();
    expect(b.sockets.length).toBe(before + 1);
  }
  b.session.dispose();
});

test("pings every 5 s, and drops and dials anew when one stays unanswered for 5 s", async () => {
  const b = await opened();
  await b.clock.advance(5_000);
  expect(b.socket().sentOf("ping")).toHaveLength(2);
  await b.clock.advance(12);
  b.socket().say({ type: "pong", id: 1 });
  expect(b.session.getStatus()).toMatchObject({ kind: "open", latencyMs: 12 });
  await b.clock.advance(5_000);
  const first = b.socket();
  await b.clock.advance(1_500);
  expect(b.session.getStatus()).toMatchObject({ kind: "open", unansweredSinceMs: expect.any(Number) });
  await b.clock.advance(3_500);
  expect(first.isClosed).toBe(true);
  expect(b.session.getStatus().kind).toBe("reconnecting");
  b.session.dispose();
});

test("keys leave as human input, numbered; what is stored is never sent again after a reconnect", async () => {
  const b = await opened();
  b.surface.type("l");
  b.surface.type("s");
  await settle();
  expect(b.socket().frames).toMatchObject([{ kind: "input", origin: "human", offset: 0 }]);
  b.surface.type("!");
  await settle();
  b.socket().drop();
  await reconnect(b, { inputStored: 2 });
  expect(b.socket().frames).toMatchObject([{ kind: "input", offset: 2 }]);
  expect(b.socket().typed).toBe("!");
  b.session.dispose();
});

test("keys of a gap that are older than 5 s are not sent until the person says so", async () => {
  const b = await opened();
  b.socket().drop();
  b.surface.type("rm -rf x");
  await settle();
  expect(b.session.getStatus().heldKeys).toEqual({ keys: 8, refused: 0, asking: false });
  b.clock.sleep(6_000);
  await reconnect(b);
  expect(b.session.getStatus().heldKeys).toEqual({ keys: 8, refused: 0, asking: true });
  expect(b.socket().typed).toBe("");
  b.session.sendHeldKeys();
  expect(b.socket().typed).toBe("rm -rf x");
  expect(b.session.getStatus().heldKeys.asking).toBe(false);
  b.session.dispose();
});

test("an Enter among the keys of a gap is asked about, and dropping them sends nothing but what is typed next", async () => {
  const b = await opened();
  b.socket().drop();
  b.surface.type("reboot\r");
  await reconnect(b);
  expect(b.session.getStatus().heldKeys.asking).toBe(true);
  b.session.dropHeldKeys();
  b.surface.type("ls");
  await settle();
  expect(b.socket().typed).toBe("ls");
  expect(b.socket().frames).toMatchObject([{ offset: 0 }]);
  b.session.dispose();
});

test("keys beyond 256 bytes of a gap are refused, and counted", async () => {
  const b = await opened();
  b.socket().drop();
  b.surface.type("x".repeat(256));
  b.surface.type("y");
  await settle();
  expect(b.session.getStatus().heldKeys).toEqual({ keys: 256, refused: 1, asking: false });
  b.session.dispose();
});

test("sizes are applied between the output they stand between, behind pending writes", async () => {
  const b = await opened();
  b.surface.isHolding = true;
  b.socket().output("wide");
  b.socket().say({ type: "size", cols: 40, rows: 10 });
  b.socket().output("narrow");
  expect(b.surface.log).toEqual(["wide"]);
  b.surface.parseOne();
  expect(b.surface.log).toEqual(["wide", "<40x10>", "narrow"]);
  expect(b.session.getStatus()).toMatchObject({ cols: 40, rows: 10 });
  b.session.dispose();
});

test("acknowledges every 32 KiB while a flood is parsed, and when nothing is left", async () => {
  const b = await opened();
  b.surface.isHolding = true;
  const chunk = new Uint8Array(ACK_EVERY_BYTES / 2);
  for (let index = 0; index < 5; index++) b.socket().output(chunk);
  for (let index = 0; index < 5; index++) b.surface.parseOne();
  expect(b.socket().acks).toEqual([ACK_EVERY_BYTES, 2 * ACK_EVERY_BYTES, 2.5 * ACK_EVERY_BYTES]);
  b.session.dispose();
});

test("a reset ends the unfinished sequence, clears, and goes on at the server's offset", async () => {
  const b = await opened();
  b.socket().output("old\u001b[3");
  b.socket().say({ type: "reset", offset: 9_000, headOffset: 9_003, cols: 80, rows: 24 });
  b.socket().say({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  b.socket().output("new");
  expect(b.surface.log.slice(1)).toEqual(["\u0018", "<reset>", "new"]);
  expect(b.socket().acks.at(-1)).toBe(9_003);
  expect(b.session.getStatus().notices).toMatchObject([{ code: "OUTPUT_NOT_KEPT" }]);
  b.session.dispose();
});

test("output already parsed is not shown twice when the server goes back further than asked", async () => {
  const b = await opened();
  b.socket().output("abcdef");
  b.socket().drop();
  await reconnect(b, { offset: 3, headOffset: 8 });
  b.socket().output("defgh");
  expect(b.surface.log.join("")).toBe("abcdefgh");
  b.session.dispose();
});

test("only a visible page that was told to may answer a query, and never while it is cut off", async () => {
  const b = await opened();
  const reply = (): void => b.surface.events.onEmit("reply", new TextEncoder().encode("\u001b[?1;2c"), 1);
  reply();
  await settle();
  expect(b.socket().frames).toMatchObject([{ kind: "input", origin: "reply" }]);
  b.page.signal("hidden");
  expect(b.socket().sentOf("visibility")).toEqual([{ type: "visibility", visible: false }]);
  reply();
  b.page.signal("visible");
  b.socket().say({ type: "control", answersQueries: false, fromOffset: 0 });
  reply();
  b.surface.events.onEmit("stale", new TextEncoder().encode("\u001b[?1;2c"), 1);
  await settle();
  expect(b.socket().frames).toHaveLength(1);
  b.socket().drop();
  reply();
  await reconnect(b);
  expect(b.socket().frames).toHaveLength(0);
  b.session.dispose();
});

test("a layout is sent 100 ms after it rests, once, only when changed, within the limits, never while hidden", async () => {
  const b = await opened();
  await b.clock.advance(200);
  b.surface.layout(100, 30);
  await b.clock.advance(60);
  b.surface.layout(9_999, 3);
  await b.clock.advance(60);
  expect(b.socket().sentOf("resize")).toEqual([]);
  await b.clock.advance(60);
  b.surface.layout(9_999, 3);
  await b.clock.advance(200);
  expect(b.socket().sentOf("resize")).toEqual([{ type: "resize", cols: 500, rows: 5 }]);
  b.surface.fit = { cols: 60, rows: 20 };
  b.detach();
  await b.clock.advance(200);
  expect(b.socket().sentOf("resize")).toHaveLength(1);
  b.session.dispose();
});

test("the lines that a reconnecting strip takes from the pane do not resize the shell", async () => {
  const b = await opened();
  await b.clock.advance(200);
  b.socket().drop();
  b.surface.layout(80, 22);
  await reconnect(b);
  expect(b.socket().sentOf("attach")).toMatchObject([{ cols: 80, rows: 24 }]);
  b.surface.layout(80, 24);
  await b.clock.advance(200);
  expect(b.socket().sentOf("resize")).toEqual([]);
  b.session.dispose();
});

test("the grid follows the log, not the pane, when another window owns the size", async () => {
  const b = await opened();
  b.surface.layout(100, 30);
  await b.clock.advance(200);
  expect([b.surface.cols, b.surface.rows]).toEqual([80, 24]);
  b.socket().say({ type: "size", cols: 132, rows: 50 });
  expect([b.surface.cols, b.surface.rows]).toEqual([132, 50]);
  b.session.dispose();
});

test("an end says who ended it and stays; Enter starts a new session in the same pane, other keys do nothing", async () => {
  const b = await opened();
  b.socket().output("logout");
  b.socket().say({ type: "ended", end: { by: "shell", at: b.clock.nowMs() } });
  b.socket().drop(4001, "");
  expect(b.session.getStatus()).toMatchObject({ kind: "ended", end: { by: "shell" } });
  b.surface.type("x");
  await b.clock.advance(60_000);
  expect(b.sockets).toHaveLength(1);
  const used = b.surface.events.onKeyDown(ENTER);
  expect(used).toBe(true);
  await settle();
  expect(b.api.started).toHaveLength(1);
  b.socket().open();
  expect(b.socket().sentOf("attach")[0]?.offset).toBeNull();
  b.socket().attached();
  b.socket().output("$ ");
  expect(b.surface.log).toEqual(["logout", "\u0018", "<reset>", "$ "]);
  b.session.dispose();
});

test("a session that the server no longer knows has ended outside Causeway", async () => {
  const b = await opened();
  b.api.ticketError = { problem: problemFromCode("SESSION_NOT_FOUND") };
  b.socket().drop();
  await b.clock.advance(500);
  expect(b.session.getStatus()).toMatchObject({ kind: "ended", end: { by: "unknown", code: "SESSION_NOT_FOUND" } });
  b.session.dispose();
});

test("a refused start shows the problem, and trying again starts anew", async () => {
  const world = fakeWorld();
  world.api.startError = { problem: problemFromCode("INSTANCE_STOPPED") };
  const b = make(undefined, world);
  await settle();
  expect(b.session.getStatus()).toMatchObject({ kind: "failed", problem: { code: "INSTANCE_STOPPED" } });
  world.api.startError = undefined;
  b.session.retryNow();
  await settle();
  expect(b.session.getStatus().kind).toBe("connecting");
  b.session.dispose();
});

test("a start that got no answer says so, instead of naming a cause nobody knows", async () => {
  const world = fakeWorld();
  world.api.startError = new Error("socket hang up");
  const b = make(undefined, world);
  await settle();
  expect(b.session.getStatus()).toMatchObject({ kind: "failed", problem: { code: "SERVER_UNREACHABLE" } });
  b.session.dispose();
});

test("a lost login does not end anything: it goes on trying until somebody signs in again", async () => {
  const b = await opened();
  b.api.ticketError = { problem: problemFromCode("SIGN_IN_REQUIRED") };
  b.socket().drop();
  await b.clock.advance(20_000);
  expect(b.session.getStatus()).toMatchObject({ kind: "reconnecting", problem: { code: "SIGN_IN_REQUIRED" } });
  b.api.ticketError = undefined;
  await b.clock.advance(15_000);
  b.socket().open();
  b.socket().attached();
  expect(b.session.getStatus().kind).toBe("open");
  b.session.dispose();
});

test("an error of the server that may pass dials again; one that cannot pass is shown", async () => {
  const b = await opened();
  b.socket().say({ type: "error", code: "INPUT_GAP", retryable: true });
  b.socket().drop(4000, "INPUT_GAP");
  expect(b.session.getStatus().kind).toBe("reconnecting");
  await reconnect(b);
  b.socket().say({ type: "error", code: "PAGE_OUTDATED", retryable: false });
  b.socket().drop(4000, "PAGE_OUTDATED");
  expect(b.session.getStatus()).toMatchObject({ kind: "failed", problem: { code: "PAGE_OUTDATED" } });
  b.session.dispose();
});

test("coming back says for how long it was away", async () => {
  const b = await opened();
  b.socket().drop();
  b.clock.sleep(10_500);
  await reconnect(b);
  expect(b.session.getStatus()).toMatchObject({
    kind: "open",
    backAfterMs: 11_000,
    continuity: "whole",
    isMarked: true,
  });
  expect(b.surface.marks).toEqual(["back after 11\u00a0s, nothing lost"]);
  await b.clock.advance(9_000);
  expect(b.session.getStatus()).not.toHaveProperty("backAfterMs");
  b.session.dispose();
});

test("the mark of a gap stands after what was missed is known, and the alternate screen has none", async () => {
  const b = await opened();
  b.socket().output("before");
  b.surface.isHolding = true;
  b.socket().output("unparsed");
  b.socket().drop();
  b.clock.sleep(5_000);
  await reconnect(b, { offset: 14, headOffset: 14 });
  expect(b.surface.marks).toEqual([]);
  b.surface.isHolding = false;
  b.surface.parseOne();
  expect(b.surface.marks).toHaveLength(1);
  b.surface.isAlternateScreen = true;
  b.socket().drop();
  b.clock.sleep(5_000);
  await reconnect(b, { offset: 14, headOffset: 14 });
  expect(b.surface.marks).toHaveLength(1);
  expect(b.session.getStatus()).toMatchObject({ backAfterMs: 5_500, isMarked: false });
  b.session.dispose();
});

test("a gap too short for words leaves no mark, unless output was lost in it", async () => {
  const b = await opened();
  b.socket().drop();
  await reconnect(b);
  expect(b.session.getStatus()).not.toHaveProperty("backAfterMs");
  b.socket().drop();
  await reconnect(b, { offset: 50, headOffset: 50 });
  expect(b.surface.marks).toEqual(["back after 1\u00a0s, some output was not kept"]);
  b.session.dispose();
});

test("the cursor is hollow while nobody listens, and only then", async () => {
  const b = await opened();
  expect(b.surface.isAway).toBe(false);
  b.socket().drop();
  expect(b.surface.isAway).toBe(true);
  await reconnect(b);
  expect(b.surface.isAway).toBe(false);
  b.socket().say({ type: "ended", end: { by: "shell", at: 0 } });
  expect(b.surface.isAway).toBe(true);
  b.session.restart();
  expect(b.surface.isAway).toBe(false);
  b.session.dispose();
});

test("keys typed while a session is being opened reach its shell, in order, Enter included", async () => {
  const world = fakeWorld();
  const release = world.api.holdStart();
  const b = make(undefined, world);
  b.surface.type("uptime");
  await b.clock.advance(8_000);
  b.surface.type("\r");
  release();
  await settle();
  b.socket().open();
  b.socket().attached();
  expect(b.socket().typed).toBe("uptime\r");
  b.session.dispose();
});

test("what is pasted into a session that is being opened and cannot wait is said to be left out", async () => {
  const world = fakeWorld();
  world.api.holdStart();
  const b = make(undefined, world);
  b.surface.type("x".repeat(257));
  expect(b.session.getStatus().notices).toMatchObject([{ code: "INPUT_NOT_HELD" }]);
  b.session.dispose();
});

test("a warning that came true is not said twice", async () => {
  const b = await opened();
  b.socket().say({ type: "notice", code: "SERVER_STOPPING" });
  b.socket().say({ type: "notice", code: "OUTPUT_NOT_KEPT" });
  b.socket().say({ type: "ended", end: { by: "server", at: 0, code: "SERVER_STOPPING" } });
  expect(b.session.getStatus().notices).toMatchObject([{ code: "OUTPUT_NOT_KEPT" }]);
  b.session.dispose();
});

test("a paste larger than 64 KiB waits for the server to store what was sent", async () => {
  const b = await opened();
  b.surface.type("x".repeat(100_000));
  await settle();
  expect(b.socket().typed).toHaveLength(65_536);
  b.socket().say({ type: "input-ack", stored: 65_536, agentAcknowledged: 0, agentRoundTripMs: 27 });
  expect(b.socket().typed).toHaveLength(100_000);
  expect(b.session.getStatus()).toMatchObject({ agentLatencyMs: 27 });
  b.session.dispose();
});

test("output that nobody sees marks the terminal unread until it is shown", async () => {
  const b = await opened();
  b.socket().output("seen");
  expect(b.session.getStatus().unread).toBe(false);
  b.detach();
  b.socket().output("unseen");
  expect(b.session.getStatus().unread).toBe(true);
  b.session.attach(HOST);
  expect(b.session.getStatus().unread).toBe(false);
  b.session.dispose();
});

test("output from before a reload is no news to a terminal in the background; output of a gap is", async () => {
  const b = bench();
  b.detach();
  await settle();
  b.socket().open();
  b.socket().attached({ offset: 0, headOffset: 6 });
  b.socket().output("before");
  expect(b.session.getStatus().unread).toBe(false);
  b.socket().drop();
  await reconnect(b, { offset: 6, headOffset: 10 });
  b.socket().output("news");
  expect(b.session.getStatus().unread).toBe(true);
  b.session.dispose();
});

test("ending while it is still being started ends the session once it has an id", async () => {
  const world = fakeWorld();
  const release = world.api.holdStart();
  const b = make(undefined, world);
  const ended = b.session.end();
  b.session.dispose();
  release();
  await ended;
  expect(b.api.ended).toEqual(["session-1"]);
  expect(b.api.lastSignal?.aborted).toBe(false);
});

test("dispose lets go of socket, timers, listeners and emulator, and ends no shell", async () => {
  const b = await opened();
  b.session.subscribe(() => undefined);
  b.surface.type("x");
  b.surface.layout(90, 20);
  await settle();
  expect(globalThis.__causewayTerminals?.has(b.session.key)).toBe(true);
  b.session.dispose();
  await settle();
  expect(b.socket().isClosed).toBe(true);
  expect(b.clock.pending).toBe(0);
  expect(b.page.listeners.size).toBe(0);
  expect(b.surface.isDisposed).toBe(true);
  expect(globalThis.__causewayTerminals?.has(b.session.key)).toBe(false);
  expect(b.api.ended).toEqual([]);
});

test("dispose during a gap leaves no attempt behind", async () => {
  const b = await opened();
  b.socket().drop();
  b.session.dispose();
  expect(b.clock.pending).toBe(0);
  await b.clock.advance(60_000);
  expect(b.sockets).toHaveLength(1);
});
