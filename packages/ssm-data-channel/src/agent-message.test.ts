import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainVerdict } from "../test/vectors/plain-decoder.ts";
import { bytesOfHex, type DecodedFields, hexOf, vectorFrame, vectors } from "../test/vectors/vectors.ts";
import { type AgentMessage, type AgentMessageInput, decodeAgentMessage, encodeAgentMessage } from "./agent-message.ts";
import { ChannelError } from "./channel-error.ts";

const MESSAGE: AgentMessageInput = {
  messageType: "output_stream_data",
  createdDate: 1_729_000_000_004,
  sequenceNumber: 7,
  messageId: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
  payloadType: 1,
  payload: bytesOfHex("6c730d"),
};

describe("the frames that the two real ends were tried with", () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))("%s gets the recommended verdict", (_, vector) => {
    const result = decodeAgentMessage(bytesOfHex(vector.frameHex));
    const { accept, reason, warn } = vector.recommended;
    if (!accept) expect(result).toEqual({ ok: false, reason });
    else {
      const message = decoded(result);
      expect(fieldsOf(message)).toEqual(expectedFields(vector.decoded as DecodedFields, message.payload.length));
      expect(result).toEqual(warn ? { ok: true, message, warning: warn } : { ok: true, message });
    }
  });

  const serialized = vectors.filter((vector) => vector.origin === "serializer");
  test.each(serialized.map((vector) => [vector.id, vector] as const))(
    "%s is encoded to the very bytes of the real client",
    (_, { decoded: fields, frameHex }) => {
      expect(hexOf(encodeAgentMessage(inputOf(fields as DecodedFields)))).toBe(frameHex);
    },
  );

  test.each(serialized.map((vector) => [vector.id, vector] as const))(
    "%s, decoded, is encoded to the same bytes again",
    (_, { frameHex }) => {
      expect(hexOf(encodeAgentMessage(decoded(decodeAgentMessage(bytesOfHex(frameHex)))))).toBe(frameHex);
    },
  );
});

describe("64-bit fields", () => {
  test("keep their full range as bigint", () => {
    const wide = { createdDate: 2n ** 64n - 1n, sequenceNumber: -(2n ** 63n), flags: 2n ** 64n - 1n };
    expect(decoded(decodeAgentMessage(encodeAgentMessage({ ...MESSAGE, ...wide })))).toMatchObject(wide);
  });

  test("are the same from a number as from a bigint", () => {
    const numbers = fc.oneof(
      fc.maxSafeInteger(),
      fc.constantFrom(2 ** 53, 2 ** 62, -1, -(2 ** 32), -(2 ** 63), 2 ** 32 - 1, 2 ** 32),
    );
    fc.assert(
      fc.property(numbers, (sequenceNumber) => {
        const fromBigint = encodeAgentMessage({ ...MESSAGE, sequenceNumber: BigInt(sequenceNumber) });
        expect(encodeAgentMessage({ ...MESSAGE, sequenceNumber })).toEqual(fromBigint);
      }),
    );
  });
});

describe("what encode makes, decode reads back", () => {
  test("with every field as it was, for any message that can be sent", () => {
    fc.assert(
      fc.property(anyMessage(), (message) => {
        const frame = encodeAgentMessage(message);
        const read = decoded(decodeAgentMessage(frame));
        expect(read).toMatchObject({
          ...message,
          createdDate: BigInt(message.createdDate),
          sequenceNumber: BigInt(message.sequenceNumber),
          headerLength: 116,
          payloadLength: message.payload.length,
        });
        expect(encodeAgentMessage(read)).toEqual(frame);
      }),
    );
  });

  test("with the host's SHA-256 as with the one inside", () => {
    const sha256 = (data: Uint8Array) => createHash("sha256").update(data).digest();
    const frame = encodeAgentMessage(MESSAGE, { sha256 });
    expect(frame).toEqual(encodeAgentMessage(MESSAGE));
    expect(decodeAgentMessage(frame, { sha256 })).toEqual(decodeAgentMessage(frame));
  });

  test("a decoded payload is a view into the frame, at any offset of a larger buffer", () => {
    const frame = encodeAgentMessage(MESSAGE);
    const larger = new Uint8Array(frame.length + 8).fill(0xff);
    larger.set(frame, 3);
    const { payload } = decoded(decodeAgentMessage(larger.subarray(3, 3 + frame.length)));
    expect(payload).toEqual(MESSAGE.payload);
    expect(payload.buffer).toBe(larger.buffer);
  });
});

