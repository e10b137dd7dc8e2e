import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { OutboundAgents } from "../../aws/index.ts";
import { FakeClock } from "../../platform/fake-clock.ts";
import type { DataChannelLoss, DataChannelSocket } from "./data-channel-dialer.ts";
import { PING_EVERY_MS, SILENCE_MAX_MS, webSocketDialer } from "./data-channel-socket.ts";
import { READ_SHARE_BYTES } from "./read-turns.ts";

let server: WebSocketServer;
let peer: WebSocket | undefined;
let pings: number;
let clock: FakeClock;
let channel: DataChannelSocket | undefined;
let frames: (Uint8Array | string)[];
let losses: DataChannelLoss[];
let isOpen: boolean;

beforeEach(async () => {
  server = new WebSocketServer({ host: "127.0.0.1", port: 0, autoPong: false });
  pings = 0;
  server.on("connection", (socket) => {
    peer = socket;
    socket.on("ping", () => pings++);
  });
  await new Promise((resolve) => server.once("listening", resolve));
  clock = new FakeClock();
  frames = [];
  losses = [];
  isOpen = false;
});
afterEach(async () => {
  channel?.close();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

function dial(
  address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/x`,
  nextTurn?: (run: () => void) => void,
): DataChannelSocket {
  channel = webSocketDialer(new OutboundAgents(), clock, "causeway/test", nextTurn).dial(address, {
    onOpen: () => {
      isOpen = true;
    },
    onFrame: (data) => frames.push(data),
    onLost: (loss) => losses.push(loss),
  });
  return channel;
}

async function opened(): Promise<DataChannelSocket> {
  const socket = dial();
  await vi.waitFor(() => expect(isOpen && peer !== undefined).toBe(true));
  return socket;
}

async function pingArrives(count: number): Promise<void> {
  clock.advance(PING_EVERY_MS);
  await vi.waitFor(() => expect(pings).toBe(count));
}

test("binary and text messages arrive as they are, in order", async () => {
  await opened();
  peer?.send(Buffer.from([1, 2]));
  peer?.send("text");
  await vi.waitFor(() => expect(frames.length).toBe(2));
  expect([...(frames[0] as Uint8Array)]).toEqual([1, 2]);
  expect(frames[1]).toBe("text");
});

test("a ping goes out every five seconds, and a peer that is silent for fifteen is lost", async () => {
  await opened();
  await pingArrives(1);
  await pingArrives(2);
  clock.advance(SILENCE_MAX_MS - 2 * PING_EVERY_MS);
  expect(losses).toEqual([{ reason: "nothing was heard for 15 seconds" }]);
  expect(clock.pendingTimers).toBe(0);
});

test("a dead socket is known fifteen seconds after its last word, whenever between two pings that came", async () => {
  await opened();
  clock.advance(1_700);
  peer?.send("last word");
  await vi.waitFor(() => expect(frames.length).toBe(1));
  clock.advance(SILENCE_MAX_MS - 1);
  expect(losses).toEqual([]);
  clock.advance(1);
  expect(losses).toEqual([{ reason: "nothing was heard for 15 seconds" }]);
  expect(clock.pendingTimers).toBe(0);
});

test("a pong, or any frame, is a sign of life", async () => {
  await opened();
  await pingArrives(1);
  await pingArrives(2);
  peer?.send("alive");
  await vi.waitFor(() => expect(frames.length).toBe(1));
  await pingArrives(3);
  await pingArrives(4);
  expect(losses).toEqual([]);
});

test("while reading is paused silence is not judged, and what came meanwhile follows", async () => {
  const socket = await opened();
  socket.pause();
  peer?.send("kept");
  for (let ping = 1; ping <= 5; ping++) await pingArrives(ping);
  expect(losses).toEqual([]);
  expect(frames).toEqual([]);
  socket.resume();
  await vi.waitFor(() => expect(frames).toEqual(["kept"]));
});

test("a flood arrives whole, in shares", async () => {
  await opened();
  const sent = Array.from({ length: 1_000 }, (_, n) => Buffer.alloc(1_024, n % 251));
  for (const frame of sent) peer?.send(frame);
  await vi.waitFor(() => expect(frames.length).toBe(sent.length));
  expect(Buffer.concat(frames as Uint8Array[]).equals(Buffer.concat(sent))).toBe(true);
});

test("a flood that waits for its turn behind many others is not lost for its silence", async () => {
  const turns: (() => void)[] = [];
  dial(undefined, (run) => turns.push(run));
  await vi.waitFor(() => expect(isOpen && peer !== undefined).toBe(true));
  peer?.send(Buffer.alloc(READ_SHARE_BYTES));
  await vi.waitFor(() => expect(turns.length).toBe(1));
  const read = frames.length;
  peer?.send("behind it");
  for (let ping = 1; ping <= 5; ping++) await pingArrives(ping);
  expect(losses).toEqual([]);
  for (const run of turns.splice(0)) run();
  await vi.waitFor(() => expect(frames.at(-1)).toBe("behind it"));
  expect(frames.length).toBeGreaterThan(read);
  clock.advance(SILENCE_MAX_MS);
  expect(losses).toEqual([{ reason: "nothing was heard for 15 seconds" }]);
});

test("AWS's hourly close is one loss with its code, not its text", async () => {
  await opened();
  peer?.close(1000, "Bye");
  await vi.waitFor(() => expect(losses).toEqual([{ reason: "closed with 1000", closeCode: 1000 }]));
});

test("a refused upgrade is one loss with its status", async () => {
  const refusing = createServer((socket) => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
  dial(`ws://127.0.0.1:${(refusing.address() as AddressInfo).port}/alice-0a1b?role=x`);
  await vi.waitFor(() => expect(losses.length).toBe(1));
  expect(losses).toEqual([{ reason: "the upgrade was answered with 403", httpStatus: 403 }]);
  refusing.close();
});

test("a peer that is not there is one loss that does not name its address", async () => {
  dial("ws://127.0.0.1:1/alice-0a1b");
  await vi.waitFor(() => expect(losses.length).toBe(1));
  expect(losses[0]?.reason).toBe("ECONNREFUSED");
});

test("after our own close nothing is told any more, and no timer is left", async () => {
  const socket = await opened();
  socket.close();
  await vi.waitFor(() => expect(peer?.readyState).toBe(3));
  expect(losses).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});

test("closing while dialling leaves nothing behind", async () => {
  const socket = dial();
  socket.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(0));
  expect(isOpen).toBe(false);
  expect(losses).toEqual([]);
});

test("a message larger than a frame can be loses the socket instead of filling memory", async () => {
  await opened();
  peer?.send(Buffer.alloc(2 * 1024 * 1024));
  await vi.waitFor(() => expect(losses.length).toBe(1));
  expect(frames).toEqual([]);
});
