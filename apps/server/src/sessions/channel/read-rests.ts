/**
 * An agent at its pace sends a message of 1 KiB each millisecond, and reading them one by one costs several times what is done
 * with them. A channel that brings little and often is not read for a moment: what came meanwhile is then one read, one
 * frame to each page, one wake-up for all such channels together. Lone messages, as a key's echo, are read at once.
 */
import type { Clock } from "../../platform/clock.ts";

/**
 * How long a channel rests at most, in milliseconds: a little more than the tick of output (output-tick.ts), so that what is
 * read then leaves at once. What a busy session prints waits for about as long in any case.
 */
export const REST_MS = 5;
/** So many reads, each soon after the one before it, and a channel is busy: a key's acknowledgement, its echo and a prompt are not. */
export const READS_IN_A_ROW = 4;
/** Soon: within two rests, in milliseconds. */
const SOON_MS = 2 * REST_MS;
/** A read of so much, in bytes, is a flood's, and another follows: there is nothing to wait for (read-turns.ts). */
export const FLOOD_READ_BYTES = 16 * 1024;

/** Tells of one channel whether it is to rest after a read. Pure. */
export class ReadRhythm {
  #lastReadMs = Number.NEGATIVE_INFINITY;
  #inARow = 0;

  /** @returns true: rest */
  wantsRest(bytes: number, nowMs: number): boolean {
    this.#inARow = nowMs - this.#lastReadMs <= SOON_MS ? this.#inARow + 1 : 1;
    this.#lastReadMs = nowMs;
    return this.#inARow >= READS_IN_A_ROW && bytes < FLOOD_READ_BYTES;
  }
}

/** The one timer of all channels that rest. */
export class ReadRests {
  readonly #clock: Clock;
  /** At most one entry per channel. */
  #resting = new Set<() => void>();
  #isArmed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param goOn called when the rest is over, with those of all others; the same function rests once */
  rest(goOn: () => void): void {
    this.#resting.add(goOn);
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#clock.setTimer(this.#clock.nowMs() + REST_MS, () => {
      this.#isArmed = false;
      const rested = this.#resting;
      this.#resting = new Set();
      for (const each of rested) each();
    });
  }

  cancel(goOn: () => void): void {
    this.#resting.delete(goOn);
  }
}
