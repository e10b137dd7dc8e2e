// A queue whose `shift` does not move the rest: a burst of output queues thousands of frames at once.

/** First in, first out. Not bounded by itself: the bound is that of what is put into it, named there. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined; // lets the item be collected before the array is
    this.#head += 1;
    if (this.#head === this.#items.length) this.clear();
    return item;
  }

  /** Takes out what is not wanted any more; a walk over everything. */
  keepOnly(isWanted: (item: T) => boolean): void {
    this.#items = (this.#items.slice(this.#head) as T[]).filter(isWanted);
    this.#head = 0;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }
}
