/**
 * The files with a session's output: appended to at the end, dropped at the beginning, read anywhere. Offsets in, bytes
 * out; durable or not, acknowledged or not is decided elsewhere.
 */
import { unlinkSync } from "node:fs";
import type { KeeperJournalOptions, SessionFiles } from "./keeper-journal.ts";
import { lowerBound } from "./log-marks.ts";
import { encodeOutputRecord, type OutputRecord, type OutputSegmentStart } from "./output-record.ts";
import { type IndexEntry, noteInIndex, type OutputSegment, readGroup } from "./output-segment.ts";
import type { ReadCache } from "./read-cache.ts";
import { SALT_BYTES, SegmentCipher } from "./segment-cipher.ts";
import { SegmentWriter, segmentFileName } from "./segment-file.ts";
import type { LogMark, TerminalSize } from "./session-log.ts";

/** Files per session when its log is full; the oldest goes as a whole. */
const SEGMENTS_PER_LOG = 16;
const SEGMENT_BYTES_MAX = 4 * 1024 * 1024;
/** Output that must not be dropped yet may make the files larger by this share; then it goes all the same. */
export const HELD_SHARE = 1 / 4;

/** What was in the files at the last start. */
export interface OutputTail {
  segments: OutputSegment[];
  head: number;
  lastSequenceNumber: number;
  size: TerminalSize;
  nextNumber: number;
}

export type OutputLoad = { kind: "bytes"; bytes: Buffer } | { kind: "gone" } | { kind: "damaged"; through: number };

export interface OutputSegmentsOptions extends SessionFiles {
  keepBytes: number;
  cache: ReadCache;
  /** May output below this offset go? Asked before a file is dropped for want of room. */
  mayDrop: (offset: number) => boolean;
  /** Files were dropped: offsets below are gone. */
  onDropped: (oldest: number) => void;
  onDeleteFailed: KeeperJournalOptions["onFailed"];
}

export class OutputSegments {
  readonly #options: OutputSegmentsOptions;
  /** Output per file, in bytes. */
  readonly segmentBytes: number;
  #segments: OutputSegment[];
  #writer: SegmentWriter | undefined;
  #written: Omit<OutputTail, "segments">;
  #previous: OutputSegmentStart["previous"];

  constructor(options: OutputSegmentsOptions, tail: OutputTail) {
    this.#options = options;
    this.segmentBytes = Math.min(SEGMENT_BYTES_MAX, Math.ceil(options.keepBytes / SEGMENTS_PER_LOG));
    const { segments, ...written } = tail;
    this.#segments = segments;
    this.#written = written;
    const last = segments.at(-1);
    this.#previous = last === undefined ? null : { number: last.number, bytes: last.fileBytes };
    options.budget.add(segments.reduce((sum, { fileBytes }) => sum + fileBytes, 0));
  }

  /** Offset behind the last byte handed to the kernel. */
  get head(): number {
    return this.#written.head;
  }
  /** Offset of the oldest byte in the files; undefined: there are none. */
  get oldest(): number | undefined {
    return this.#segments[0]?.start;
  }

  /**
   * Writes one record.
   * @param bytes the output from `record.startOffset` on, which is `head`
   * @throws the system's error; nothing was written then
   */
  write(record: OutputRecord, bytes: readonly Buffer[]): void {
    const writer = this.#writer ?? this.#begin();
    const segment = this.#segments.at(-1) as OutputSegment;
    const position = writer.bytes;
    const counter = writer.counter;
    writer.append([encodeOutputRecord(record), ...bytes]);
    this.#options.budget.add(writer.bytes - position);
    let length = 0;
    for (const part of bytes) length += part.length;
    noteInIndex(segment, record.startOffset, length, position, counter);
    segment.end = record.startOffset + length;
    segment.fileBytes = writer.bytes;
    const { marks, lastSequenceNumber } = record;
    this.#written = {
      ...this.#written,
      head: segment.end,
      lastSequenceNumber,
      size: sizeAfter(this.#written.size, marks),
    };
    // Marks and empty messages count, too, or a file of nothing else would never end.
    if (segment.end - segment.start >= this.segmentBytes || writer.bytes >= 2 * this.segmentBytes) this.#finish();
    this.#dropOldest();
  }

  /** The file may end with half a record: it is not appended to again, the next write begins another. */
  handleWriteFailed(): void {
    this.#finish();
  }

