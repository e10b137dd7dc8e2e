/**
 * The binary message of data channel and control channel, as bytes and as fields (data-channel.md §3).
 * Sans I/O. What a peer sent is judged by `readFrame`; here it is only taken apart.
 */
import { ChannelError } from "./channel-error.ts";
import {
  CREATED_DATE_OFFSET,
  DIGEST_BYTES,
  DIGEST_OFFSET,
  FLAGS_OFFSET,
  HEADER_LENGTH,
  MESSAGE_ID_OFFSET,
  MESSAGE_TYPE_OFFSET,
  PAYLOAD_OFFSET,
  PAYLOAD_TYPE_OFFSET,
  SCHEMA_VERSION_OFFSET,
  SEQUENCE_NUMBER_OFFSET,
} from "./frame-layout.ts";
import { type DecodeRejection, readFrame } from "./frame-reader.ts";
import { messageTypeField } from "./message-type.ts";
import { sha256 as javascriptSha256, type Sha256 } from "./sha256.ts";
import { readUuid, writeUuid } from "./uuid.ts";

export interface CodecOptions {
  /** The host's native SHA-256; default: the JavaScript one of this package. */
  sha256?: Sha256;
}

/** Every field of a frame; the 64-bit ones in their full range. */
export interface AgentMessage {
  /** 116, or 112 for a frame that the service itself made (§3.6). */
  headerLength: number;
  /** Trimmed. */
  messageType: string;
  schemaVersion: number;
  /** Milliseconds since 1970 UTC, unsigned. */
  createdDate: bigint;
  /** Signed. */
  sequenceNumber: bigint;
  /** Unsigned; neither real end reads them. */
  flags: bigint;
  /** Lower-case UUID text. */
  messageId: string;
  payloadDigest: Uint8Array;
  payloadType: number;
  /** As declared in the frame, which may differ from the length of `payload`. */
  payloadLength: number;
  /** A view into the frame, not a copy. */
  payload: Uint8Array;
}

/** What `encodeAgentMessage` takes; an AgentMessage will do. Lengths and digest are computed, not taken. */
export interface AgentMessageInput {
  /** At most 32 bytes in UTF-8. */
  messageType: string;
  /** Default 1. */
  schemaVersion?: number;
  createdDate: bigint | number;
  sequenceNumber: bigint | number;
  /** Default 0. */
  flags?: bigint | number;
  /** A UUID in text form. */
  messageId: string;
  /** Default 0. */
  payloadType?: number;
  /** At least one byte: neither real end can send an empty payload, and there is nothing to send. */
  payload: Uint8Array;
}

export type DecodeResult =
  | { ok: true; message: AgentMessage; warning?: "length-mismatch" }
  | { ok: false; reason: DecodeRejection };

/**
 * @returns the frame, 120 bytes + payload, always with the 116-byte header
 * @throws ChannelError CHANNEL_EMPTY_PAYLOAD, CHANNEL_MESSAGE_TYPE_TOO_LONG, CHANNEL_INVALID_UUID,
 * CHANNEL_VALUE_OUT_OF_RANGE: the caller's mistakes
 */
export function encodeAgentMessage(message: AgentMessageInput, options?: CodecOptions): Uint8Array {
  const { payload } = message;
  if (payload.length === 0) throw new ChannelError("CHANNEL_EMPTY_PAYLOAD", "a message without payload cannot be sent");
  const typeField = messageTypeField(message.messageType);
  if (typeField === undefined)
    throw new ChannelError("CHANNEL_MESSAGE_TYPE_TOO_LONG", "a message type has at most 32 bytes");

  const frame = new Uint8Array(PAYLOAD_OFFSET + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, HEADER_LENGTH);
  frame.set(typeField, MESSAGE_TYPE_OFFSET);
  setUint32(view, SCHEMA_VERSION_OFFSET, message.schemaVersion ?? 1, "schemaVersion");
  setInteger64(view, CREATED_DATE_OFFSET, message.createdDate, "createdDate", UINT64);
  setInteger64(view, SEQUENCE_NUMBER_OFFSET, message.sequenceNumber, "sequenceNumber", INT64);
  setInteger64(view, FLAGS_OFFSET, message.flags ?? 0, "flags", UINT64);
  writeUuid(message.messageId, frame, MESSAGE_ID_OFFSET);
  frame.set((options?.sha256 ?? javascriptSha256)(payload), DIGEST_OFFSET);
  setUint32(view, PAYLOAD_TYPE_OFFSET, message.payloadType ?? 0, "payloadType");
  view.setUint32(HEADER_LENGTH, payload.length);
  frame.set(payload, PAYLOAD_OFFSET);
  return frame;
}

/** Takes a frame apart, or says why it must be dropped. Never throws, whatever it is given. */
export function decodeAgentMessage(frame: Uint8Array, options?: CodecOptions): DecodeResult {
  const read = readFrame(frame, options?.sha256);
  if (read.rejection !== undefined) return { ok: false, reason: read.rejection };
  const { bytes } = read;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerLength = view.getUint32(0);
  const message: AgentMessage = {
    headerLength,
    messageType: read.messageType,
    schemaVersion: view.getUint32(SCHEMA_VERSION_OFFSET),
    createdDate: view.getBigUint64(CREATED_DATE_OFFSET),
    sequenceNumber: view.getBigInt64(SEQUENCE_NUMBER_OFFSET),
    flags: view.getBigUint64(FLAGS_OFFSET),
    messageId: readUuid(bytes, MESSAGE_ID_OFFSET),
    payloadDigest: bytes.subarray(DIGEST_OFFSET, DIGEST_OFFSET + DIGEST_BYTES),
    payloadType: read.payloadType,
    payloadLength: view.getUint32(headerLength),
    payload: read.payload,
  };
  return read.lengthMismatch ? { ok: true, message, warning: "length-mismatch" } : { ok: true, message };
}

type Integer64Range = { min: number; max: number; bigMin: bigint; bigMax: bigint };
// As numbers the upper bounds are 2^64 and 2^63, exclusive: the last integers below are no JavaScript numbers.
const UINT64: Integer64Range = { min: 0, max: 2 ** 64, bigMin: 0n, bigMax: 2n ** 64n - 1n };
const INT64: Integer64Range = { min: -(2 ** 63), max: 2 ** 63, bigMin: -(2n ** 63n), bigMax: 2n ** 63n - 1n };

function setUint32(view: DataView, offset: number, value: number, field: string): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw outOfRange(field);
  view.setUint32(offset, value);
}

function setInteger64(
  view: DataView,
  offset: number,
  value: bigint | number,
  field: string,
  range: Integer64Range,
): void {
  if (typeof value === "bigint") {
    if (value < range.bigMin || value > range.bigMax) throw outOfRange(field);
    view.setBigInt64(offset, value);
    return;
  }
  if (!Number.isInteger(value) || value < range.min || value >= range.max) throw outOfRange(field);
  view.setUint32(offset, Math.floor(value / 0x1_0000_0000)); // both halves modulo 2^32: two's complement
  view.setUint32(offset + 4, value);
}

function outOfRange(field: string): ChannelError {
  return new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", `${field} is no integer that its field can hold`);
}
