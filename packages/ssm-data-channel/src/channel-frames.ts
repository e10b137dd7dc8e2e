// Frames of one channel end: fresh ids, dates and digests put where they belong. Stream data is the hot path of an
// agent: its header is a template, filled in without BigInt or text (performance.md §2).
import { AcknowledgeWriter } from "./acknowledge-writer.ts";
import { encodeAgentMessage } from "./agent-message.ts";
import type { ChannelHost } from "./channel-host.ts";
import {
  CREATED_DATE_OFFSET,
  DIGEST_OFFSET,
  FLAGS_OFFSET,
  HEADER_LENGTH,
  MESSAGE_ID_OFFSET,
  PAYLOAD_OFFSET,
  PAYLOAD_TYPE_OFFSET,
  SEQUENCE_NUMBER_OFFSET,
} from "./frame-layout.ts";
import type { Frame } from "./frame-reader.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import type { UnacknowledgedMessage } from "./outgoing-stream.ts";
import { HEADER_FLAGS } from "./payloads.ts";
import { type Sha256, sha256 } from "./sha256.ts";
import { UuidSource } from "./uuid.ts";

export class ChannelFrames {
  readonly #sha256: Sha256;
  readonly #role: "client" | "agent";
  readonly #epochOffsetMs: number;
  readonly #ids: UuidSource;
  readonly #acknowledgements: AcknowledgeWriter;
  /** The header of stream data, with zeros where each frame differs. */
  readonly #template: Uint8Array;

  /** @param epochOffsetMs what to add to `nowMs` to get milliseconds since 1970 */
  constructor(host: ChannelHost, role: "client" | "agent", epochOffsetMs: number) {
    this.#sha256 = host.sha256 ?? sha256;
    this.#role = role;
    this.#epochOffsetMs = epochOffsetMs;
    this.#ids = new UuidSource((length) => host.randomBytes(length));
    const acknowledged = role === "client" ? MESSAGE_TYPE.outputStreamData : MESSAGE_TYPE.inputStreamData;
    this.#acknowledgements = new AcknowledgeWriter(acknowledged, this.#ids);
    this.#template = encodeAgentMessage({
      messageType: role === "client" ? MESSAGE_TYPE.inputStreamData : MESSAGE_TYPE.outputStreamData,
      createdDate: 0,
      sequenceNumber: 0,
      messageId: "00000000-0000-0000-0000-000000000000",
      payload: Uint8Array.of(0),
    }).slice(0, PAYLOAD_OFFSET);
  }

  /** A message of our own sequence. The agent's first one says SYN, as the real one does; nobody reads it (§3.1). */
  streamData({ sequenceNumber, payloadType, payload }: UnacknowledgedMessage, nowMs: number): Uint8Array {
    const frame = new Uint8Array(PAYLOAD_OFFSET + payload.length);
    frame.set(this.#template);
    setInteger64(frame, CREATED_DATE_OFFSET, this.#createdDate(nowMs));
    setInteger64(frame, SEQUENCE_NUMBER_OFFSET, sequenceNumber);
    if (this.#role === "agent" && sequenceNumber === 0) setInteger64(frame, FLAGS_OFFSET, HEADER_FLAGS.syn);
    this.#ids.write(frame, MESSAGE_ID_OFFSET);
    frame.set(this.#sha256(payload), DIGEST_OFFSET);
    setInteger32(frame, PAYLOAD_TYPE_OFFSET, payloadType);
    setInteger32(frame, HEADER_LENGTH, payload.length);
    frame.set(payload, PAYLOAD_OFFSET);
    return frame;
  }

  agentSessionState(payload: Uint8Array, nowMs: number): Uint8Array {
    const message = {
      messageType: MESSAGE_TYPE.agentSessionState,
      createdDate: this.#createdDate(nowMs),
      sequenceNumber: 0,
      flags: HEADER_FLAGS.synFin,
      messageId: this.#ids.next(),
      payload,
    };
    return encodeAgentMessage(message, { sha256: this.#sha256 });
  }

  /** @param frame its sequence number must be a safe integer, not negative */
  acknowledge(frame: Frame, nowMs: number): Uint8Array {
    return this.#acknowledgements.write(frame.bytes, frame.sequenceNumber, this.#createdDate(nowMs));
  }

  freshId(): string {
    return this.#ids.next();
  }

  /** Both real ends reject a date of 0; ours is never that, even where a host's clock begins at 0. */
  #createdDate(nowMs: number): number {
    return Math.max(1, Math.floor(nowMs + this.#epochOffsetMs));
  }
}

/** Numbers up to 2^53, as all of ours are: without the detour over BigInt. */
function setInteger64(frame: Uint8Array, offset: number, value: number): void {
  setInteger32(frame, offset, Math.floor(value / 0x1_0000_0000));
  setInteger32(frame, offset + 4, value);
}

function setInteger32(frame: Uint8Array, offset: number, value: number): void {
  frame[offset] = value >>> 24;
  frame[offset + 1] = value >>> 16;
  frame[offset + 2] = value >>> 8;
  frame[offset + 3] = value;
}
