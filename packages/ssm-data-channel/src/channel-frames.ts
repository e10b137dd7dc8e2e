// Frames of one channel end: fresh ids, dates and digests put where they belong. Holds no state but the id pool.
import { AcknowledgeWriter } from "./acknowledge-writer.ts";
import { encodeAgentMessage } from "./agent-message.ts";
import type { ChannelHost } from "./channel-host.ts";
import type { Frame } from "./frame-reader.ts";
import { MESSAGE_TYPE } from "./message-type.ts";
import type { UnacknowledgedMessage } from "./outgoing-stream.ts";
import { HEADER_FLAGS } from "./payloads.ts";
import { UuidSource } from "./uuid.ts";

export class ChannelFrames {
  readonly #host: ChannelHost;
  readonly #role: "client" | "agent";
  readonly #epochOffsetMs: number;
  readonly #ids: UuidSource;
  readonly #acknowledgements: AcknowledgeWriter;

  /** @param epochOffsetMs what to add to `nowMs` to get milliseconds since 1970 */
  constructor(host: ChannelHost, role: "client" | "agent", epochOffsetMs: number) {
    this.#host = host;
    this.#role = role;
    this.#epochOffsetMs = epochOffsetMs;
    this.#ids = new UuidSource((length) => host.randomBytes(length));
    const acknowledged = role === "client" ? MESSAGE_TYPE.outputStreamData : MESSAGE_TYPE.inputStreamData;
    this.#acknowledgements = new AcknowledgeWriter(acknowledged, this.#ids);
  }

  /** A message of our own sequence. The agent's first one says SYN, as the real one does; nobody reads it (§3.1). */
  streamData({ sequenceNumber, payloadType, payload }: UnacknowledgedMessage, nowMs: number): Uint8Array {
    const isClient = this.#role === "client";
    return this.#encode({
      messageType: isClient ? MESSAGE_TYPE.inputStreamData : MESSAGE_TYPE.outputStreamData,
      createdDate: this.#createdDate(nowMs),
      sequenceNumber,
      flags: !isClient && sequenceNumber === 0 ? HEADER_FLAGS.syn : 0,
      messageId: this.#ids.next(),
      payloadType,
      payload,
    });
  }

  agentSessionState(payload: Uint8Array, nowMs: number): Uint8Array {
    return this.#encode({
      messageType: MESSAGE_TYPE.agentSessionState,
      createdDate: this.#createdDate(nowMs),
      sequenceNumber: 0,
      flags: HEADER_FLAGS.synFin,
      messageId: this.#ids.next(),
      payload,
    });
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

  #encode(message: Parameters<typeof encodeAgentMessage>[0]): Uint8Array {
    return encodeAgentMessage(message, this.#host.sha256 ? { sha256: this.#host.sha256 } : {});
  }
}
