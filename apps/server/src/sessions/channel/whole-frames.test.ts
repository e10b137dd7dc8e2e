import { randomBytes } from "node:crypto";
import type { Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as ws from "ws";
import { WholeFrames } from "./whole-frames.ts";

/** The library's reader of one websocket; its types leave it out. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean; maxPayload: number }) => Writable;
};

const BYTES_MAX = 1_000;
const BINARY = 2;
const TEXT = 1;
const CONTINUATION = 0;
const PING = 9;
const CLOSE = 8;

/** A server's frame, with the shortest form of its length unless `form` says another. */
function frame(opcode: number, payload: Uint8Array, isFinal = true, form = payload.length < 126 ? 0 : 2): Buffer {
  const head = Buffer.alloc(2 + form);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = form === 0 ? payload.length : form === 2 ? 126 : 127;
  if (form === 2) head.writeUInt16BE(payload.length, 2);
  if (form === 8) head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

interface Read {
  /** What arrived, in its order: binary messages as hex, texts, pings and closes in words. */
  events: string[];
  /** Of the binary ones, how many came past the library. */
  pastLibrary: number;
}

/** @param cuts where the stream is cut into chunks */
function readWith(bytes: Buffer, cuts: readonly number[], isPast: boolean): Read {
  const read: Read = { events: [], pastLibrary: 0 };
  const library = new Receiver({ isServer: false, maxPayload: BYTES_MAX });
  let isOver = false;
  library.on("message", (data: Buffer, isBinary: boolean) =>
    read.events.push(isBinary ? data.toString("hex") : `text ${data}`),
  );
  library.on("ping", (data: Buffer) => read.events.push(`ping ${data}`));
  library.on("conclude", (code: number) => {
    read.events.push(`close ${code}`);
    isOver = true;
  });
  library.on("error", () => {}); // told in a later turn: what is read in this one is what counts here
  const frames = new WholeFrames(BYTES_MAX);
  const takers = {
    frame: (payload: Uint8Array) => {
      if (isOver) return;
      read.events.push(Buffer.from(payload).toString("hex"));
      read.pastLibrary++;
    },
    library: (part: Buffer) => {
      if (!isOver) library.write(part);
    },
  };
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    const chunk = bytes.subarray(from, end);
    from = end;
    if (chunk.length === 0 || isOver) continue;
    if (isPast) frames.take(chunk, takers);
    else library.write(chunk);
  }
  library.destroy();
  return read;
}

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(124, 125, 126, 127, 300, BYTES_MAX).map((length) => new Uint8Array(length).fill(7)),
);
const frames = fc.oneof(
  { weight: 6, arbitrary: payload.map((bytes) => frame(BINARY, bytes)) },
  payload.map((bytes) => frame(BINARY, bytes, true, 8)),
  fc.string({ maxLength: 10 }).map((text) => frame(TEXT, Buffer.from(text))),
  fc.constant(frame(PING, Buffer.from("still there?"))),
  fc
    .tuple(payload, payload)
    .filter(([a, b]) => a.length + b.length <= BYTES_MAX)
    .map(([a, b]) =>
      Buffer.concat([frame(BINARY, a, false), frame(PING, Buffer.from("between")), frame(CONTINUATION, b)]),
    ),
);

test("whatever a server sends and however the network cuts it, the same arrives as through the library alone", () => {
  fc.assert(
    fc.property(fc.array(frames, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(5_000)), (sent, cuts) => {
      const bytes = Buffer.concat(sent);
      expect(readWith(bytes, cuts, true).events).toEqual(readWith(bytes, cuts, false).events);
    }),
    { numRuns: 500 },
  );
});

test("what breaks the rules is refused by the library, and nothing after it arrives", () => {
  const good = frame(BINARY, Buffer.from("good"));
  const masked = Buffer.concat([Buffer.from([0x82, 0x81, 1, 2, 3, 4]), Buffer.from("x")]);
  const compressed = frame(BINARY, Buffer.from("x"));
  compressed[0] = 0xc2;
  const endless = Buffer.alloc(10, 0xff);
  endless.set([0x82, 127]);
  const bad = [
    masked,
    compressed,
    endless,
    frame(BINARY, Buffer.alloc(BYTES_MAX + 1)),
    frame(CONTINUATION, Buffer.from("of nothing")),
    Buffer.concat([frame(BINARY, Buffer.from("a"), false), good]),
    frame(CLOSE, Buffer.from([0x03, 0xe8])),
  ];
  for (const each of bad) {
    const bytes = Buffer.concat([good, each, good, good]);
    for (let cut = 0; cut <= bytes.length; cut += Math.max(1, Math.floor(bytes.length / 60))) {
      const { events } = readWith(bytes, [cut], true);
      expect(events).toEqual(readWith(bytes, [cut], false).events);
      expect(events.filter((event) => event === Buffer.from("good").toString("hex"))).toHaveLength(1);
    }
  }
});

test("a flood goes past the library but for the frames that a chunk cuts, and the last of each chunk is marked", () => {
  const sent = Array.from({ length: 50 }, () => randomBytes(200));
  const bytes = Buffer.concat(sent.map((each) => frame(BINARY, each)));
  const { events, pastLibrary } = readWith(bytes, [5_000], true);
  expect(events).toEqual(sent.map((each) => each.toString("hex")));
  expect(pastLibrary).toBe(49);
  const marks: boolean[] = [];
  new WholeFrames(BYTES_MAX).take(bytes, { frame: (_, isLast) => marks.push(isLast), library: () => {} });
  expect(marks).toEqual([...Array.from({ length: 49 }, () => false), true]);
});
