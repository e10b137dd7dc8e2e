import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACKNOWLEDGE_SLAB_BYTES, ACKNOWLEDGE_SLAB_BYTES_FIRST, AcknowledgeWriter } from "./acknowledge-writer.ts";
import { decodeAgentMessage, encodeAgentMessage } from "./agent-message.ts";
import { ChannelError } from "./channel-error.ts";
import { buildAcknowledge, HEADER_FLAGS } from "./payloads.ts";
import { UuidSource } from "./uuid.ts";

const TYPES = ["output_stream_data", "input_stream_data"] as const;
const ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

describe("an acknowledgement of the fast writer", () => {
  test("is byte for byte what the plain codec makes", () => {
    const writers = new Map(TYPES.map((type) => [type, newWriter(type)]));
    const now = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        fc.uuid(),
        anySequenceNumber(),
        now,
        (type, messageId, sequenceNumber, nowMs) => {
          const frame = (writers.get(type) as AcknowledgeWriter).write(frameOf(type, messageId), sequenceNumber, nowMs);
          expect(frame).toEqual(
            encodeAgentMessage({
              messageType: "acknowledge",
              createdDate: nowMs,
              sequenceNumber: 0,
              flags: HEADER_FLAGS.synFin,
              messageId: messageIdOf(frame),
              payload: buildAcknowledge({ messageType: type, messageId, sequenceNumber }),
            }),
          );
        },
      ),
    );
  });

  test("has an id of its own", () => {
    const writer = newWriter("output_stream_data");
    const frame = frameOf("output_stream_data", ID);
    const ids = Array.from({ length: 300 }, (_, sequenceNumber) => messageIdOf(writer.write(frame, sequenceNumber, 1)));
    expect(new Set([...ids, ID]).size).toBe(301);
  });

  test("stays as it was while hundreds of others are written, beyond the end of a slab", () => {
    const writer = newWriter("output_stream_data");
    const acknowledged = frameOf("output_stream_data", ID);
    const frames: { frame: Uint8Array; copy: Uint8Array }[] = [];
    for (let bytes = 0; bytes < 4 * ACKNOWLEDGE_SLAB_BYTES; ) {
      const frame = writer.write(acknowledged, frames.length, 1);
      frames.push({ frame, copy: frame.slice() });
      bytes += frame.length;
    }
    for (const { frame, copy } of frames) expect(frame).toEqual(copy);
    const slabs = [...new Set(frames.map(({ frame }) => frame.buffer.byteLength))];
    expect(slabs).toEqual([ACKNOWLEDGE_SLAB_BYTES_FIRST, 2_048, 4_096, 8_192, ACKNOWLEDGE_SLAB_BYTES]);
    expect(new Set(frames.map(({ frame }) => frame.buffer)).size).toBe(8);
  });

  test("has a date that both real ends accept, whatever the caller's clock says", () => {
    const dateAt = (nowMs: number) => {
      const result = decodeAgentMessage(
        newWriter("input_stream_data").write(frameOf("input_stream_data", ID), 0, nowMs),
      );
      return result.ok ? result.message.createdDate : result.reason;
    };
    expect([0, -5, Number.NaN, 1.9, 1_729_000_000_004.75].map(dateAt)).toEqual([1n, 1n, 1n, 1n, 1_729_000_000_004n]);
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN])("is refused for %d, which is no sequence number", (sequenceNumber) => {
    const writer = newWriter("output_stream_data");
    expect(() => writer.write(frameOf("output_stream_data", ID), sequenceNumber, 1)).toThrow(ChannelError);
  });
});

function newWriter(type: (typeof TYPES)[number]): AcknowledgeWriter {
  return new AcknowledgeWriter(type, new UuidSource((length) => randomBytes(length)));
}

function frameOf(messageType: string, messageId: string): Uint8Array {
  return encodeAgentMessage({ messageType, messageId, createdDate: 1, sequenceNumber: 0, payload: Uint8Array.of(1) });
}

function messageIdOf(frame: Uint8Array): string {
  const result = decodeAgentMessage(frame);
  return result.ok ? result.message.messageId : result.reason;
}

/** Every number of digits, and the neighbours of every power of ten. */
function anySequenceNumber(): fc.Arbitrary<number> {
  const power = fc.nat({ max: 15 }).map((exponent) => 10 ** exponent);
  return fc.oneof(
    fc.nat({ max: 2 ** 31 - 1 }),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    power,
    power.map((value) => value - 1),
    fc.constant(Number.MAX_SAFE_INTEGER),
  );
}
