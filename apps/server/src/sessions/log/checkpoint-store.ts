/**
 * The checkpoints of one session: what its terminal looked like at one offset of the log. Made elsewhere (checkpoints/);
 * here they are kept, and read by whoever attaches. One implementation per kind of log.
 */
import type { LogCursor, TerminalSize } from "./session-log.ts";

/** What is known of a checkpoint without reading it. */
export interface CheckpointFacts extends TerminalSize {
  /** Counts the checkpoints of a session; never used twice. */
  number: number;
  /** Output from here on follows it; every size before the byte at `offset` is part of it. */
  offset: number;
  /** Bytes that bring a cleared terminal of this size to that state. */
  bytes: number;
  /**
   * Output is missing so many lines above the screen's top: the log had lost it, or never got it. null: nowhere in what this
   * shows, scrollback included.
   */
  linesSinceMissing: number | null;
  /** Where its reader goes on, when the offset alone does not say which sizes are part of it. */
  cursor?: LogCursor;
}

export type NewCheckpoint = Omit<CheckpointFacts, "number" | "bytes" | "cursor">;

/** One reader's way through one checkpoint, which stays readable for it when a newer one takes its place. */
export interface CheckpointReading {
  /**
   * At most CHECKPOINT_FRAME_BYTES_MAX, in order; one call at a time. Never rejects.
   * @returns undefined: it cannot be read (any more), or what is on the disk is not what was written there
   */
  next(): Promise<Uint8Array | undefined>;
  /** Idempotent. */
  close(): void;
}

export interface CheckpointStore {
  /** The newest one stored; whether the log still has the bytes after it is the reader's to look at. */
  readonly newest: CheckpointFacts | undefined;
  read(checkpoint: CheckpointFacts): CheckpointReading;
  /**
   * Keeps it in place of the newest. A crash leaves the old one or this one, never half of it.
   * Rejects with the system's error when the disk does not take it; the old one stays then.
   */
  save(checkpoint: NewCheckpoint, bytes: Uint8Array): Promise<void>;
  /** It cannot be read: nobody is to be sent to it again. */
  discard(checkpoint: CheckpointFacts): void;
  /** May the log drop its output below `offset`? Not before a checkpoint covers it, or whoever guards it gives up. */
  mayDrop(offset: number): boolean;
  /** Asked by `mayDrop` when no checkpoint covers the offset. At most one; nobody: it may go. */
  guard: ((offset: number) => boolean) | undefined;
  /** Called after each `save`. At most one: the session. */
  onSaved: (() => void) | undefined;
  /** Called when nothing is stored any more: its maker lets go of it. At most one. */
  onClosed: (() => void) | undefined;
}

/** Whoever makes the checkpoints of one session, told by it when there may be reason to. */
export interface CheckpointMaker {
  /**
   * Output was appended. On the hot path: cheap, and starts nothing.
   * @param isAwaited a reader is far behind: where it goes on is to be near the head
   */
  handleOutput(isAwaited: boolean): void;
  /** A reader is far behind, or wants to be at the end at once: the next one is not to wait for its turn. Idempotent. */
  wantSoon(): void;
}

export const NO_CHECKPOINT_MAKER: CheckpointMaker = { handleOutput() {}, wantSoon() {} };
