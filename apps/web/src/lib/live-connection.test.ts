import type { ServerEvent } from "@causeway/wire-contract/events";
import { beforeEach, expect, test } from "vitest";
import { ApiProblem, ApiUnreachable } from "./api-client.ts";
import { LiveConnection, type LiveSocket, PING_EVERY_MS, REDIAL_AFTER_MS, UNANSWERED_MS } from "./live-connection.ts";

class FakeSocket implements LiveSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: object[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  receive(event: object): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }
}

class FakeTimers {
  #timers = new Map<number, { run: () => void; atMs: number }>();
  #nowMs = 0;
  #nextId = 1;
  setTimeout(run: () => void, ms: number): number {
    this.#timers.set(this.#nextId, { run, atMs: this.#nowMs + ms });
    return this.#nextId++;
  }
  clearTimeout(id: number): void {
    this.#timers.delete(id);
  }
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [id, { run, atMs }] of [...this.#timers]) if (atMs <= this.#nowMs && this.#timers.delete(id)) run();
  }
  get size(): number {
    return this.#timers.size;
  }
}

let timers: FakeTimers;
let sockets: FakeSocket[];
let events: ServerEvent[];
let told: string[];
let connection: LiveConnection;
let ticket: () => Promise<string>;
let tickets: number;

beforeEach(() => {
  timers = new FakeTimers();
  sockets = [];
  events = [];
  told = [];
  ticket = async () => "t";
  tickets = 0;
  connection = new LiveConnection({
    ticket: () => {
      tickets++;
      return ticket();
    },
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    clock: timers,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    onRefused: (code) => told.push(`refused ${code}`),
    onReady: () => told.push("ready"),
    onLost: () => told.push("lost"),
  });
});
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};
const last = () => sockets.at(-1) as FakeSocket;
async function stand(): Promise<FakeSocket> {
  connection.dial();
  await settle();
  last().onopen?.();
  last().receive({ type: "ready" });
  return last();
}

test("a connection begins with its ticket, and stands once the server says so", async () => {
  connection.dial();
  await settle();
  last().onopen?.();
  expect(last().sent).toEqual([{ type: "ticket", ticket: "t" }]);
  expect(connection.send({ type: "refresh" })).toBe(false);
  last().receive({ type: "ready" });
  expect([connection.send({ type: "refresh" }), last().sent.at(-1), told]).toEqual([
    true,
    { type: "refresh" },
    ["ready"],
  ]);
});

test("after a loss it dials again with growing waits, and with the shortest after it stood", async () => {
  (await stand()).onclose?.();
  for (const waitMs of REDIAL_AFTER_MS) {
    const before = sockets.length;
    timers.advance(waitMs - 1);
    await settle();
    expect(sockets.length).toBe(before);
    timers.advance(1);
    await settle();
    expect(sockets.length).toBe(before + 1);
    last().onclose?.();
  }
  timers.advance(15_000);
  await settle();
  last().receive({ type: "ready" });
  last().onclose?.();
  const before = sockets.length;
  timers.advance(REDIAL_AFTER_MS[0]);
  await settle();
  expect(sockets.length).toBe(before + 1);
});

test("when who is signed in changes, a new connection takes the place of the one that stands", async () => {
  const before = await stand();
  connection.redial();
  await settle();
  expect([before.closed, last() !== before, connection.isReady]).toEqual([true, true, false]);
  last().onopen?.();
  last().receive({ type: "ready" });
  expect(connection.isReady).toBe(true);
});

test("a ticket fetched before who is signed in changed opens nothing; a new one does", async () => {
  connection.dial();
  connection.redial();
  await settle();
  await settle();
  expect(sockets.length).toBe(1);
  expect(tickets).toBe(2);
});

test("a line that answers no ping is dropped", async () => {
  const socket = await stand();
  timers.advance(PING_EVERY_MS);
  expect(socket.sent.at(-1)).toEqual({ type: "ping", id: 0 });
  timers.advance(UNANSWERED_MS);
  expect([socket.closed, told.at(-1)]).toEqual([true, "lost"]);
});

test("any message shows that the line lives", async () => {
  const socket = await stand();
  for (let count = 0; count < 4; count++) {
    timers.advance(PING_EVERY_MS - 1);
    socket.receive({ type: "pong", id: 1 });
  }
  expect(socket.sent.filter((message) => "id" in message)).toEqual([]);
});

test("a server that never says ready is given up in time", async () => {
  connection.dial();
  await settle();
  timers.advance(UNANSWERED_MS);
  expect(last().closed).toBe(true);
});

test("without a login it waits to be asked; without a server it tries again by itself", async () => {
  const problem = { type: "", title: "", status: 401, code: "SIGN_IN_REQUIRED", cause: "", remedy: "" };
  ticket = async () => {
    throw new ApiProblem({ ...problem, retryable: false, requestId: "" });
  };
  connection.dial();
  await settle();
  expect(timers.size).toBe(0);
  ticket = async () => {
    throw new ApiUnreachable("x");
  };
  connection.dial();
  await settle();
  expect(timers.size).toBe(1);
});

test("what an older page does not know is passed over", async () => {
  const socket = await stand();
  socket.receive({ type: "weather", rain: true });
  socket.onmessage?.({ data: "{" });
  expect(events).toEqual([]);
});

test("a closed connection leaves no socket and no timer", async () => {
  const socket = await stand();
  connection.close();
  expect([socket.closed, timers.size]).toEqual([true, 0]);
  connection.dial();
  await settle();
  expect(sockets).toHaveLength(1);
});

test("why the server closes it is told before the loss", async () => {
  const socket = await stand();
  socket.receive({ type: "error", code: "LOGIN_EXPIRED", retryable: false });
  socket.onclose?.();
  expect([told, events]).toEqual([["ready", "refused LOGIN_EXPIRED", "lost"], []]);
});