describe("decoding never throws", () => {
  test("on random bytes, and agrees with a plain reading of the rules", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectPlainVerdict), { numRuns: 500 });
  });

  test("on real frames with bytes changed, cut off or added, and agrees with a plain reading of the rules", () => {
    fc.assert(fc.property(mutatedFrame(), expectPlainVerdict), { numRuns: 3000 });
  });

  test.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["text", "x".repeat(200)],
    ["an array", new Array(200).fill(116)],
    ["something with a length", { length: 200, buffer: new ArrayBuffer(200) }],
    ["an ArrayBuffer", new ArrayBuffer(200)],
    ["a DataView", new DataView(new ArrayBuffer(200))],
    ["wider numbers", new Uint16Array(200)],
    ["a proxy of bytes", new Proxy(vectorFrame("pt1-output-out"), {})],
    ["an object that claims to be bytes", Object.create(Uint8Array.prototype)],
    ["a detached buffer", detached(vectorFrame("pt1-output-out"))],
  ])("on %s, which is short", (_, input) => {
    expect(decodeAgentMessage(input as Uint8Array)).toEqual({ ok: false, reason: "short" });
  });

  test("on bytes whose own properties throw when looked at", () => {
    class Hostile extends Uint8Array {
      override get length(): number {
        throw new Error("length");
      }
      override get buffer(): ArrayBuffer {
        throw new Error("buffer");
      }
    }
    expect(decodeAgentMessage(Hostile.from(vectorFrame("pt1-output-out")))).toMatchObject({ ok: true });
  });
});

test("a change of any one bit of digest or payload is noticed", () => {
  const frame = encodeAgentMessage(MESSAGE);
  const bits = [...Array(32).keys()]
    .map((index) => 80 + index)
    .concat([120, 121, 122])
    .flatMap((offset) => [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => ({ offset, bit })));
  for (const { offset, bit } of bits) {
    const flipped = frame.slice();
    flipped[offset] = (flipped[offset] as number) ^ (1 << bit);
    expect(decodeAgentMessage(flipped)).toEqual({ ok: false, reason: "digest" });
  }
});

