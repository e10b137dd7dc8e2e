import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { MaskedFrames } from "./masked-frames.ts";

/** Every form of the length, at both of its ends. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];

test("a websocket server reads every frame as it was, whatever its length, from one write", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  const payloads = LENGTHS.map((length) => randomBytes(length));
  const received: Buffer[] = [];
  const all = new Promise<void>((resolve, reject) => {
    server.once("connection", (socket) => {
      socket.on("error", reject);
      socket.on("message", (data: Buffer, isBinary) => {
        expect(isBinary).toBe(true);
        if (received.push(data) === payloads.length) resolve();
      });
    });
  });
  const frames = new MaskedFrames(() => randomBytes(4).readUInt32BE());
  for (const payload of payloads) frames.add(payload);
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const key = randomBytes(16).toString("base64");
  client.write(
    `GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
  );
  await new Promise((resolve) => client.once("data", resolve));
  client.write(frames.take());
  await all;
  expect(received).toEqual(payloads);
  client.destroy();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

test("each frame has a mask of its own, and shows its payload under it", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1 }), (payloads) => {
      const masks: Buffer[] = [];
      const frames = new MaskedFrames(() => {
        const mask = randomBytes(4);
        masks.push(mask);
        return mask.readUInt32BE();
      });
      for (const payload of payloads) frames.add(payload);
      let bytes = frames.take();
      for (const [index, payload] of payloads.entries()) {
        const mask = masks[index] as Buffer;
        expect(bytes.subarray(2, 6)).toEqual(mask);
        const shown = bytes.subarray(6, 6 + payload.length).map((byte, at) => byte ^ (mask[at % 4] as number));
        expect([...shown]).toEqual([...payload]);
        bytes = bytes.subarray(6 + payload.length);
      }
      expect(bytes.length).toBe(0);
    }),
  );
});

test("what was taken stays as it is while more is added, and is not given twice", () => {
  const frames = new MaskedFrames(() => 0);
  frames.add(Buffer.from("first"));
  const taken = frames.take();
  const copy = Buffer.from(taken);
  for (let n = 0; n < 1_000; n++) frames.add(Buffer.from("another"));
  expect(taken).toEqual(copy);
  expect(frames.length).toBe(1_000 * 13);
  expect(frames.take().length).toBe(1_000 * 13);
  expect(frames.take().length).toBe(0);
});
