/**
 * When sessions write: together with everything else of one turn of the event loop, and while they are busy once per
 * tick. A lone record never waits for a timer, and what one turn appended is one write, so all of it or nothing.
 */
import type { Clock } from "../../platform/clock.ts";

/**
 * Busy sessions write once per tick, in milliseconds. What a write costs is the write, not its bytes, so four times the
 * tick of output (performance.md §4) quarters it, and the writes of acknowledgements with it. Only acknowledgements wait
 * for it, and the agent resends after RTT + 10 ms at the earliest, RTT being measured with it. A flood does not wait: 32 KiB
 * are written at once (RECORD_BYTES_MAX).
 */
export const WRITE_TICK_MS = 16;

export interface TickWriter {
  /** When it wrote last; kept by the tick. */
  lastWriteMs: number;
  /** Never throws. */
  writeOut(): void;
}

export class WriteTick {
  readonly #clock: Clock;
  /** At most one entry per session each. */
  #atEndOfTurn = new Set<TickWriter>();
  #onTimer = new Set<TickWriter>();
  #isTimerArmed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param isUrgent keys: they may not wait for a tick */
  request(writer: TickWriter, isUrgent: boolean): void {
    if (this.#atEndOfTurn.has(writer) || (!isUrgent && this.#onTimer.has(writer))) return;
    const nowMs = this.#clock.nowMs();
    if (isUrgent || nowMs - writer.lastWriteMs >= WRITE_TICK_MS) {
      this.#onTimer.delete(writer);
      this.#atEndOfTurn.add(writer);
      if (this.#atEndOfTurn.size === 1) queueMicrotask(() => this.#run(this.#atEndOfTurn));
      return;
    }
    this.#onTimer.add(writer);
    if (this.#isTimerArmed) return;
    this.#isTimerArmed = true;
    this.#clock.setTimer(nowMs + WRITE_TICK_MS, () => {
      this.#isTimerArmed = false;
      this.#run(this.#onTimer);
    });
  }

  #run(due: Set<TickWriter>): void {
    const writers = [...due];
    due.clear();
    for (const writer of writers) {
      writer.lastWriteMs = this.#clock.nowMs();
      writer.writeOut();
    }
  }
}
