/** Tells the newest of many values, at once and then at most every so often. Framework-free. */
export interface PaceClock {
  nowMs(): number;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/** Only the last value counts: what is kept is one. */
export class Paced<T> {
  readonly #everyMs: number;
  readonly #clock: PaceClock;
  readonly #tell: (value: T) => void;
  #waiting: { value: T } | undefined;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #timer: number | undefined;

  constructor(everyMs: number, clock: PaceClock, tell: (value: T) => void) {
    this.#everyMs = everyMs;
    this.#clock = clock;
    this.#tell = tell;
  }

  set(value: T): void {
    this.#waiting = { value };
    if (this.#timer !== undefined) return;
    const leftMs = this.#nextAtMs - this.#clock.nowMs();
    if (leftMs <= 0) this.#flush();
    else this.#timer = this.#clock.setTimeout(() => this.#flush(), leftMs);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#nextAtMs = this.#clock.nowMs() + this.#everyMs;
    this.#tell(waiting.value);
  }
}
