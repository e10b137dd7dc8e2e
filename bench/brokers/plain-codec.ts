/**
 * The reference of the codec benchmark, and the codec of the naive broker: the same work as a first version would do it. Every field decoded into an
 * object, BigInt and Date, createHash, the acknowledge built from an object with JSON.stringify. Correct, and plain.
 */
import { createHash, randomUUID } from "node:crypto";

export interface PlainMessage {
  messageType: string;
  schemaVersion: number;
  createdDate: Date;
  sequenceNumber: bigint;
  flags: bigint;
  messageId: string;
  payloadType: number;
  payload: Buffer;
}

export function plainDecode(frame: Buffer): PlainMessage {
  const headerLength = frame.readUInt32BE(0);
  const payload = frame.subarray(headerLength + 4);
  const digest = frame.subarray(80, 112);
  if (!createHash("sha256").update(payload).digest().equals(digest)) throw new Error("digest");
  const id = Buffer.concat([frame.subarray(72, 80), frame.subarray(64, 72)]).toString("hex");
  return {
    messageType: frame.subarray(4, 36).toString("utf8").trim(),
    schemaVersion: frame.readUInt32BE(36),
    createdDate: new Date(Number(frame.readBigUInt64BE(40))),
    sequenceNumber: frame.readBigInt64BE(48),
    flags: frame.readBigUInt64BE(56),
    messageId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
    payloadType: frame.readUInt32BE(112),
    payload,
  };
}

export function plainAcknowledge(message: PlainMessage): Buffer {
  const payload = JSON.stringify({
    AcknowledgedMessageType: message.messageType,
    AcknowledgedMessageId: message.messageId,
    AcknowledgedMessageSequenceNumber: Number(message.sequenceNumber),
    IsSequentialMessage: true,
  });
  return plainEncode("acknowledge", 0n, 3n, 0, Buffer.from(payload));
}

export function plainInput(payload: Buffer, sequenceNumber: bigint): Buffer {
  return plainEncode("input_stream_data", sequenceNumber, 0n, 1, payload);
}

function plainEncode(
  type: string,
  sequenceNumber: bigint,
  flags: bigint,
  payloadType: number,
  payload: Buffer,
): Buffer {
  const frame = Buffer.alloc(120 + payload.length);
  const id = Buffer.from(randomUUID().replaceAll("-", ""), "hex");
  frame.writeUInt32BE(116, 0);
  frame.write(type.padEnd(32, " "), 4);
  frame.writeUInt32BE(1, 36);
  frame.writeBigUInt64BE(BigInt(Date.now()), 40);
  frame.writeBigInt64BE(sequenceNumber, 48);
  frame.writeBigUInt64BE(flags, 56);
  id.copy(frame, 64, 8, 16);
  id.copy(frame, 72, 0, 8);
  createHash("sha256").update(payload).digest().copy(frame, 80);
  frame.writeUInt32BE(payloadType, 112);
  frame.writeUInt32BE(payload.length, 116);
  payload.copy(frame, 120);
  return frame;
}
