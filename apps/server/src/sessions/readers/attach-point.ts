/**
 * Where a reader begins or goes on: with the bytes it lacks, or with a checkpoint and the bytes after that. Pure: offsets in,
 * a choice out. What costs a reader time is the bytes it has to be sent and to parse, those of the checkpoint included.
 */
import { READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import type { CheckpointFacts } from "../log/checkpoint-store.ts";

/**
 * A page so near the head is given the bytes, in bytes. A full checkpoint (10,000 lines of 110 columns) has about 1.1 MiB, so
 * up to here it would not be faster, and the bytes keep what only this page has: scrollback beyond ours, selection, marks.
 */
export const NEAR_HEAD_BYTES = 1024 * 1024;
/** A page with nothing is given a session of so few bytes from its beginning: they fit its window at once. */
export const SHORT_SESSION_BYTES = READER_CREDIT_BYTES;
/**
 * Where nothing is kept of what came before and no checkpoint stands for it, a page with nothing begins so far before the
 * head, at the oldest output kept otherwise, in bytes: about 10,000 lines, which is all that the server promises. More would
 * not bring back what is gone, and keeps the page from its prompt by a second for every 40 MiB.
 */
export const BLIND_START_BYTES = 1024 * 1024;
/** A reader that is so much further behind than its window is moved when that helps, in bytes. */
export const MOVE_BEHIND_BYTES = 4 * 1024 * 1024;
/** What a move must spare a reader, in bytes: it costs the page its place in the text. */
export const MOVE_SPARES_BYTES_MIN = 1024 * 1024;
/** The same for a person who just interrupted the flood she is reading: she wants its end. */
export const INTERRUPT_SPARES_BYTES_MIN = READER_CREDIT_BYTES;

export interface KeptRange {
  readonly oldestOffset: number;
  readonly headOffset: number;
}

/** `missing`: something that the page asked for, or that a page with nothing would want, is not to be had any more. */
export type AttachPoint =
  | { kind: "bytes"; offset: number; missing: boolean }
  | { kind: "checkpoint"; checkpoint: CheckpointFacts; missing: boolean }
  | { kind: "oldest"; missing: boolean };

/**
 * @param pageOffset what the page has; null: nothing
 * @param mayBeAhead offsets beyond the head are legal: the bytes will come again
 */
export function attachPoint(
  log: KeptRange,
  pageOffset: number | null,
  mayBeAhead: boolean,
  newest: CheckpointFacts | undefined,
): AttachPoint {
  const { oldestOffset, headOffset } = log;
  const checkpoint = usable(log, newest);
  if (pageOffset !== null && pageOffset >= oldestOffset && (pageOffset <= headOffset || mayBeAhead)) {
    const behind = headOffset - pageOffset;
    const isFar = behind > NEAR_HEAD_BYTES && checkpoint !== undefined;
    if (isFar && spared(pageOffset, checkpoint) >= MOVE_SPARES_BYTES_MIN)
      return { kind: "checkpoint", checkpoint, missing: lacksOutput(checkpoint) };
    return { kind: "bytes", offset: pageOffset, missing: false };
  }
  const isShort = oldestOffset === 0 && headOffset <= SHORT_SESSION_BYTES;
  if (checkpoint !== undefined && !isShort && (oldestOffset > 0 || spared(0, checkpoint) > 0))
    return { kind: "checkpoint", checkpoint, missing: lacksOutput(checkpoint) || (pageOffset ?? 0) > headOffset };
  const blindStart = headOffset - BLIND_START_BYTES;
  if (oldestOffset > 0 && blindStart > oldestOffset) return { kind: "bytes", offset: blindStart, missing: true };
  return { kind: "oldest", missing: oldestOffset > 0 || pageOffset !== null };
}

/** @returns the checkpoint to which a reader at `offset` is moved; undefined: it reads on */
export function movePoint(
  log: KeptRange,
  offset: number,
  isInterrupted: boolean,
  newest: CheckpointFacts | undefined,
): CheckpointFacts | undefined {
  if (!isInterrupted && !isFarBehind(log, offset)) return undefined;
  const checkpoint = usable(log, newest);
  if (checkpoint === undefined) return undefined;
  const sparesMin = isInterrupted ? INTERRUPT_SPARES_BYTES_MIN : MOVE_SPARES_BYTES_MIN;
  return spared(offset, checkpoint) >= sparesMin ? checkpoint : undefined;
}

/**
 * Told to everybody who is placed on it: what the log said of it where it happened lies before the checkpoint, and may never
 * have been read.
 */
export function lacksOutput(checkpoint: CheckpointFacts): boolean {
  return checkpoint.linesSinceMissing !== null;
}

/** So far that a checkpoint is worth being made for it. @param offset of the next byte it needs */
export function isFarBehind({ headOffset }: KeptRange, offset: number): boolean {
  return headOffset - offset > READER_CREDIT_BYTES + MOVE_BEHIND_BYTES;
}

/** The bytes after it are kept, and none of it lies beyond what the log has. */
function usable(log: KeptRange, newest: CheckpointFacts | undefined): CheckpointFacts | undefined {
  return newest !== undefined && newest.offset >= log.oldestOffset && newest.offset <= log.headOffset
    ? newest
    : undefined;
}

/** Bytes that a reader at `offset` does not have to be sent. */
function spared(offset: number, checkpoint: CheckpointFacts): number {
  return checkpoint.offset - offset - checkpoint.bytes;
}
