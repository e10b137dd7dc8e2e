import type { Clock } from "../../platform/clock.ts";

/** Sessions that are busy send once per tick, in milliseconds (performance.md §4). */
export const OUTPUT_TICK_MS = 4;

/**
 * When output leaves: at once for a session that was silent for a tick (a lone key's echo never waits), else together
 * with all other busy sessions on one shared timer. No timer runs while nothing is busy.
 */
export class OutputTick {
  readonly #clock: Clock;
  /** At most one entry per session. */
  #due = new Set<OutputFlush>();
  #armed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One per session; `request` it after every append. */
  flushOf(run: () => void): OutputFlush {
    return new OutputFlush(this, run);
  }

  request(flush: OutputFlush): void {
    if (this.#due.has(flush)) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - flush.lastRunMs >= OUTPUT_TICK_MS) {
      flush.lastRunMs = nowMs;
      flush.run();
      return;
    }
    this.#due.add(flush);
    if (this.#armed) return;
    this.#armed = true;
    this.#clock.setTimer(nowMs + OUTPUT_TICK_MS, () => this.#tick());
  }

  /** Nothing is gained by waiting. */
  runNow(flush: OutputFlush): void {
    this.#due.delete(flush);
    flush.lastRunMs = this.#clock.nowMs();
    flush.run();
  }

  #tick(): void {
    this.#armed = false;
    const due = this.#due;
    this.#due = new Set();
    const nowMs = this.#clock.nowMs();
    for (const flush of due) {
      flush.lastRunMs = nowMs;
      flush.run();
    }
  }
}

export class OutputFlush {
  lastRunMs = Number.NEGATIVE_INFINITY;
  readonly run: () => void;
  readonly #tick: OutputTick;

  constructor(tick: OutputTick, run: () => void) {
    this.#tick = tick;
    this.run = run;
  }

  request(): void {
    this.#tick.request(this);
  }

  now(): void {
    this.#tick.runNow(this);
  }
}
