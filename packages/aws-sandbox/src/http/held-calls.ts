// Calls whose answer is held back for a time, bounded in number, and answered at once when the sandbox ends.

export class HeldCalls {
  readonly #atOnceMax: number;
  readonly #held = new Set<() => void>();
  #isClosed = false;

  /** @param atOnceMax calls held at one time; one beyond is answered at once */
  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax;
  }

  /** Resolves after `ms` milliseconds, or when nothing is held back any longer. */
  async wait(ms: number): Promise<void> {
    if (this.#isClosed || this.#held.size >= this.#atOnceMax) return;
    await new Promise<void>((resolve) => {
      const release = () => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, ms);
      this.#held.add(release);
    });
  }

  /** Nothing is held back any longer. */
  close(): void {
    this.#isClosed = true;
    for (const release of this.#held) release();
  }
}
