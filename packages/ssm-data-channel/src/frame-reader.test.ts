import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfHex, vectorFrame, vectors } from "../test/vectors/vectors.ts";
import { decodeAgentMessage, encodeAgentMessage } from "./agent-message.ts";
import { checkRelayable, readFrame } from "./frame-reader.ts";

const MESSAGE = {
  messageType: "output_stream_data",
  createdDate: 1,
  messageId: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
  payload: Uint8Array.of(1),
};

describe("the fast reader", () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))("says of %s what the decoder says", (_, vector) => {
    const bytes = bytesOfHex(vector.frameHex);
    const frame = readFrame(bytes);
    const result = decodeAgentMessage(bytes);
    if (!result.ok) {
      expect(frame.rejection).toBe(result.reason);
      return;
    }
    const { message, warning } = result;
    expect(frame).toMatchObject({
      rejection: undefined,
      lengthMismatch: warning !== undefined,
      messageType: message.messageType,
      sequenceNumber: Number(message.sequenceNumber),
      payloadType: message.payloadType,
      payload: message.payload,
      bytes,
    });
  });

  test("gives the sequence number exactly while it is a safe integer, else with its sign and about its size", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (sequenceNumber) => {
        const read = readFrame(encodeAgentMessage({ ...MESSAGE, sequenceNumber })).sequenceNumber;
        expect(read).toBe(Number(sequenceNumber));
      }),
    );
  });

  test("names type, length and reason of a frame that is dropped, for the log", () => {
    const frame = readFrame(vectorFrame("digest-first-bit"));
    expect([frame.rejection, frame.messageType, frame.bytes.length]).toEqual(["digest", "output_stream_data", 128]);
  });

  test("speaks of a wrong length only where the digest is right", () => {
    expect(readFrame(vectorFrame("len-plus-1")).lengthMismatch).toBe(true);
    expect(readFrame(vectorFrame("len-zero"))).toMatchObject({ rejection: "digest", lengthMismatch: false });
  });

  test("has no payload to give when the header cannot be trusted", () => {
    expect(readFrame(vectorFrame("hl-1000")).payload).toHaveLength(0);
  });

  test("asks the host for a digest once per frame, and never for a publication message", () => {
    let asked = 0;
    const sha256 = () => {
      asked++;
      return new Uint8Array(32);
    };
    readFrame(vectorFrame("pt1-output-out"), sha256);
    readFrame(vectorFrame("mt-start-pub"), sha256);
    readFrame(vectorFrame("cut-115"), sha256);
    expect(asked).toBe(1);
  });

  test("rejects every frame when the host's digest has the wrong length", () => {
    const frame = encodeAgentMessage({ ...MESSAGE, sequenceNumber: 1 });
    expect(readFrame(frame, () => frame.slice(80, 111)).rejection).toBe("digest");
    expect(readFrame(frame, () => frame.slice(80, 113)).rejection).toBe("digest");
    expect(readFrame(frame, () => frame.slice(80, 112)).rejection).toBeUndefined();
  });

  test("takes a Buffer of a socket library and gives plain bytes", () => {
    const { payload } = readFrame(Buffer.from(encodeAgentMessage({ ...MESSAGE, sequenceNumber: 1 })));
    expect(Object.getPrototypeOf(payload)).toBe(Uint8Array.prototype);
  });
});

describe("a service", () => {
  test("relays a frame whose digest is wrong: that is for the ends to judge", () => {
    expect(checkRelayable(vectorFrame("digest-first-bit"))).toEqual({ ok: true });
  });

  test("relays a short header", () => {
    expect(checkRelayable(vectorFrame("hl112-channel-closed"))).toEqual({ ok: true });
  });

  test.each(vectors.filter(({ decoded }) => decoded === null).map(({ id }) => [id]))(
    "never relays %s, which ends a real end's receive loop or is dropped by it",
    (id) => {
      expect(checkRelayable(vectorFrame(id))).toMatchObject({ ok: false });
    },
  );

  test("relays no short header that ends before byte 120, where the real ends read a length", () => {
    const frame = vectorFrame("hl112-start-pub");
    expect(checkRelayable(frame.subarray(0, 119))).toEqual({ ok: false, reason: "short" });
    expect(checkRelayable(frame.subarray(0, 120))).toEqual({ ok: true });
  });

  test("never throws and relays only frames with a header the real ends can read", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 112, 116, 117), (bytes, headerLength) => {
        if (bytes.length >= 4) new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, headerLength);
        const relayable = bytes.length >= 120 && (headerLength === 112 || headerLength === 116);
        expect(checkRelayable(bytes).ok).toBe(relayable);
      }),
    );
    expect(checkRelayable(undefined as unknown as Uint8Array)).toEqual({ ok: false, reason: "short" });
  });
});
