import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { decodeServerFrame } from "@causeway/wire-contract/terminal-frames";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type FrameStream, PageFrames } from "./page-frames.ts";

/** Every form of the length, at both of its ends: one byte of each frame is its kind. */
const LENGTHS = [0, 1, 124, 125, 126, 32 * 1024, 65_534, 65_535, 70_000];

test("a page reads frames of every length as they were, in order with what the library sends between them", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  const sent = LENGTHS.map((length) => randomBytes(length));
  server.once("connection", (socket, request) => {
    const frames = new PageFrames(request.socket);
    for (const [index, bytes] of sent.entries()) {
      frames.send(index % 2 === 0 ? "output" : "checkpoint", bytes);
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

test("what is sent in one turn of the event loop leaves in one write, without a copy", async () => {
  const written: Uint8Array[] = [];
  const corks: number[] = [];
  const stream: FrameStream = {
    cork: () => corks.push(written.length),
    uncork: () => corks.push(written.length),
    write: (bytes) => written.push(bytes),
  };
  const frames = new PageFrames(stream);
  const bytes = randomBytes(10);
  frames.send("output", bytes);
  frames.send("output", bytes);
  await new Promise((resolve) => setImmediate(resolve));
  expect(written[1]).toBe(bytes);
  expect(written[3]).toBe(bytes);
  expect(corks).toEqual([0, 4]);
});
