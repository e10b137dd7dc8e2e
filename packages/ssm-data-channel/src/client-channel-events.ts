// What a client channel tells its host, and what the host gives it: the words of client-channel.ts.
import type { ChannelHost } from "./channel-host.ts";
import type { ClientChannelState } from "./client-channel-state.ts";
import type { EarlySpill } from "./early-frames.ts";

export type ClientChannelFailure =
  /** The agent asked for something that cannot be read, or for a session type this client does not know. */
  | "HANDSHAKE_FAILED"
  /** 30 s passed between the agent's request and the end of the handshake. */
  | "HANDSHAKE_TIMEOUT"
  /** KMS did not give a data key, or not one of 64 bytes. */
  | "DATA_KEY_REFUSED"
  /** What should have been sealed with the session's key was not. */
  | "DECRYPTION_FAILED"
  /** A handshake message at a moment at which it has no meaning. */
  | "PROTOCOL_VIOLATION";

export type ClientChannelEvent =
  | {
      kind: "running";
      /** Undefined without a handshake: then it is a shell. */
      sessionType: string | undefined;
      agentVersion: string | undefined;
      customerMessage: string;
      encrypted: boolean;
    }
  | { kind: "data_key_wanted"; kmsKeyId: string; encryptionContext: Record<string, string> }
  /**
   * In order, exactly once. `output`: bytes to show, possibly a view of what `receive` was given; undefined for
   * handshake messages and flags. Append to the log, then `handleReceivedStored`. `flag`: the agent's, one of FLAG.
   */
  | { kind: "received"; sequenceNumber: number; payloadType: number; output: Uint8Array | undefined; flag?: number }
  /**
   * Out of order: kept by the channel. Store the raw frame where a restart finds it, then `handleReceivedStored`.
   * `received` follows when its turn comes (no second store acknowledgement needed).
   */
  | { kind: "early"; sequenceNumber: number; frame: Uint8Array }
  /** storeFirst only: store, then `handleSentStored`. `payload` is as on the wire: sealed when the session is encrypted. */
  | { kind: "sent"; sequenceNumber: number; payloadType: number; payload: Uint8Array }
  /** `roundTripMs` is undefined for resent messages (Karn). */
  | { kind: "input_acknowledged"; sequenceNumber: number; payloadType: number; roundTripMs: number | undefined }
  /** Paused: the instance is not connected to the service. */
  | { kind: "publication"; paused: boolean }
  /** The sender no longer has these: said, not waited for. Both numbers belong to the hole. */
  | { kind: "hole"; fromSequenceNumber: number; toSequenceNumber: number }
  /** Dropped. Counted and logged by the host; never the payload. */
  | { kind: "frame_rejected"; reason: string; messageType: string; length: number }
  /** `channel_closed`, after all output that came before it. */
  | { kind: "closed"; output: string }
  | { kind: "failed"; code: ClientChannelFailure; detail: string };

export interface ClientChannelOptions {
  /** As StartSession gave it. */
  sessionId: string;
  /** As given to StartSession: KMS binds the data key to it. */
  targetId: string;
  /** A UUID made once per session, the same on every socket. */
  clientId: string;
  /** Four parts, at least 1.2.650.0: the agent compares part by part, and with equal parts the longer one wins. */
  clientVersion: string;
  host: ChannelHost;
  /** Default false. True: acknowledgements wait for `handleReceivedStored`, sends wait for `handleSentStored`. */
  storeFirst?: boolean;
  /** Takes early frames that memory has no room for; default: they are not kept. */
  spill?: EarlySpill;
  /** Kept state of an earlier process. */
  resumeFrom?: ClientChannelState;
  /**
   * Numbers of ours below it may have been used by an earlier process that could not keep them: once the shell runs they
   * are filled with repeated sizes, before anything else goes. The agent drops those it knows.
   */
  walkPastBelow?: number;
  /** What to add to `nowMs` to get milliseconds since 1970; default 0. For hosts with a monotonic clock. */
  epochOffsetMs?: number;
}

/** First and last sequence number; `last` is below `first` when nothing was to be sent. */
export interface SentRange {
  first: number;
  last: number;
}
