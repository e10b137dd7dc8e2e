/**
 * Starts again by itself what AWS asked to slow down about, with the time of the next try in sight (DESIGN §9). Only an answer that
 * says so is repeated: nothing was started then. The server has tried three times within seconds before (start-in-aws.ts).
 */
import type { Problem } from "@causeway/wire-contract/problem";
import type { TerminalClock } from "./terminal-types.ts";

/** Milliseconds before each try by itself; after the last one only a person starts again: two minutes and a half in all. */
export const STARTS_AGAIN_AFTER_MS = [10_000, 20_000, 40_000, 80_000] as const;

export class StartAgain {
  readonly #clock: TerminalClock;
  readonly #start: () => void;
  #tries = 0;
  #timer: number | undefined;

  constructor(clock: TerminalClock, start: () => void) {
    this.#clock = clock;
    this.#start = start;
  }

  /** A start failed. @returns when it is tried again, on the clock of the deps; undefined: not by itself */
  handleFailed(problem: Problem): number | undefined {
    this.stop();
    const waitMs = problem.code === "AWS_THROTTLED" ? STARTS_AGAIN_AFTER_MS[this.#tries] : undefined;
    if (waitMs === undefined) return undefined;
    this.#tries++;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, waitMs);
    return this.#clock.nowMs() + waitMs;
  }

  /** A shell began, or a person takes it from here: the count begins anew. */
  reset(): void {
    this.stop();
    this.#tries = 0;
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
