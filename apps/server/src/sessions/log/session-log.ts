/**
 * A session is an append-only log and everything else reads it (architecture §1). This is the log's interface; memory
 * is its first implementation, encrypted files and streams follow. `session-log-contract.ts` tests them all alike.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { SessionEnd } from "@causeway/wire-contract/sessions";

export interface TerminalSize {
  cols: number;
  rows: number;
}

/** What stands between output bytes, at one byte offset. `end` is the last record of a log. */
export type LogMark =
  | ({ kind: "size" } & TerminalSize)
  | { kind: "notice"; code: ErrorCode; text?: string }
  | { kind: "end"; end: SessionEnd };

/**
 * A place in the log: output from `offset` on, and marks from number `mark` on (marks are counted from the beginning
 * of the log, those at one offset come before its byte). A plain value: whoever reads keeps it, the log keeps no reader.
 */
export interface LogCursor {
  readonly offset: number;
  readonly mark: number;
}

export type LogRead =
  /** At least one byte, at most what was asked for; a view for at once: what is appended next, to any log, may overwrite it. */
  | { kind: "output"; bytes: Uint8Array; next: LogCursor }
  | { kind: "mark"; mark: LogMark; next: LogCursor }
  /** The end of what is there so far. */
  | { kind: "head" }
  /** The bytes at the cursor were dropped: go on at `oldestOffset`. */
  | { kind: "dropped" };

/** The bytes are on the disk: wait, nobody else does. `result` never rejects; it may come after the log was closed. */
export interface LogLoading {
  kind: "loading";
  result: Promise<LogRead>;
}

export interface SessionLog {
  /**
   * Appends one message of the agent. Its number and its bytes are one record, so that "what was shown" and "what is
   * expected next" can never differ; `output` is undefined for messages without bytes to show.
   * @param onStored runs once, in order of appending, when a restart would find the record again; perhaps at once
   */
  appendReceived(sequenceNumber: number, output: Uint8Array | undefined, onStored: () => void): void;
  /**
   * All that `append` appends is one write: a restart finds the whole of it or nothing. It is held in memory until then,
   * so it is for a few records that belong together, not for a flood.
   */
  batch(append: () => void): void;
  /** After an `end` nothing is appended any more. */
  appendMark(mark: LogMark): void;
  /** Offset of the oldest byte kept. */
  readonly oldestOffset: number;
  /** Offset of the next byte: the number of bytes ever appended. */
  readonly headOffset: number;
  /** Number of the newest message appended; -1: none yet. */
  readonly lastSequenceNumber: number;
  /** Size in force for the byte at `offset`; for dropped offsets the oldest one known. */
  sizeAt(offset: number): TerminalSize;
  /** Everything that is kept, marks included. */
  cursorAtOldest(): LogCursor;
  /** From `offset` on, without the marks at `offset` itself but an end: `sizeAt` tells what they said. */
  cursorAt(offset: number): LogCursor;
  /** Near the head always at once. */
  read(cursor: LogCursor, bytesMax: number): LogRead | LogLoading;
}
