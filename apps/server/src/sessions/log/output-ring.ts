/**
 * The newest output of one session, in memory: where readers near the head read from, and where a write takes its bytes
 * from. Bytes are copied in once and never move. A busy ring's blocks are used again, by any ring, once they are dropped:
 * with several floods each block outlives the collector's young generation, and left to it, the collections of everything
 * that gave them back cost more than log and encryption together (performance.md).
 */
import { lowerBound } from "./log-marks.ts";
import { BLOCK_BYTES_MAX, type RingBudget } from "./ring-budget.ts";

/** Kept while nothing happens, and while much happens, in bytes (architecture §8). */
export const RING_IDLE_BYTES = 64 * 1024;
export const RING_BUSY_BYTES = 1024 * 1024;
/** Memory is taken in blocks that grow with the session: an idle one costs 4 KiB (performance.md §5). */
const BLOCK_BYTES_MIN = 4 * 1024;

interface Block {
  /** Offset of its first byte. */
  start: number;
  used: number;
  bytes: Buffer;
}

export class OutputRing {
  #blocks: Block[] = [];
  #start: number;
  #head: number;
  #bytes = 0;
  readonly #budget: RingBudget;
  /** Bytes from here on are nowhere else. */
  #keepFrom: number;

  constructor(budget: RingBudget, offset = 0) {
    this.#budget = budget;
    this.#start = offset;
    this.#head = offset;
    this.#keepFrom = offset;
  }

  /** Offset of the oldest byte. */
  get start(): number {
    return this.#start;
  }
  get head(): number {
    return this.#head;
  }
  /** Memory taken. */
  get memoryBytes(): number {
    return this.#bytes;
  }

  append(output: Uint8Array): void {
    for (let taken = 0; taken < output.length; ) {
      const block = this.#openBlock();
      const room = Math.min(output.length - taken, block.bytes.length - block.used);
      block.bytes.set(
        taken === 0 && room === output.length ? output : output.subarray(taken, taken + room),
        block.used,
      );
      block.used += room;
      this.#head += room;
      taken += room;
    }
  }

  /** Bytes at `offset`, up to `until` or the end of their block; undefined: not here. For at once: an append may overwrite them. */
  viewAt(offset: number, until: number): Buffer | undefined {
    if (offset < this.#start || offset >= this.#head) return undefined;
    const block = this.#blocks[lowerBound(this.#blocks, (each) => each.start > offset) - 1];
    return block?.bytes.subarray(offset - block.start, Math.min(block.used, until - block.start));
  }

  /** All bytes from `offset` to `until`, as views in order. For at once. */
  views(offset: number, until: number): Buffer[] {
    const views: Buffer[] = [];
    for (let at = offset; at < until; ) {
      const view = this.viewAt(at, until);
      if (view === undefined) throw new RangeError("these bytes are not in the ring");
      views.push(view);
      at += view.length;
    }
    return views;
  }

  /** Bytes below `offset` are elsewhere, too: they may go. */
  release(offset: number): void {
    this.#keepFrom = offset;
    this.shrinkTo(this.#budget.allowed(RING_BUSY_BYTES));
  }

  /** Keeps about the newest `bytes`, and in any case what is nowhere else. Whole blocks go. */
  shrinkTo(bytes: number): void {
    const keepFrom = Math.min(this.#keepFrom, this.#head - bytes);
    let dropped = 0;
    for (const block of this.#blocks) {
      const end = block.start + block.used;
      // The open block goes, too, when it is old and done with: an idle ring may cost nothing.
      if (end > keepFrom || (block === this.#blocks.at(-1) && bytes > 0)) break;
      this.#bytes -= block.bytes.length;
      if (block.bytes.length === BLOCK_BYTES_MAX) this.#budget.blocks.give(block.bytes);
      this.#budget.add(this, -block.bytes.length);
      this.#start = end;
      dropped++;
    }
    if (dropped > 0) this.#blocks.splice(0, dropped);
  }

  /** Everything goes: the log is closed. */
  clear(): void {
    this.#keepFrom = this.#head;
    this.shrinkTo(0);
    this.#budget.forget(this);
  }

  #openBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.used < last.bytes.length) return last;
    const size = Math.min(BLOCK_BYTES_MAX, Math.max(BLOCK_BYTES_MIN, this.#bytes));
    this.#budget.add(this, size); // before the block is in: making room must not take it
    // Not filled with zeros: only `used` bytes are ever shown.
    const bytes = size === BLOCK_BYTES_MAX ? this.#budget.blocks.take() : Buffer.allocUnsafeSlow(size);
    const block = { start: this.#head, used: 0, bytes };
    this.#blocks.push(block);
    this.#bytes += size;
    return block;
  }
}
