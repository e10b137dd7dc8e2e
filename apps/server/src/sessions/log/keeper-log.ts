/**
 * What the keeper of a session leaves for the process after it: the other half of a durable session log. Everything here
 * outlives a `kill -9` from the moment its `onStored` has run.
 */
import type { ClientChannelState } from "@causeway/ssm-data-channel";

/** Whose keys a message of ours holds, and how far they bring that person's page. */
export interface InputSource {
  /** Who typed: the owner key. */
  author: string;
  streamId: string;
  /** Offset in the stream after the message's last byte. */
  streamOffset: number;
}

/** One sequenced message of ours. Sizes, flags and handshake answers have no source. */
export interface SentMessage {
  sequenceNumber: number;
  payloadType: number;
  /** As on the wire. Not copied: it must not change until it is acknowledged. */
  payload: Uint8Array;
  source?: InputSource;
}

/** Everything a keeper needs to go on where the last one stopped. */
export interface KeeperState {
  channel: ClientChannelState;
  /** Sources of `channel.unacknowledged`, by sequence number. */
  sources: Map<number, InputSource>;
  /** Offset stored, by stream; least recently used first, at most STREAMS_MAX. */
  streams: Map<string, number>;
  /** What `storeState` was given last; "" before. */
  memo: string;
}

export interface KeeperLog {
  /** false: what is appended now would not survive this process. */
  readonly isDurable: boolean;
  /** A frame out of order, kept until its turn comes or a hole passes it. */
  appendEarly(sequenceNumber: number, frame: Uint8Array, onStored: () => void): void;
  /** The sender has nothing up to this number any more. */
  appendHole(toSequenceNumber: number): void;
  /**
   * Numbers must come in order.
   * @param onStored runs once. false: it could not be stored, a restart will not know of it; unless it is withdrawn it
   *   is stored after all when the log says that it is durable again
   */
  appendSent(message: SentMessage, onStored: (stored: boolean) => void): void;
  /**
   * What was appended so far, and not stored, is about to leave: no process after this one may use its numbers anew.
   * @returns false: that cannot be made sure, so it must not leave
   */
  reserveUnstored(): boolean;
  /**
   * Messages of ours from this number on are taken back: they were not stored, so none has left. None of their
   * callbacks runs any more, and their numbers are used anew.
   * @param streams how far the streams have come without them
   */
  withdrawSent(fromSequenceNumber: number, streams: readonly (readonly [streamId: string, offset: number])[]): void;
  /** The payload is dropped from the disk soon; number and stream offset are not. */
  appendAcknowledged(sequenceNumber: number): void;
  /** Bytes of a stream were taken that become no message. */
  appendStreamOffset(streamId: string, offset: number, onStored: () => void): void;
  /**
   * Stores an exported state: after a `running` event, and in one batch with a received message without output or with a
   * handshake answer of ours (its data key is new).
   * @param memo what else the keeper wants back, as text
   */
  storeState(channel: ClientChannelState, memo: string): void;
}
