import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { decodeServerFrame } from "@causeway/wire-contract/terminal-frames";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type FrameStream, PAGE_WRITE_BYTES, PageFrames } from "./page-frames.ts";

/** Every form of the length, at both of its ends: one byte of each frame is its kind. */
const LENGTHS = [0, 1, 124, 125, 126, 32 * 1024, 65_534, 65_535, 70_000];

test("a page reads frames of every length as they were, in order with what the library sends between them", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  const sent = LENGTHS.map((length) => randomBytes(length));
  server.once("connection", (socket, request) => {
    const frames = new PageFrames(request.socket);
    for (const [index, bytes] of sent.entries()) {
      const lent = Buffer.from(bytes);
      frames.send(index % 2 === 0 ? "output" : "checkpoint", lent);
      lent.fill(0); // whoever gave it uses it again
      frames.flush();
      socket.send(`behind ${index}`);
    }
  });
  const read: unknown[] = [];
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise<void>((resolve, reject) => {
    page.on("error", reject);
    page.on("message", (data: Buffer, isBinary) => {
      read.push(isBinary ? decodeServerFrame(data) : data.toString());
      if (read.length === 2 * sent.length) resolve();
    });
  });
  const expected = sent.flatMap((bytes, index) => [
    { kind: index % 2 === 0 ? "output" : "checkpoint", bytes },
    `behind ${index}`,
  ]);
  expect(read).toEqual(expected);
  page.terminate();
  await new Promise((resolve) => server.close(resolve));
});

class SlowStream implements FrameStream {
  writableLength = 0;
  readonly written: Uint8Array[] = [];
  readonly done: (() => void)[] = [];
  /** The system takes nothing: what is written waits. */
  isFull = false;

  write(bytes: Uint8Array, written?: () => void): void {
    this.written.push(bytes);
    if (written !== undefined) this.done.push(written);
    if (this.isFull) this.writableLength += bytes.length;
  }
}

const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

test("what is sent in one turn of the event loop leaves in one write", async () => {
  const stream = new SlowStream();
  const frames = new PageFrames(stream);
  const bytes = randomBytes(10);
  frames.send("output", bytes);
  frames.send("output", bytes);
  expect(stream.written.length).toBe(0);
  await endOfTurn();
  expect(stream.written.length).toBe(1);
  expect(Buffer.from(stream.written[0] as Uint8Array).subarray(3, 13)).toEqual(bytes);
  expect(Buffer.from(stream.written[0] as Uint8Array).subarray(16)).toEqual(bytes);
});

test("memory that was written is used again only when the system has it", async () => {
  const stream = new SlowStream();
  const frames = new PageFrames(stream);
  const send = async (byte: number) => {
    frames.send("output", Buffer.alloc(10, byte));
    await endOfTurn();
    return stream.written.at(-1) as Uint8Array;
  };
  const first = await send(1);
  const second = await send(2);
  expect(second.buffer).not.toBe(first.buffer);
  stream.done.shift()?.();
  const third = await send(3);
  expect(third.buffer).toBe(first.buffer);
  expect([...second.subarray(3)]).toEqual(Array(10).fill(2));
});

test("a page that does not read holds one block and, for what waits behind it, no more memory than its bytes", async () => {
  const stream = new SlowStream();
  stream.isFull = true;
  const frames = new PageFrames(stream);
  for (let n = 0; n < 100; n++) {
    frames.send("output", Buffer.alloc(5_000, n));
    await endOfTurn();
  }
  const blocks = stream.written.filter(({ buffer }) => buffer.byteLength === PAGE_WRITE_BYTES);
  expect(blocks.length).toBe(1);
  for (const [n, bytes] of stream.written.entries()) {
    expect(Buffer.alloc(5_000, n).equals(bytes.subarray(5))).toBe(true);
    if (n > 0) expect(bytes.buffer.byteLength).toBeLessThan(8_193);
  }
});
