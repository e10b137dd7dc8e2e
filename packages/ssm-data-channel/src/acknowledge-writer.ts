/**
 * Writes acknowledgements, the most frequent message of a busy channel: a kept header, the digest of the constant first
 * 64 bytes of the JSON, and hex digits copied from the acknowledged frame straight into it (performance.md §2).
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
import { copyUuidText, UUID_TEXT_LENGTH, type UuidSource } from "./uuid.ts";

/** SYN and FIN, as both real ends send them; nobody reads them (data-channel.md §3.1). */
const ACKNOWLEDGE_FLAGS = 3;
/** One block of SHA-256. Both possible beginnings of the JSON are longer than that. */
const MIDSTATE_BYTES = 64;
const NIL_UUID = "00000000-0000-0000-0000-000000000000";

export class AcknowledgeWriter {
  #ids: UuidSource;
  #template: Uint8Array;
  #jsonHead: Uint8Array;
  #midstate: Sha256Midstate;

  /** @param acknowledgedType what the peer sends on this channel: "output_stream_data" for a client, "input_stream_data" for an agent */
  constructor(acknowledgedType: "input_stream_data" | "output_stream_data", ids: UuidSource) {
    this.#ids = ids;
    this.#jsonHead = utf8Encode(`{"AcknowledgedMessageType":"${acknowledgedType}","AcknowledgedMessageId":"`);
    this.#midstate = sha256Midstate(this.#jsonHead.subarray(0, MIDSTATE_BYTES));
    this.#template = encodeAgentMessage({
      messageType: MESSAGE_TYPE.acknowledge,
      createdDate: 0,
      sequenceNumber: 0,
      flags: ACKNOWLEDGE_FLAGS,
      messageId: NIL_UUID,
      payload: this.#jsonHead,
    }).slice(0, PAYLOAD_OFFSET);
  }

  /**
   * @param acknowledged the frame that came, as `readFrame` accepted it
   * @param sequenceNumber its sequence number: a safe integer, not negative
   * @param nowMs milliseconds since 1970 UTC, an integer above 0
   * @returns a whole frame with a fresh message id
   * @throws ChannelError CHANNEL_VALUE_OUT_OF_RANGE
   */
  write(acknowledged: Uint8Array, sequenceNumber: number, nowMs: number): Uint8Array {
    if (!Number.isSafeInteger(sequenceNumber) || sequenceNumber < 0)
      throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "sequenceNumber must be a safe integer, not negative");
    if (!Number.isSafeInteger(nowMs) || nowMs <= 0)
      throw new ChannelError("CHANNEL_VALUE_OUT_OF_RANGE", "nowMs must be a positive integer");
    const tail = `","AcknowledgedMessageSequenceNumber":${sequenceNumber},"IsSequentialMessage":true}`;
    const payloadLength = this.#jsonHead.length + UUID_TEXT_LENGTH + tail.length;
    const frame = new Uint8Array(PAYLOAD_OFFSET + payloadLength);
    frame.set(this.#template);
    frame.set(this.#jsonHead, PAYLOAD_OFFSET);
    let at = PAYLOAD_OFFSET + this.#jsonHead.length;
    copyUuidText(acknowledged, MESSAGE_ID_OFFSET, frame, at);
    at += UUID_TEXT_LENGTH;
    for (let index = 0; index < tail.length; index++) frame[at++] = tail.charCodeAt(index);

    writeUint32(frame, CREATED_DATE_OFFSET, Math.floor(nowMs / 0x1_0000_0000));
    writeUint32(frame, CREATED_DATE_OFFSET + 4, nowMs);
    this.#ids.write(frame, MESSAGE_ID_OFFSET);
    writeUint32(frame, HEADER_LENGTH, payloadLength);
    sha256Continue(this.#midstate, frame.subarray(PAYLOAD_OFFSET + MIDSTATE_BYTES), frame, DIGEST_OFFSET);
    return frame;
  }
}

function writeUint32(frame: Uint8Array, offset: number, value: number): void {
  frame[offset] = value >>> 24;
  frame[offset + 1] = value >>> 16;
  frame[offset + 2] = value >>> 8;
  frame[offset + 3] = value;
}
