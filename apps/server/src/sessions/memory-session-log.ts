import type { LogCursor, LogMark, LogRead, SessionLog, TerminalSize } from "./session-log.ts";

/** Output kept per session, in bytes (architecture §8, memory implementation). At the bound the oldest block is dropped. */
export const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;
/** Sizes and notices kept per session. At the bound the oldest is dropped; the size in force stays known. */
export const MARKS_MAX = 4_096;
/** Memory is taken in blocks that grow with the session: an idle one costs 4 KiB (performance.md §5). */
const BLOCK_BYTES_MIN = 4 * 1024;
const BLOCK_BYTES_MAX = 64 * 1024;

interface Block {
  /** Offset of its first byte. */
  start: number;
  used: number;
  bytes: Uint8Array;
}

type PlacedMark = { offset: number; mark: LogMark };

/** The log in memory: bytes in blocks, marks beside them. Appending copies the bytes once and never moves them again. */
export class MemorySessionLog implements SessionLog {
  #blocks: Block[] = [];
  #head = 0;
  #marks: PlacedMark[] = [];
  /** Number of the first mark in `#marks`. */
  #firstMark = 0;
  /** Size in force before the first mark kept. */
  #sizeBefore: TerminalSize;
  #ended = false;
  #lastSequenceNumber = -1;
  readonly #outputBytesMax: number;

  constructor(size: TerminalSize, outputBytesMax: number = OUTPUT_BYTES_MAX) {
    this.#sizeBefore = size;
    this.#outputBytesMax = outputBytesMax;
  }

  appendReceived(sequenceNumber: number, output: Uint8Array | undefined, onStored: () => void): void {
    if (this.#ended) return;
    this.#lastSequenceNumber = sequenceNumber;
    if (output !== undefined && output.length > 0) this.#appendBytes(output);
    onStored();
  }

  appendMark(mark: LogMark): void {
    if (this.#ended) return;
    this.#ended = mark.kind === "end";
    this.#marks.push({ offset: this.#head, mark });
    if (this.#marks.length > MARKS_MAX) this.#dropMark();
  }

  get oldestOffset(): number {
    return this.#blocks[0]?.start ?? this.#head;
  }
  get headOffset(): number {
    return this.#head;
  }
  get lastSequenceNumber(): number {
    return this.#lastSequenceNumber;
  }

  sizeAt(offset: number): TerminalSize {
    for (let index = this.#markAfter(offset) - 1; index >= 0; index--) {
      const mark = this.#marks[index]?.mark;
      if (mark?.kind === "size") return { cols: mark.cols, rows: mark.rows };
    }
    return this.#sizeBefore;
  }

  cursorAtOldest(): LogCursor {
    return { offset: this.oldestOffset, mark: this.#firstMark };
  }

  cursorAt(offset: number): LogCursor {
    const after = this.#markAfter(offset);
    const endIsSkipped = this.#ended && after === this.#marks.length;
    return { offset, mark: this.#firstMark + after - (endIsSkipped ? 1 : 0) };
  }

  read(cursor: LogCursor, bytesMax: number): LogRead {
    if (cursor.offset < this.oldestOffset) return { kind: "dropped" };
    const index = Math.max(cursor.mark - this.#firstMark, 0);
    const placed = this.#marks[index];
    if (placed !== undefined && placed.offset <= cursor.offset)
      return {
        kind: "mark",
        mark: placed.mark,
        next: { offset: cursor.offset, mark: this.#firstMark + index + 1 },
      };
    const until = Math.min(placed?.offset ?? this.#head, cursor.offset + bytesMax);
    const block = this.#blockAt(cursor.offset);
    if (block === undefined || until <= cursor.offset) return { kind: "head" };
    const from = cursor.offset - block.start;
    const bytes = block.bytes.subarray(from, Math.min(block.used, until - block.start));
    return { kind: "output", bytes, next: { offset: cursor.offset + bytes.length, mark: cursor.mark } };
  }

  #appendBytes(output: Uint8Array): void {
    let taken = 0;
    while (taken < output.length) {
      const block = this.#openBlock();
      const room = Math.min(output.length - taken, block.bytes.length - block.used);
      block.bytes.set(output.subarray(taken, taken + room), block.used);
      block.used += room;
      this.#head += room;
      taken += room;
    }
    while (this.#head - this.oldestOffset > this.#outputBytesMax && this.#blocks.length > 1) this.#dropBlock();
  }

  #openBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.used < last.bytes.length) return last;
    const size = Math.min(BLOCK_BYTES_MAX, Math.max(BLOCK_BYTES_MIN, this.#head));
    const block = { start: this.#head, used: 0, bytes: new Uint8Array(size) };
    this.#blocks.push(block);
    return block;
  }

  #dropBlock(): void {
    this.#blocks.shift(); // at most outputBytesMax / BLOCK_BYTES_MAX entries: shifting is cheap
    while (this.#marks[0] !== undefined && this.#marks[0].offset < this.oldestOffset) this.#dropMark();
  }

  #dropMark(): void {
    const dropped = this.#marks.shift();
    this.#firstMark++;
    if (dropped?.mark.kind === "size") this.#sizeBefore = { cols: dropped.mark.cols, rows: dropped.mark.rows };
  }

  /** Index of the first mark whose offset is greater. */
  #markAfter(offset: number): number {
    return lowerBound(this.#marks, (placed) => placed.offset > offset);
  }

  #blockAt(offset: number): Block | undefined {
    const after = lowerBound(this.#blocks, (block) => block.start > offset);
    const block = this.#blocks[after - 1];
    return block !== undefined && offset < block.start + block.used ? block : undefined;
  }
}

/** Index of the first item for which `holds` is true (it stays true after it); the length when there is none. */
function lowerBound<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
