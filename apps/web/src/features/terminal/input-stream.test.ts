import { UNSTORED_INPUT_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";
import { expect, test } from "vitest";
import {
  HELD_INPUT_BYTES_MAX,
  INPUT_FRAME_BYTES_MAX,
  InputStream,
  QUEUED_INPUT_BYTES_MAX,
  RESEND_SILENTLY_MS,
} from "./input-stream.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (parts: Uint8Array[]): string => {
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join("");
};

function attached(): InputStream {
  const stream = new InputStream("00".repeat(16));
  stream.handleAttached(0, 0);
  return stream;
}

function drain(stream: InputStream): { offset: number; origin: string; bytes: Uint8Array }[] {
  const frames = [];
  for (let frame = stream.pollFrame(); frame; frame = stream.pollFrame()) frames.push(frame);
  return frames;
}

test("human input and replies never share a frame, and share one numbering", () => {
  const stream = attached();
  stream.push("human", bytes("ab"), 2, 0);
  stream.push("reply", bytes("RR"), 0, 0);
  stream.push("human", bytes("c"), 1, 0);
  expect(drain(stream).map(({ offset, origin }) => [offset, origin])).toEqual([
    [0, "human"],
    [2, "reply"],
    [4, "human"],
  ]);
});

test("frames are small and do not cut a character in two", () => {
  const stream = attached();
  const pasted = `x${"漢🎉é".repeat(500)}`;
  stream.push("human", bytes(pasted), 1, 0);
  const frames = drain(stream);
  for (const frame of frames) {
    expect(frame.bytes.length).toBeLessThanOrEqual(INPUT_FRAME_BYTES_MAX);
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(frame.bytes)).not.toThrow();
  }
  expect(text(frames.map((frame) => frame.bytes))).toBe(pasted);
});

test("at most 64 KiB are unstored; the rest waits and follows", () => {
  const stream = attached();
  stream.push("human", new Uint8Array(UNSTORED_INPUT_BYTES_MAX + 10), 1, 0);
  expect(drain(stream).reduce((sum, frame) => sum + frame.bytes.length, 0)).toBe(UNSTORED_INPUT_BYTES_MAX);
  stream.handleStored(10);
  expect(drain(stream).reduce((sum, frame) => sum + frame.bytes.length, 0)).toBe(10);
});

test("input beyond the queue's bound is refused whole, and counted", () => {
  const stream = attached();
  expect(stream.push("human", new Uint8Array(QUEUED_INPUT_BYTES_MAX), 1, 0)).toBe("taken");
  expect(stream.push("human", bytes("x"), 1, 0)).toBe("refused");
  expect(stream.held.refused).toBe(1);
});

test("unstored keys are resent silently just below 5 s, and asked about at 5 s", () => {
  for (const [age, isAsking] of [
    [RESEND_SILENTLY_MS - 1, false],
    [RESEND_SILENTLY_MS, true],
  ] as const) {
    const stream = attached();
    stream.push("human", bytes("ls"), 2, 0);
    drain(stream);
    stream.handleGap();
    stream.handleAttached(1, age);
    expect(stream.held.asking).toBe(isAsking);
    expect(text(drain(stream).map((frame) => frame.bytes))).toBe(isAsking ? "" : "s");
  }
});

test("one unstored Enter makes the whole rest a question, in its order", () => {
  const stream = attached();
  stream.push("human", bytes("ls"), 2, 0);
  drain(stream);
  stream.handleGap();
  stream.push("human", bytes("\r"), 1, 1);
  stream.handleAttached(0, 2);
  stream.push("human", bytes("x"), 1, 3);
  expect(stream.held).toEqual({ keys: 4, refused: 0, asking: true });
  stream.release();
  expect(text(drain(stream).map((frame) => frame.bytes))).toBe("ls\rx");
});