  /**
   * Reads from the files, off the event loop but for the decryption of at most about INDEX_EVERY_BYTES.
   * @returns at least one and at most `bytesMax` bytes from `offset` on
   */
  async load(offset: number, bytesMax: number): Promise<OutputLoad> {
    const found = this.#groupAt(offset);
    if (found === undefined) return { kind: "gone" };
    const cached = this.cached(offset, bytesMax);
    if (cached !== undefined) return { kind: "bytes", bytes: cached };
    const { segment, entry, until, records } = found;
    let group: Buffer | undefined;
    try {
      group = await readGroup(segment, entry, until, records);
    } catch (error) {
      if (!this.#segments.includes(segment)) return { kind: "gone" };
      this.#options.onDeleteFailed(error);
      return { kind: "damaged", through: segment.end };
    }
    if (group === undefined) {
      if (!this.#segments.includes(segment)) return { kind: "gone" };
      return { kind: "damaged", through: this.#offsetBehind(segment, entry) };
    }
    this.#options.cache.set(cacheKey(segment, entry), group);
    const from = offset - entry.offset;
    return { kind: "bytes", bytes: group.subarray(from, from + bytesMax) };
  }

  /** The same, if it was read lately; undefined: use `load`. */
  cached(offset: number, bytesMax: number): Buffer | undefined {
    const found = this.#groupAt(offset);
    if (found === undefined) return undefined;
    const group = this.#options.cache.get(cacheKey(found.segment, found.entry));
    const from = offset - found.entry.offset;
    return group !== undefined && from < group.length ? group.subarray(from, from + bytesMax) : undefined;
  }

  /** Offsets below are not to be read again; whole files of them go. */
  dropBefore(offset: number): void {
    while (this.#segments[0] !== undefined && this.#segments[0].end <= offset) {
      if (this.#segments.length === 1) this.#finish();
      this.#deleteFirst();
    }
  }

  /** What lies before `offset` was never written, and never will be: all files go, and writing goes on there. */
  skipTo(offset: number, size: TerminalSize): void {
    this.#finish();
    this.#written = { ...this.#written, head: offset, size };
    while (this.#segments.length > 0) this.#deleteFirst();
    this.#previous = null;
  }

  /** On the disk, with everything written so far. */
  async close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.sync();
    writer?.close();
  }

  /** @returns the bytes that the files take */
  get fileBytes(): number {
    return this.#segments.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  }

  #begin(): SegmentWriter {
    const { directory, sessionId, masterKey, randomBytes, budget } = this.#options;
    const number = this.#written.nextNumber;
    this.#written = { ...this.#written, nextNumber: number + 1 }; // used up even when it fails: its file may exist
    const name = { sessionId, kind: "output", number } as const;
    const cipher = new SegmentCipher(masterKey, name, randomBytes(SALT_BYTES));
    const { head, lastSequenceNumber, size } = this.#written;
    const start: OutputSegmentStart = {
      startOffset: head,
      lastSequenceNumber,
      size,
      previous: this.#previous,
    };
    const path = `${directory}/${segmentFileName(name)}`;
    const writer = new SegmentWriter(path, cipher, [Buffer.from(JSON.stringify(start))]);
    budget.add(writer.bytes);
    this.#segments.push({ number, path, start: head, end: head, fileBytes: writer.bytes, cipher, index: [] });
    this.#writer = writer;
    return writer;
  }

  #finish(): void {
    const last = this.#segments.at(-1);
    if (this.#writer === undefined || last === undefined) return;
    this.#writer.close();
    this.#writer = undefined;
    this.#previous = { number: last.number, bytes: last.fileBytes };
  }

  #dropOldest(): void {
    const { keepBytes, budget, mayDrop } = this.#options;
    const rawMax = keepBytes - this.segmentBytes; // room for what is in memory only
    while (this.#segments.length > 1) {
      const first = this.#segments[0] as OutputSegment;
      const raw = this.#written.head - first.start;
      const isFull = raw > rawMax || this.fileBytes > 2 * keepBytes;
      if (!isFull && !(budget.isSpent && this.#writer === undefined)) return;
      const held = keepBytes * HELD_SHARE;
      const mayHold = raw <= rawMax + held && this.fileBytes <= 2 * keepBytes + held;
      if (mayHold && !mayDrop(first.end)) return;
      this.#deleteFirst();
      if (!isFull) return; // one file more, one file less: the directory does not grow
    }
  }

  #deleteFirst(): void {
    const segment = this.#segments.shift() as OutputSegment;
    this.#options.budget.add(-segment.fileBytes);
    try {
      unlinkSync(segment.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#options.onDeleteFailed(error);
    }
    this.#options.onDropped(this.#segments[0]?.start ?? this.#written.head);
  }

  #groupAt(offset: number) {
    const segment = this.#segments[lowerBound(this.#segments, (each) => each.start > offset) - 1];
    if (segment === undefined || offset >= segment.end) return undefined;
    const at = lowerBound(segment.index, (each) => each.offset > offset) - 1;
    const entry = segment.index[at];
    if (entry === undefined) return undefined;
    const next = segment.index[at + 1];
    return {
      segment,
      entry,
      until: next?.position ?? segment.fileBytes,
      records: next && next.counter - entry.counter,
    };
  }

  #offsetBehind(segment: OutputSegment, entry: IndexEntry): number {
    return segment.index[segment.index.indexOf(entry) + 1]?.offset ?? segment.end;
  }
}

export function sizeAfter(size: TerminalSize, marks: readonly { mark: LogMark }[]): TerminalSize {
  const last = marks.findLast(({ mark }) => mark.kind === "size")?.mark;
  return last?.kind === "size" ? { cols: last.cols, rows: last.rows } : size;
}

function cacheKey(segment: OutputSegment, entry: IndexEntry): string {
  return `${segment.path}\0${entry.position}`;
}
