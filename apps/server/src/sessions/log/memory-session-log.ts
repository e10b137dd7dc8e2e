import { LogMarks, lowerBound } from "./log-marks.ts";
import type { LogCursor, LogMark, LogRead, SessionLog, TerminalSize } from "./session-log.ts";

/** Output kept per session, in bytes (architecture §8, memory implementation). At the bound the oldest block is dropped. */
export const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;
/** Memory is taken in blocks that grow with the session: an idle one costs 4 KiB (performance.md §5). */
const BLOCK_BYTES_MIN = 4 * 1024;
const BLOCK_BYTES_MAX = 64 * 1024;

interface Block {
  /** Offset of its first byte. */
  start: number;
  used: number;
  bytes: Uint8Array;
}

/** The log in memory: bytes in blocks, marks beside them. Appending copies the bytes once and never moves them again. */
export class MemorySessionLog implements SessionLog {
  #blocks: Block[] = [];
  #head = 0;
  readonly #marks: LogMarks;
  #lastSequenceNumber = -1;
  readonly #outputBytesMax: number;
  /** Set while a batch is open: what is to be called at its end. */
  #batch: (() => void)[] | undefined;

  constructor(size: TerminalSize, outputBytesMax: number = OUTPUT_BYTES_MAX) {
    this.#marks = new LogMarks(size);
    this.#outputBytesMax = outputBytesMax;
  }

  appendReceived(sequenceNumber: number, output: Uint8Array | undefined, onStored: () => void): void {
    if (this.#marks.isEnded) return;
    this.#lastSequenceNumber = sequenceNumber;
    if (output !== undefined && output.length > 0) this.#appendBytes(output);
    if (this.#batch === undefined) onStored();
    else this.#batch.push(onStored);
  }

  batch(append: () => void): void {
    if (this.#batch !== undefined) {
      append();
      return;
    }
    const onStored: (() => void)[] = [];
    this.#batch = onStored;
    try {
      append();
    } finally {
      this.#batch = undefined;
      for (const run of onStored) run();
    }
  }

  appendMark(mark: LogMark): void {
    if (this.#marks.isEnded) return;
    this.#marks.push(this.#head, mark);
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
    return this.#marks.sizeAt(offset);
  }

  cursorAtOldest(): LogCursor {
    return { offset: this.oldestOffset, mark: this.#marks.first };
  }

  cursorAt(offset: number): LogCursor {
    return { offset, mark: this.#marks.numberAfter(offset) };
  }

  read(cursor: LogCursor, bytesMax: number): LogRead {
    if (cursor.offset < this.oldestOffset) return { kind: "dropped" };
    const placed = this.#marks.from(cursor.mark);
    if (placed !== undefined && placed.offset <= cursor.offset)
      return { kind: "mark", mark: placed.mark, next: { offset: cursor.offset, mark: placed.number + 1 } };
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
    this.#marks.dropBefore(this.oldestOffset);
  }

  #blockAt(offset: number): Block | undefined {
    const after = lowerBound(this.#blocks, (block) => block.start > offset);
    const block = this.#blocks[after - 1];
    return block !== undefined && offset < block.start + block.used ? block : undefined;
  }
}
