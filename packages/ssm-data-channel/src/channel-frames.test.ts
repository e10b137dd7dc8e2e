import fc from "fast-check";
import { expect, test } from "vitest";
import { testHost } from "../test/node-host.ts";
import { decodeAgentMessage, encodeAgentMessage } from "./agent-message.ts";
import { ChannelFrames } from "./channel-frames.ts";

const messages = fc.record({
  sequenceNumber: fc.maxSafeNat(),
  payloadType: fc.integer({ min: 0, max: 0xffff_ffff }),
  payload: fc.uint8Array({ minLength: 1, maxLength: 1_500 }),
});

test("stream data from the template is what the codec writes for the same fields, in both roles", () => {
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 2 ** 48 }), (message, nowMs) => {
      for (const role of ["client", "agent"] as const) {
        const frame = new ChannelFrames(testHost(), role, 0).streamData(message, nowMs);
        const decoded = decodeAgentMessage(frame);
        if (!decoded.ok) throw new Error(decoded.reason);
        expect(decoded.message).toMatchObject({
          messageType: role === "client" ? "input_stream_data" : "output_stream_data",
          createdDate: BigInt(nowMs),
          sequenceNumber: BigInt(message.sequenceNumber),
          payloadType: message.payloadType,
        });
        expect(Buffer.compare(encodeAgentMessage(decoded.message), frame)).toBe(0);
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});

test("only the agent's message 0 says SYN, and no two messages have the same id", () => {
  const agent = new ChannelFrames(testHost(), "agent", 0);
  const fields = [0, 1, 0].map((sequenceNumber) => {
    const decoded = decodeAgentMessage(
      agent.streamData({ sequenceNumber, payloadType: 1, payload: Uint8Array.of(1) }, 1),
    );
    return decoded.ok ? decoded.message : undefined;
  });
  expect(fields.map((message) => message?.flags)).toEqual([1n, 0n, 1n]);
  expect(new Set(fields.map((message) => message?.messageId)).size).toBe(3);
});
