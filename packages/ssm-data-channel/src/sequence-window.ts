// Items under consecutive numbers, removed in any order, mostly the oldest first.
// A Map would do, but finding its oldest entry walks over every entry deleted since it last shrank: with a window of
// 100,000 messages that is the cost of the whole channel.

/** The front of the array is given back when it holds at least this many removed items, and they are the larger half. */
const COMPACT_ITEMS_MIN = 1_024;

export class SequenceWindow<T> {
  #items: (T | undefined)[] = [];
  /** Index of the oldest item; everything before it was removed. */
  #head = 0;
  /** The sequence number of `#items[#head]`. */
  #base: number;
  #size = 0;

  constructor(firstNumber = 0) {
    this.#base = firstNumber;
  }

  /** The number the next `push` gets. */
  get nextNumber(): number {
    return this.#base + this.#items.length - this.#head;
  }

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#size += 1;
  }

  /** Uses up one number without an item. */
  skip(): void {
    this.#items.push(undefined);
    if (this.#size === 0) this.#dropRemoved();
  }

  /** Forgets the items from this number on, which `push` gives out again. @param number not below `oldestNumber` */
  cutFrom(number: number): void {
    const kept = number - this.#base + this.#head;
    for (const item of this.#items.splice(kept)) if (item !== undefined) this.#size -= 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    }
  }

  get(number: number): T | undefined {
    const index = number - this.#base + this.#head;
    return index < this.#head ? undefined : this.#items[index];
  }

  /** Removes and returns the item; undefined when there is none under that number. */
  take(number: number): T | undefined {
    const item = this.get(number);
    if (item === undefined) return undefined;
    this.#items[number - this.#base + this.#head] = undefined;
    this.#size -= 1;
    this.#dropRemoved();
    return item;
  }

  /** The item with the lowest number. */
  get oldest(): T | undefined {
    return this.#items[this.#head];
  }

  /** The number of the oldest item, or `nextNumber` when there is none. */
  get oldestNumber(): number {
    return this.#base;
  }

  /** Oldest first. */
  *[Symbol.iterator](): Generator<[number, T]> {
    for (let index = this.#head; index < this.#items.length; index += 1) {
      const item = this.#items[index];
      if (item !== undefined) yield [this.#base + index - this.#head, item];
    }
  }

  #dropRemoved(): void {
    while (this.#head < this.#items.length && this.#items[this.#head] === undefined) {
      this.#head += 1;
      this.#base += 1;
    }
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head >= COMPACT_ITEMS_MIN && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}
