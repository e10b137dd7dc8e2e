/**
 * What one write of a session's output holds: bytes that follow each other, the marks among them, and the number of the
 * agent's newest message. One record, so bytes and number can never differ after a crash.
 */
import type { LogMark, TerminalSize } from "./session-log.ts";

/** startOffset, lastSequenceNumber, atMs as float64; channelChanges, length of the marks as uint32. */
const FIXED_BYTES = 32;

export interface PlacedMark {
  offset: number;
  mark: LogMark;
}

export interface OutputRecord {
  startOffset: number;
  lastSequenceNumber: number;
  /** When it was written, in milliseconds since the epoch. */
  atMs: number;
  /** What the keeper's journal must hold for this record to count (keeper-state.ts). */
  channelChanges: number;
  marks: readonly PlacedMark[];
}

/** The first record of an output file: what was before it. */
export interface OutputSegmentStart {
  startOffset: number;
  lastSequenceNumber: number;
  size: TerminalSize;
  /** The file before this one, and its length then; null for a session's first. */
  previous: { number: number; bytes: number } | null;
}

/** @returns what goes before the bytes in the record */
export function encodeOutputRecord(record: OutputRecord): Buffer {
  const marks = record.marks.length === 0 ? NO_BYTES : Buffer.from(JSON.stringify(record.marks));
  const head = Buffer.allocUnsafe(FIXED_BYTES + marks.length);
  head.writeDoubleBE(record.startOffset, 0);
  head.writeDoubleBE(record.lastSequenceNumber, 8);
  head.writeDoubleBE(record.atMs, 16);
  head.writeUInt32BE(record.channelChanges, 24);
  head.writeUInt32BE(marks.length, 28);
  head.set(marks, FIXED_BYTES);
  return head;
}

/** @param plain an opened, so authentic, record. @returns its fields, and its bytes as a view */
export function decodeOutputRecord(plain: Buffer): OutputRecord & { bytes: Buffer } {
  const marksBytes = plain.readUInt32BE(28);
  const bytesAt = FIXED_BYTES + marksBytes;
  return {
    startOffset: plain.readDoubleBE(0),
    lastSequenceNumber: plain.readDoubleBE(8),
    atMs: plain.readDoubleBE(16),
    channelChanges: plain.readUInt32BE(24),
    marks: marksBytes === 0 ? [] : (JSON.parse(plain.toString("utf8", FIXED_BYTES, bytesAt)) as PlacedMark[]),
    bytes: plain.subarray(bytesAt),
  };
}

const NO_BYTES = Buffer.alloc(0);