test("keys that the server turns out to have stored while the person is asked are no longer hers to drop, and later ones follow them", () => {
  const stream = attached();
  stream.push("human", bytes("ls\r"), 3, 0);
  drain(stream);
  stream.handleGap();
  stream.push("human", bytes("x"), 1, 1);
  stream.handleAttached(0, 2); // what came over the old connection was not stored yet
  expect(stream.held).toEqual({ keys: 4, refused: 0, asking: true });
  expect(stream.handleStored(3)).toBe(true);
  expect(stream.handleStored(4)).toBe(false);
  expect(stream.held.keys).toBe(1);
  stream.drop();
  stream.push("human", bytes("pwd"), 3, 3);
  expect(drain(stream)).toMatchObject([{ offset: 3, bytes: bytes("pwd") }]);
});

test("unstored replies are forgotten: nobody waits for a late answer", () => {
  const stream = attached();
  stream.push("reply", bytes("\x1b[0n"), 0, 0);
  drain(stream);
  stream.handleGap();
  expect(stream.push("reply", bytes("\x1b[0n"), 0, 1)).toBe("refused");
  stream.handleAttached(0, 2);
  expect(drain(stream)).toEqual([]);
});

test("held keys that were never sent are not taken for stored, whatever the server claims", () => {
  const stream = attached();
  stream.handleGap();
  stream.push("human", bytes("ls"), 2, 0);
  stream.handleAttached(2, 1);
  expect(text(drain(stream).map((frame) => frame.bytes))).toBe("ls");
  expect(stream.handleStored(1_000)).toBe(false);
});

test("what is typed ahead of the first connection is sent without asking, also old keys and Enter", () => {
  const stream = new InputStream("ab".repeat(16));
  stream.push("human", bytes("uptime\r"), 7, 0);
  stream.handleAttached(0, 60_000);
  expect(stream.held).toEqual({ keys: 0, refused: 0, asking: false });
  expect(text(drain(stream).map((frame) => frame.bytes))).toBe("uptime\r");
});

test("keys that waited through a failed first connection are asked about", () => {
  const stream = new InputStream("ab".repeat(16));
  stream.push("human", bytes("reboot\r"), 7, 0);
  stream.handleGap();
  stream.handleAttached(0, 60_000);
  expect(stream.held).toEqual({ keys: 7, refused: 0, asking: true });
});

test("a server that takes nothing: keys are held as in a gap, and the young ones without Enter go when it takes them", () => {
  const stream = attached();
  stream.push("human", bytes("a"), 1, 0);
  drain(stream);
  stream.handleRefused();
  expect(stream.push("reply", bytes("R"), 0, 0)).toBe("refused");
  stream.push("human", bytes("b"), 1, 0);
  expect(drain(stream)).toEqual([]);
  expect(stream.held).toEqual({ keys: 2, refused: 0, asking: false, unsent: true });
  stream.handleAttached(0, 100);
  expect(text(drain(stream).map((frame) => frame.bytes))).toBe("ab");
});

test("keys the server could not store are asked about when they are old or hold Enter, and what it did store is not sent twice", () => {
  const stream = attached();
  stream.push("human", bytes("ab"), 2, 0);
  drain(stream);
  stream.handleRefused();
  stream.push("human", bytes("c\r"), 2, 0);
  stream.handleAttached(1, 100);
  expect(stream.held).toEqual({ keys: 4, refused: 0, asking: true, unsent: true });
  stream.release();
  expect(drain(stream).map(({ offset, bytes: sent }) => [offset, text([sent])])).toEqual([[1, "bc\r"]]);
  expect(stream.held.unsent).toBeUndefined();
});

test("while the server takes nothing, a question asked before is withdrawn, and at most 256 bytes are held", () => {
  const stream = attached();
  stream.handleGap();
  stream.push("human", bytes("x\r"), 2, 0);
  stream.handleAttached(0, 1);
  expect(stream.held.asking).toBe(true);
  stream.handleRefused();
  expect(stream.held.asking).toBe(false);
  expect(stream.push("human", new Uint8Array(HELD_INPUT_BYTES_MAX - 2), 1, 2)).toBe("taken");
  expect(stream.push("human", bytes("y"), 1, 2)).toBe("refused");
  expect(stream.held.refused).toBe(1);
});
