/** Waits between attempts: a random first one, doubled each time up to a ceiling. Source: data-channel.md §13.3. */
export const WAIT_FIRST_MS_MIN = 100;
export const WAIT_FIRST_MS_SPREAD = 100;
export const WAIT_MS_MAX = 5_000;

export class BackOff {
  readonly #random: () => number;
  #attempts = 0;
  #firstMs = 0;

  /** @param random 0 <= n < 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** @returns milliseconds to wait before the next attempt */
  next(): number {
    if (this.#attempts === 0) this.#firstMs = WAIT_FIRST_MS_MIN + Math.floor(this.#random() * WAIT_FIRST_MS_SPREAD);
    const waitMs = this.#firstMs * 2 ** Math.min(this.#attempts, 16);
    this.#attempts++;
    return Math.min(waitMs, WAIT_MS_MAX);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
