import { expect, test } from "vitest";
import { fakeSession, fakeWorld, settle } from "../../test-support/fake-terminal.ts";
import { bench, opened, reconnect } from "../../test-support/session-bench.ts";
import { TICKET_TIMEOUT_MS } from "./attach-link.ts";
import { problemFromCode } from "./problems.ts";
import type {} from "./text-hook.ts";

const ENTER = { key: "Enter" } as KeyboardEvent;

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
  b.surface.isAlternate = true;
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

test("of the disk that takes nothing the newest word is shown, and none that a page moved on would not hear the end of", async () => {
  const b = await opened();
  const shown = () => b.session.getStatus().notices.map(({ code, text }) => text ?? code);
  b.socket().say({ type: "input-storage", state: "refused", inputStored: 0 });
  b.socket().say({ type: "notice", code: "LOG_NOT_DURABLE" });
  expect(shown()).toEqual(["LOG_NOT_DURABLE"]);
  b.socket().say({ type: "input-storage", state: "stored", inputStored: 0 });
  expect(shown()).toEqual([]);
  b.socket().say({ type: "notice", code: "LOG_NOT_DURABLE" }); // replayed
  b.socket().say({ type: "notice", code: "LOG_NOT_DURABLE", text: "The disk takes it again." });
  expect(shown()).toEqual(["The disk takes it again."]);
  b.socket().say({ type: "notice", code: "LOG_NOT_DURABLE" });
  b.socket().drop();
  await reconnect(b);
  expect(shown()).toEqual([]);
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

test("dispose is told once, to whoever made something beside the terminal", async () => {
  const world = fakeWorld();
  let told = 0;
  const b = bench(fakeSession(), { ...world, deps: { ...world.deps, onDisposed: () => told++ } });
  await settle();
  expect(told).toBe(0);
  b.session.dispose();
  b.session.dispose();
  expect(told).toBe(1);
});

test("dispose during a gap leaves no attempt behind", async () => {
  const b = await opened();
  b.socket().drop();
  b.session.dispose();
  expect(b.clock.pending).toBe(0);
  await b.clock.advance(60_000);
  expect(b.sockets).toHaveLength(1);
});
