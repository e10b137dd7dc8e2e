import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AgentMessage, decodeAgentMessage, encodeAgentMessage } from "./agent-message.ts";

interface Vector {
  id: string;
  origin: string;
  frameHex: string;
  decoded: Record<string, string | number> | null;
  recommended: { accept: boolean; reason?: string; warn?: string };
}
const { vectors } = JSON.parse(readFileSync(new URL("../test/vectors/vectors.json", import.meta.url), "utf8")) as {
  vectors: Vector[];
};

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

const asVector = (message: AgentMessage): Record<string, string | number> => ({
  headerLength: message.headerLength,
  messageType: message.messageType,
  schemaVersion: message.schemaVersion,
  createdDate: String(message.createdDate),
  sequenceNumber: String(message.sequenceNumber),
  flags: String(message.flags),
  messageId: message.messageId,
  payloadDigestHex: hex(message.payloadDigest),
  payloadType: message.payloadType,
  payloadLength: message.payloadLength,
  payloadHex: hex(message.payload),
});

describe("vectors of the two real ends", () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))("%s gets the recommended verdict", (_, vector) => {
    const result = decodeAgentMessage(bytes(vector.frameHex));
    const { accept, reason, warn } = vector.recommended;
    if (!accept) {
      expect(result).toEqual({ ok: false, reason });
      return;
    }
    if (!result.ok) throw new Error(`rejected: ${result.reason}`);
    expect(result.warning).toBe(warn);
    const expected = { ...vector.decoded };
    // The short header has no payload type, and its length stands where the real ends read one.
    if (expected.headerLength === 112)
      Object.assign(expected, { payloadType: 0, payloadLength: result.message.payload.length });
    expect(asVector(result.message)).toEqual(expected);
  });

  test.each(vectors.filter((vector) => vector.origin === "serializer").map((vector) => [vector.id, vector] as const))(
    "%s is encoded to the very bytes of the real client",
    (_, { decoded, frameHex }) => {
      const fields = decoded as Record<string, string>;
      const frame = encodeAgentMessage({
        messageType: fields.messageType as string,
        schemaVersion: Number(fields.schemaVersion),
        createdDate: BigInt(fields.createdDate as string),
        sequenceNumber: BigInt(fields.sequenceNumber as string),
        flags: BigInt(fields.flags as string),
        messageId: fields.messageId as string,
        payloadType: Number(fields.payloadType),
        payload: bytes(fields.payloadHex as string),
      });
      expect(hex(frame)).toBe(frameHex);
    },
  );
});
