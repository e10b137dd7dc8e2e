// The peer's messages that were handed out and are not stored yet, by number. A flood adds and takes dozens in each turn:
// a Map would grow and shrink with every read, and each of its former tables keeps the next one from being collected.
import type { Frame } from "./frame-reader.ts";
import { SequenceWindow } from "./sequence-window.ts";

export interface Unstored {
  /** undefined: it has gone. */
  acknowledgement: Uint8Array | undefined;
  frame: Frame;
}

/** Not bounded by itself: whoever adds to it looks at `size` before. */
export class UnstoredMessages {
  /** Those that follow each other, which is nearly all. */
  #inOrder = new SequenceWindow<Unstored>();
  readonly #others = new Map<number, Unstored>();

  get size(): number {
    return this.#inOrder.size + this.#others.size;
  }
  /** The lowest number; infinite when there is none. A walk over those that were out of order. */
  get lowest(): number {
    let lowest = this.#inOrder.size === 0 ? Number.POSITIVE_INFINITY : this.#inOrder.oldestNumber;
    for (const sequenceNumber of this.#others.keys()) lowest = Math.min(lowest, sequenceNumber);
    return lowest;
  }

  has(sequenceNumber: number): boolean {
    return this.#inOrder.get(sequenceNumber) !== undefined || this.#others.has(sequenceNumber);
  }

  /** @param sequenceNumber one that is not in yet */
  add(sequenceNumber: number, message: Unstored): void {
    if (this.#inOrder.size === 0 && this.#inOrder.nextNumber !== sequenceNumber)
      this.#inOrder = new SequenceWindow<Unstored>(sequenceNumber);
    if (this.#inOrder.nextNumber === sequenceNumber) this.#inOrder.push(message);
    else this.#others.set(sequenceNumber, message);
  }

  /** Removes and returns the message; undefined when there is none under that number. */
  take(sequenceNumber: number): Unstored | undefined {
    const message = this.#inOrder.take(sequenceNumber);
    if (message !== undefined) return message;
    const other = this.#others.get(sequenceNumber);
    if (other !== undefined) this.#others.delete(sequenceNumber);
    return other;
  }
}