describe("our own mistakes throw at once", () => {
  test.each<[string, Partial<AgentMessageInput>, string]>([
    ["an empty payload", { payload: new Uint8Array(0) }, "CHANNEL_EMPTY_PAYLOAD"],
    ["a type of 33 bytes", { messageType: "m".repeat(33) }, "CHANNEL_MESSAGE_TYPE_TOO_LONG"],
    ["a type of 11 characters in 33 bytes", { messageType: "漢".repeat(11) }, "CHANNEL_MESSAGE_TYPE_TOO_LONG"],
    ["a message id without hyphens", { messageId: "f47ac10b58cc4372a5670e02b2c3d479" }, "CHANNEL_INVALID_UUID"],
    ["a date beyond 64 bits", { createdDate: 2n ** 64n }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["a date of 2^64 as a number", { createdDate: 2 ** 64 }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["a date before 1970", { createdDate: -1 }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["a fraction of a millisecond", { createdDate: 0.5 }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["a sequence number of 2^63", { sequenceNumber: 2n ** 63n }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["no sequence number at all", { sequenceNumber: Number.NaN }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["negative flags", { flags: -1n }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["a payload type of 2^32", { payloadType: 2 ** 32 }, "CHANNEL_VALUE_OUT_OF_RANGE"],
    ["a negative schema version", { schemaVersion: -1 }, "CHANNEL_VALUE_OUT_OF_RANGE"],
  ])("%s", (_, mistake, code) => {
    const encode = () => encodeAgentMessage({ ...MESSAGE, ...mistake });
    expect(encode).toThrow(ChannelError);
    expect(encode).toThrow(expect.objectContaining({ code }));
  });

  test("and the message of the error holds nothing of the payload", () => {
    const secret = Uint8Array.from(Buffer.from("hunter2"));
    const encode = () => encodeAgentMessage({ ...MESSAGE, messageId: "hunter2", payload: secret });
    expect(encode).toThrow(expect.not.objectContaining({ message: expect.stringContaining("hunter2") }));
  });
});

function expectPlainVerdict(frame: Uint8Array): void {
  const result = decodeAgentMessage(frame);
  const seen = result.ok
    ? { reason: undefined, warning: result.warning }
    : { reason: result.reason as string, warning: undefined };
  expect(seen).toEqual(plainVerdict(frame));
}

function decoded(result: ReturnType<typeof decodeAgentMessage>): AgentMessage {
  if (!result.ok) throw new Error(`rejected: ${result.reason}`);
  return result.message;
}

function fieldsOf(message: AgentMessage): DecodedFields {
  const { createdDate, sequenceNumber, flags, payload, payloadDigest, ...rest } = message;
  return {
    ...rest,
    createdDate: String(createdDate),
    sequenceNumber: String(sequenceNumber),
    flags: String(flags),
    payloadDigestHex: hexOf(payloadDigest),
    payloadHex: hexOf(payload),
  };
}

/** The short header has no payload type, and its length stands where the real ends read one (§3.6). */
function expectedFields(fields: DecodedFields, payloadLength: number): DecodedFields {
  return fields.headerLength === 112 ? { ...fields, payloadType: 0, payloadLength } : fields;
}

function inputOf(fields: DecodedFields): AgentMessageInput {
  return {
    messageType: fields.messageType,
    schemaVersion: fields.schemaVersion,
    createdDate: BigInt(fields.createdDate),
    sequenceNumber: BigInt(fields.sequenceNumber),
    flags: BigInt(fields.flags),
    messageId: fields.messageId,
    payloadType: fields.payloadType,
    payload: bytesOfHex(fields.payloadHex),
  };
}

function anyMessage(): fc.Arbitrary<AgentMessageInput> {
  const uint32 = fc.nat({ max: 0xffff_ffff });
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  return fc.record({
    messageType: fc.oneof(
      fc.constantFrom("input_stream_data", "output_stream_data", "acknowledge", "start_publication", "agent_job"),
      fc.stringMatching(/^[a-z0-9_é漢]{1,8}$/),
    ),
    schemaVersion: uint32,
    createdDate: fc.oneof(
      fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    ),
    sequenceNumber: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.maxSafeInteger()),
    flags: uint64,
    messageId: fc.uuid(),
    payloadType: uint32,
    payload: fc.uint8Array({ minLength: 1, maxLength: 2000 }),
  });
}

/** A frame of the vectors with a few changes where they matter: header length, type, date, digest, length, end. */
function mutatedFrame(): fc.Arbitrary<Uint8Array> {
  const offset = fc.oneof(fc.nat({ max: 143 }), fc.integer({ min: 0, max: 47 }), fc.integer({ min: 108, max: 124 }));
  const value = fc.oneof(fc.constantFrom(0, 0x20, 0x70, 0x74, 0x85, 0xa0, 0xc2, 0xff), fc.nat({ max: 255 }));
  return fc
    .record({
      vector: fc.constantFrom(...vectors),
      changes: fc.array(fc.record({ offset, value }), { maxLength: 4 }),
      clearDate: fc.integer({ min: 0, max: 9 }),
      cut: fc.oneof(fc.constant(0), fc.nat({ max: 20 })),
      added: fc.uint8Array({ maxLength: 6 }),
    })
    .map(({ vector, changes, clearDate, cut, added }) => {
      const frame = bytesOfHex(vector.frameHex);
      for (const change of changes) if (change.offset < frame.length) frame[change.offset] = change.value;
      if (clearDate === 0) frame.fill(0, 40, 48);
      const kept = frame.subarray(0, Math.max(0, frame.length - cut));
      const mutated = new Uint8Array(kept.length + added.length);
      mutated.set(kept);
      mutated.set(added, kept.length);
      return mutated;
    });
}

function detached(bytes: Uint8Array): Uint8Array {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
  return bytes;
}
