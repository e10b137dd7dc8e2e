/** The one timer of a data channel. */
import type { Clock } from "../../platform/clock.ts";

export class ChannelTimer {
  readonly #clock: Clock;
  readonly #fire: () => void;
  #atMs = Number.POSITIVE_INFINITY;
  #isClosed = false;
  #cancel = () => {};

  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /**
   * An armed timer that is too early stays: firing before its time does nothing, re-arming per frame costs.
   * In whole milliseconds and never at once: the fractions of epoch milliseconds are too coarse to be met exactly, and a
   * timer that is early by a rounding error must not spin.
   *
   * @param wantedMs on the clock; undefined: none is needed
   */
  arm(wantedMs: number | undefined): void {
    if (wantedMs === undefined || this.#isClosed) return;
    const atMs = Math.max(Math.ceil(wantedMs), this.#clock.nowMs() + 1);
    if (atMs >= this.#atMs) return;
    this.#cancel();
    this.#atMs = atMs;
    this.#cancel = this.#clock.setTimer(atMs, () => {
      this.#atMs = Number.POSITIVE_INFINITY;
      if (!this.#isClosed) this.#fire();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }
}
