/**
 * Writes acknowledgements, the most frequent message of a busy channel: a kept frame in which only id, date, number
 * and digest change, the digest of the constant first 64 bytes of its JSON, hex digits copied from the acknowledged
 * frame, and one allocation for dozens of frames (performance.md §2: this is what costs).
 * The bytes are those that `encodeAgentMessage` would give for `buildAcknowledge`.
 */
import { encodeAgentMessage } from "./agent-message.ts";
import { ChannelError } from "./channel-error.ts";
import {
  CREATED_DATE_OFFSET,
  DIGEST_OFFSET,
  HEADER_LENGTH,
  MESSAGE_ID_OFFSET,
  PAYLOAD_OFFSET,
} from "./frame-layout.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import { type Sha256Midstate, sha256Continue, sha256Midstate } from "./sha256.ts";
import { utf8Encode } from "./utf8.ts";
import { copyUuidText, type UuidSource } from "./uuid.ts";

/** Frames are cut from slabs of this size, about 50 each: a small typed array of its own costs more than its digest. */
export const ACKNOWLEDGE_SLAB_BYTES = 16 * 1024;
/** The first slab of a channel, each next one twice as large: one that only waits keeps no more than this, in bytes. */
export const ACKNOWLEDGE_SLAB_BYTES_FIRST = 1024;

/** SYN and FIN, as both real ends send them; nobody reads them (data-channel.md §3.1). */
const ACKNOWLEDGE_FLAGS = 3;
/** One block of SHA-256. Both possible beginnings of the JSON are longer than that. */
const MIDSTATE_BYTES = 64;
const NIL_UUID = "00000000-0000-0000-0000-000000000000";
const JSON_TAIL = utf8Encode(',"IsSequentialMessage":true}');
const ZERO = 0x30;

export class AcknowledgeWriter {
  #ids: UuidSource;
  readonly #begun: BegunFrame;
  #slab = new ArrayBuffer(ACKNOWLEDGE_SLAB_BYTES_FIRST);
  #slabUsed = 0;

  /** @param acknowledgedType what the peer sends: "output_stream_data" for a client, "input_stream_data" for an agent */
  constructor(acknowledgedType: AcknowledgedType, ids: UuidSource) {
    this.#ids = ids;
    this.#begun = begunFrame(acknowledgedType);
  }

  /**
   * @param acknowledged the frame that came, as `readFrame` accepted it
   * @param sequenceNumber its sequence number: a safe integer, not negative
   * @param nowMs the CreatedDate, milliseconds since 1970 UTC; cut to an integer, and at least 1 because both ends refuse 0
   * @returns a whole frame with a fresh message id; a view into a larger buffer, of which nobody else uses these bytes
   * @throws ChannelError CHANNEL_VALUE_OUT_OF_RANGE
   */
  write(acknowledged: Uint8Array, sequenceNumber: number, nowMs: number): Uint8Array {
    if (!Number.isSafeInteger(sequenceNumber) || sequenceNumber < 0)
      throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "sequenceNumber must be a safe integer, not negative");
    const { template, idTextOffset, midstate } = this.#begun;
    const digitsEnd = template.length + digitCount(sequenceNumber);
    const frame = this.#cut(digitsEnd + JSON_TAIL.length);
    frame.set(template);
    copyUuidText(acknowledged, MESSAGE_ID_OFFSET, frame, idTextOffset);
    let rest = sequenceNumber;
    for (let at = digitsEnd - 1; at >= template.length; at--) {
      frame[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    frame.set(JSON_TAIL, digitsEnd);

    const createdDate = Math.max(1, Math.floor(nowMs) || 0);
    writeUint32(frame, CREATED_DATE_OFFSET, Math.floor(createdDate / 0x1_0000_0000));
    writeUint32(frame, CREATED_DATE_OFFSET + 4, createdDate);
    this.#ids.write(frame, MESSAGE_ID_OFFSET);
    writeUint32(frame, HEADER_LENGTH, frame.length - PAYLOAD_OFFSET);
    sha256Continue(midstate, frame, PAYLOAD_OFFSET + MIDSTATE_BYTES, frame, DIGEST_OFFSET);
    return frame;
  }

  #cut(length: number): Uint8Array {
    if (this.#slabUsed + length > this.#slab.byteLength) {
      this.#slab = new ArrayBuffer(Math.min(ACKNOWLEDGE_SLAB_BYTES, 2 * this.#slab.byteLength));
      this.#slabUsed = 0;
    }
    const frame = new Uint8Array(this.#slab, this.#slabUsed, length);
    this.#slabUsed += length;
    return frame;
  }
}

type AcknowledgedType = "input_stream_data" | "output_stream_data";

/** What all acknowledgements of one type have in common; never changed. */
interface BegunFrame {
  /** Everything up to the digits of the sequence number. */
  template: Uint8Array;
  idTextOffset: number;
  midstate: Sha256Midstate;
}

/** Made once each, for all channels. */
const BEGUN = new Map<AcknowledgedType, BegunFrame>();

function begunFrame(acknowledgedType: AcknowledgedType): BegunFrame {
  const known = BEGUN.get(acknowledgedType);
  if (known !== undefined) return known;
  const head = `{"AcknowledgedMessageType":"${acknowledgedType}","AcknowledgedMessageId":"`;
  const template = encodeAgentMessage({
    messageType: MESSAGE_TYPE.acknowledge,
    createdDate: 0,
    sequenceNumber: 0,
    flags: ACKNOWLEDGE_FLAGS,
    messageId: NIL_UUID,
    payload: utf8Encode(`${head}${NIL_UUID}","AcknowledgedMessageSequenceNumber":`),
  });
  const midstate = sha256Midstate(template.subarray(PAYLOAD_OFFSET, PAYLOAD_OFFSET + MIDSTATE_BYTES));
  const begun = { template, idTextOffset: PAYLOAD_OFFSET + head.length, midstate };
  BEGUN.set(acknowledgedType, begun);
  return begun;
}

function digitCount(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count++;
  return count;
}

function writeUint32(frame: Uint8Array, offset: number, value: number): void {
  frame[offset] = value >>> 24;
  frame[offset + 1] = value >>> 16;
  frame[offset + 2] = value >>> 8;
  frame[offset + 3] = value;
}
