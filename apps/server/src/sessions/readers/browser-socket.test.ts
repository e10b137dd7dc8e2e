import { EventEmitter } from "node:events";
import { beforeEach, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { CatalogError } from "../../platform/catalog-error.ts";
import { FakeClock } from "../../platform/fake-clock.ts";
import { PING_EVERY_MS, SILENCE_MAX_MS } from "../../platform/socket-pings.ts";
import type { Attachment } from "./attachment.ts";
import { ATTACH_WITHIN_MS, BrowserSocket, BUFFERED_BYTES_MAX } from "./browser-socket.ts";
import type { ReaderSink } from "./session-reader.ts";

/** The part of a websocket that BrowserSocket uses. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  pings = 0;
  closed: string | undefined;
  terminated = false;

  send(data: Uint8Array | string): void {
    this.sent.push(typeof data === "string" ? data : `<${data.length} bytes>`);
  }
  ping(): void {
    this.pings++;
  }
  close(code: number, reason: string): void {
    this.closed = `${code} ${reason}`;
    this.readyState = 2;
  }
  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
    this.emit("close", 1006, "");
  }
  say(message: object): void {
    this.emit("message", Buffer.from(JSON.stringify(message)), false);
  }
}

const ATTACH = { type: "attach", offset: null, streamId: "a".repeat(32), cols: 80, rows: 24, visible: true };
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };

let clock: FakeClock;
let socket: FakeSocket;
let sink: ReaderSink;
let detached: number;
let confirmations: boolean[];
let attachError: Error | undefined;

beforeEach(() => {
  clock = new FakeClock();
  socket = new FakeSocket();
  detached = 0;
  confirmations = [];
  attachError = undefined;
  const attachment: Attachment = {
    acknowledgeCheckpoint: () => undefined,
    input: () => undefined,
    acknowledge: () => undefined,
    resize: () => {},
    setVisible: () => {},
    typeWithoutNet: (confirmed) => {
      confirmations.push(confirmed);
      return true;
    },
    detach: () => {
      detached++;
    },
  };
  sink = new BrowserSocket(socket as unknown as WebSocket, {
    stream: { writableLength: 0, write: (bytes) => socket.send(bytes) },
    clock,
    log,
    redeemTicket: (ticket) => ticket === "good",
    attach: () => {
      if (attachError) throw attachError;
      return attachment;
    },
  });
});

function attach(): void {
  socket.say({ type: "ticket", ticket: "good" });
  socket.say(ATTACH);
}

test("a socket that does not attach within ten seconds is closed, a ticket alone does not help", () => {
  socket.say({ type: "ticket", ticket: "good" });
  clock.advance(ATTACH_WITHIN_MS);
  expect(socket.sent).toEqual(['{"type":"error","code":"ATTACH_TIMEOUT","retryable":true}']);
  expect(socket.closed).toBe("4000 ATTACH_TIMEOUT");
});

test("an attached page is pinged every fifteen seconds and cut after a minute of silence", () => {
  attach();
  clock.advance(PING_EVERY_MS);
  expect(socket.pings).toBe(1);
  socket.emit("pong");
  clock.advance(SILENCE_MAX_MS - PING_EVERY_MS);
  expect(socket.terminated).toBe(false);
  clock.advance(2 * PING_EVERY_MS);
  expect(socket.terminated).toBe(true);
  expect(detached).toBeGreaterThan(0);
  expect(clock.pendingTimers).toBe(0);
});

test("a page that does not answer the closing handshake is cut", () => {
  attach();
  sink.close(4001, "SESSION_ENDED");
  expect(socket.terminated).toBe(false);
  clock.advance(5_000);
  expect(socket.terminated).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});

test("a page that reads nothing is cut before its small messages fill memory", () => {
  attach();
  socket.bufferedAmount = BUFFERED_BYTES_MAX + 1;
  sink.sendMessage({ type: "pong", id: 1 });
  expect(socket.terminated).toBe(true);
  expect(socket.sent).toEqual([]);
});

test("a refused attach is told with its code, an unexpected failure as our mistake", () => {
  attachError = new CatalogError("READERS_LIMIT_REACHED");
  attach();
  expect(socket.closed).toBe("4000 READERS_LIMIT_REACHED");
});

test("after the end nothing a page says has any effect", () => {
  attach();
  sink.close(4001, "SESSION_ENDED");
  const sent = socket.sent.length;
  socket.say({ type: "ping", id: 1 });
  socket.emit("message", Buffer.from([0x7f]), true);
  expect(socket.sent.length).toBe(sent);
});

test("a ping is answered with its id", () => {
  attach();
  socket.say({ type: "ping", id: 7 });
  expect(socket.sent).toEqual(['{"type":"pong","id":7}']);
});

test("typing without a net is confirmed and taken back by the page that is attached, not before", () => {
  attach();
  socket.say({ type: "type-without-net", confirmed: true });
  socket.say({ type: "type-without-net", confirmed: false });
  expect(confirmations).toEqual([true, false]);
});
