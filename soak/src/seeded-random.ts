/** Randomness from one number: the same seed draws the same schedule on every machine. Pure but for its own state. */
export class SeededRandom {
  #state: number;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** @returns a number in [0, 1). The generator is mulberry32: 32 bits of state, every seed a good one. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @returns an integer from `min` to `max`, both included */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError("nothing to pick from");
    return choices[Math.floor(this.next() * choices.length)] as T;
  }
}
