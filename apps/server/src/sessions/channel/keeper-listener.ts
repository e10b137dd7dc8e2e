/** Whom a keeper tells what it learns, and what it asks of AWS: its contract with the session around it. */
import type { ClientChannelEvent } from "@causeway/ssm-data-channel";
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { DataKey, ResumeAnswer } from "../calls/session-calls.ts";
import type { ChannelCondition } from "./told-condition.ts";

/** A sequenced message of ours, as on the wire. */
export interface ChannelMessage {
  sequenceNumber: number;
  payloadType: number;
  payload: Uint8Array;
}

type FailedEvent = Extract<ClientChannelEvent, { kind: "failed" }>;

/** The owner of the keeper. `stored` callbacks may run at once or later, in order. */
export interface KeeperListener {
  /** Append the message; its acknowledgement leaves when `stored` is called. */
  onReceived(sequenceNumber: number, output: Uint8Array | undefined, stored: () => void): void;
  /** After one or more `onReceived`: nothing more has been read of the channel by now. */
  onReadEnd(): void;
  /** Keep the frame, which came before its turn; its acknowledgement leaves when `stored` is called. */
  onEarly(sequenceNumber: number, frame: Uint8Array, stored: () => void): void;
  /** The agent has nothing up to this number any more. */
  onHole(toSequenceNumber: number): void;
  /**
   * Store one message of ours; it goes out when `stored` is called. `takeBack` instead: it and what came after it never
   * goes, their numbers are used anew. Only for input that could not be stored.
   */
  onSent(message: ChannelMessage, stored: () => void, takeBack: () => void): void;
  /** It goes out. */
  onSentStored(sequenceNumber: number): void;
  /** More changes than what `append` says: store the channel's state in one batch with what it appends. */
  onStateChanged(append: () => void): void;
  onInputAcknowledged(sequenceNumber: number, roundTripMs: number | undefined): void;
  /** What to tell of the channel has changed; a trouble that passes at once is not told. */
  onCondition(condition: ChannelCondition): void;
  /** The channel may take input that it refused before. */
  onWritable(): void;
  onNotice(code: ErrorCode, text?: string): void;
  /** `channel_closed`: all output was delivered before. */
  onClosed(output: string): void;
  /** @param why what is known better than the channel's own code says */
  onFailed(code: FailedEvent["code"] | "CHANNEL_DENIED", detail: string, why?: ErrorCode): void;
  /** AWS has no such session any more. */
  onGone(): void;
}

export interface KeeperCalls {
  /** @throws CatalogError CREDENTIALS_EXPIRED, SIGN_IN_REQUIRED: AWS need not be asked */
  checkCredentials(): Promise<void>;
  /**
   * @param withinMs how long AWS's answer is waited for
   * @throws CatalogError; the signal's reason when nobody wants the answer any more
   */
  resume(signal: AbortSignal, withinMs: number): Promise<ResumeAnswer>;
  /** What AWS says is wrong with the instance; undefined: nothing, or it may not be asked. Never rejects. */
  instanceProblem(): Promise<ErrorCode | undefined>;
  generateDataKey(keyId: string, encryptionContext: Record<string, string>): Promise<DataKey>;
}
