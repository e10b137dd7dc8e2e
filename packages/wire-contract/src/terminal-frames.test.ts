import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeBrowserFrame,
  decodeOutputFrame,
  decodeServerFrame,
  encodeAckFrame,
  encodeCheckpointAckFrame,
  encodeCheckpointFrame,
  encodeInputFrame,
  encodeOutputFrame,
} from "./terminal-frames.ts";

const STREAM = "00112233445566778899aabbccddeeff";
const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
const offset = fc.nat({ max: Number.MAX_SAFE_INTEGER });

test("an output frame carries the terminal bytes unchanged, as a view", () => {
  fc.assert(
    fc.property(bytes, (output) => {
      expect(decodeServerFrame(encodeOutputFrame(output))).toEqual({ kind: "output", bytes: output });
    }),
  );
});

test("a checkpoint frame carries its part unchanged, and is never taken for output", () => {
  fc.assert(
    fc.property(bytes, (part) => {
      expect(decodeServerFrame(encodeCheckpointFrame(part))).toEqual({ kind: "checkpoint", bytes: part });
      expect(decodeOutputFrame(encodeCheckpointFrame(part))).toBeUndefined();
      expect(decodeOutputFrame(encodeOutputFrame(part))).toEqual(part);
    }),
  );
});

test("a frame of an unknown kind from the server is not taken for anything", () => {
  expect(decodeServerFrame(new Uint8Array([0x03, 1, 2]))).toBeUndefined();
  expect(decodeServerFrame(new Uint8Array([]))).toBeUndefined();
});

test("the progress of a checkpoint names the checkpoint and the bytes of it", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 32 - 1 }), offset, (id, parsed) => {
      const frame = encodeCheckpointAckFrame({ id, bytes: parsed });
      expect(decodeBrowserFrame(frame)).toEqual({ kind: "checkpoint-ack", id, bytes: parsed });
      expect(decodeBrowserFrame(frame.subarray(0, -1))).toBeUndefined();
    }),
  );
});

test("an input frame keeps stream, offset, origin and bytes", () => {
  fc.assert(
    fc.property(bytes, offset, fc.constantFrom("human" as const, "reply" as const), (typed, at, origin) => {
      const frame = encodeInputFrame({ streamId: STREAM, offset: at, origin, bytes: typed });
      expect(decodeBrowserFrame(frame)).toEqual({ kind: "input", streamId: STREAM, offset: at, origin, bytes: typed });
    }),
  );
});

test("an acknowledgement keeps an offset beyond 32 bits", () => {
  expect(decodeBrowserFrame(encodeAckFrame(2 ** 40 + 7))).toEqual({ kind: "ack", offset: 2 ** 40 + 7 });
});

test("a browser frame that is cut, empty or of an unknown kind is refused, never thrown on", () => {
  const frame = encodeInputFrame({ streamId: STREAM, offset: 0, origin: "human", bytes: new Uint8Array([1]) });
  for (let length = 0; length < frame.length; length++)
    expect(decodeBrowserFrame(frame.subarray(0, length))).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => void decodeBrowserFrame(noise)));
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("offset %d is refused", (bad) => {
  expect(decodeBrowserFrame(encodeAckFrame(bad))).toBeUndefined();
  const input = encodeInputFrame({ streamId: STREAM, offset: bad, origin: "human", bytes: new Uint8Array([1]) });
  expect(decodeBrowserFrame(input)).toBeUndefined();
});

test("an input frame whose origin is neither human nor reply is refused", () => {
  const frame = encodeInputFrame({ streamId: STREAM, offset: 0, origin: "human", bytes: new Uint8Array([1]) });
  frame[1] = 2;
  expect(decodeBrowserFrame(frame)).toBeUndefined();
});
