/**
 * Reads frames as they come from the wire: which are well formed, and what a channel needs to know of them.
 * The rules are those of data-channel.md §3.5; this is their only implementation, and the hot path: one object and
 * one view per frame, no BigInt, no Date. `decodeAgentMessage` adds the rest of the fields.
 */
import { bytesOf } from "./bytes.ts";
import {
  CREATED_DATE_OFFSET,
  DIGEST_BYTES,
  DIGEST_OFFSET,
  FRAME_BYTES_MIN,
  HEADER_LENGTH,
  HEADER_LENGTH_SHORT,
  PAYLOAD_LENGTH_SIZE,
  PAYLOAD_OFFSET,
  PAYLOAD_TYPE_OFFSET,
  SEQUENCE_NUMBER_OFFSET,
} from "./frame-layout.ts";
import { HEX_CODES } from "./hex-codes.ts";
import { MESSAGE_TYPE, readMessageType } from "./message-type.ts";
import { type Digest, sha256 as javascriptSha256 } from "./sha256.ts";

export type DecodeRejection = "short" | "header-length" | "type" | "created-date" | "digest";

export interface Frame {
  /** Why the frame must be dropped; undefined: it is good. */
  rejection: DecodeRejection | undefined;
  /** The right digest came with a wrong PayloadLength: worth a log line, no more. */
  lengthMismatch: boolean;
  /** Trimmed. For the types of MESSAGE_TYPE always the same string, so that comparing is cheap. "" when not readable. */
  messageType: string;
  /**
   * The signed 64-bit number rounded to a JavaScript number. Exact, and only then to be used, when
   * Number.isSafeInteger says so; sign and rough size are right in any case.
   */
  sequenceNumber: number;
  payloadType: number;
  /** A view into the frame, not a copy. Empty when `rejection` is "short" or "header-length". */
  payload: Uint8Array;
  /** A plain view of the whole frame: `AcknowledgeWriter` reads the message id from it. Empty when the input was no bytes. */
  bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Reads one websocket message. Never throws, whatever it is given; a host function that throws is the host's business.
 *
 * @param sha256 the host's native function; the JavaScript one when left out
 */
export function readFrame(input: Uint8Array, sha256: Digest = javascriptSha256): Frame {
  const bytes = bytesOf(input) ?? NO_BYTES;
  const frame: Frame = {
    rejection: checkBounds(bytes),
    lengthMismatch: false,
    messageType: bytes.length < FRAME_BYTES_MIN ? "" : readMessageType(bytes),
    sequenceNumber: 0,
    payloadType: 0,
    payload: NO_BYTES,
    bytes,
  };
  if (frame.rejection !== undefined) return frame;
  const headerLength = u32(bytes, 0);
  const payloadOffset = headerLength + PAYLOAD_LENGTH_SIZE;
  frame.sequenceNumber =
    (u32(bytes, SEQUENCE_NUMBER_OFFSET) | 0) * 0x1_0000_0000 + u32(bytes, SEQUENCE_NUMBER_OFFSET + 4);
  frame.payloadType = headerLength === HEADER_LENGTH ? u32(bytes, PAYLOAD_TYPE_OFFSET) : 0;
  frame.payload = new Uint8Array(bytes.buffer, bytes.byteOffset + payloadOffset, bytes.length - payloadOffset);

  // The service's own frames carry wrong digests and lengths in exactly these two types (§3.6).
  if (frame.messageType === MESSAGE_TYPE.startPublication || frame.messageType === MESSAGE_TYPE.pausePublication)
    return frame;
  if (frame.messageType === "") frame.rejection = "type";
  else if (u32(bytes, CREATED_DATE_OFFSET) === 0 && u32(bytes, CREATED_DATE_OFFSET + 4) === 0)
    frame.rejection = "created-date";
  else {
    const payloadLength = u32(bytes, headerLength);
    frame.lengthMismatch = payloadLength !== frame.payload.length;
    if ((frame.payload.length > 0 || payloadLength !== 0) && !hasDigest(bytes, sha256(frame.payload))) {
      frame.rejection = "digest";
      frame.lengthMismatch = false;
    }
  }
  return frame;
}

/**
 * A service's check before relaying: a frame that fails it ends the receive loop of both real ends for ever, without closing
 * their sockets. Rules 1 and 2 of data-channel.md §3.5, and one more for short headers: the real ends read PayloadLength
 * at 116 whatever the header says, and panic when the frame ends before 120 (§3.4).
 */
export function checkRelayable(frame: Uint8Array): { ok: true } | { ok: false; reason: "short" | "header-length" } {
  const bytes = bytesOf(frame) ?? NO_BYTES;
  const reason = checkBounds(bytes) ?? (bytes.length < PAYLOAD_OFFSET ? "short" : undefined);
  return reason === undefined ? { ok: true } : { ok: false, reason };
}

/** Rules 1 and 2: every field of a frame that passes is inside the frame. */
function checkBounds(bytes: Uint8Array): "short" | "header-length" | undefined {
  if (bytes.length < FRAME_BYTES_MIN) return "short";
  const headerLength = u32(bytes, 0);
  if (headerLength !== HEADER_LENGTH && headerLength !== HEADER_LENGTH_SHORT) return "header-length";
  return bytes.length < headerLength + PAYLOAD_LENGTH_SIZE ? "short" : undefined;
}

function u32(bytes: Uint8Array, offset: number): number {
  return (
    (((bytes[offset] as number) << 24) |
      ((bytes[offset + 1] as number) << 16) |
      ((bytes[offset + 2] as number) << 8) |
      (bytes[offset + 3] as number)) >>>
    0
  );
}

function hasDigest(frame: Uint8Array, digest: Uint8Array | string): boolean {
  if (typeof digest === "string") return hasHexDigest(frame, digest);
  if (digest.length !== DIGEST_BYTES) return false;
  for (let index = 0; index < DIGEST_BYTES; index++) if (frame[DIGEST_OFFSET + index] !== digest[index]) return false;
  return true;
}

function hasHexDigest(frame: Uint8Array, digest: string): boolean {
  if (digest.length !== 2 * DIGEST_BYTES) return false;
  for (let index = 0; index < DIGEST_BYTES; index++) {
    const byte = frame[DIGEST_OFFSET + index] as number;
    if (digest.charCodeAt(2 * index) !== HEX_CODES[byte >> 4]) return false;
    if (digest.charCodeAt(2 * index + 1) !== HEX_CODES[byte & 15]) return false;
  }
  return true;
}
