// A wall clock may be set back; a channel that believed it would then not resend for as long as the step was.

/** Translates the caller's clock into one that never goes back, and back again. */
export class SteadyClock {
  #aheadMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @returns the same moment on the steady clock */
  enter(nowMs: number): number {
    const steadyMs = nowMs + this.#aheadMs;
    if (steadyMs < this.#lastMs) {
      this.#aheadMs += this.#lastMs - steadyMs;
      return this.#lastMs;
    }
    this.#lastMs = steadyMs;
    return steadyMs;
  }

  /** The last moment that was entered, on the steady clock. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** @returns the same moment on the caller's clock */
  leave(steadyMs: number): number {
    return steadyMs - this.#aheadMs;
  }
}
