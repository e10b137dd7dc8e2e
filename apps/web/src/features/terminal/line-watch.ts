/** Notices that a ping or a key has had no answer for a while, before the connection is given up (DESIGN §8). */
import type { TerminalClock } from "./terminal-types.ts";

/** Silence that is worth words. */
export const UNANSWERED_SHOWN_MS = 1_500;

export class LineWatch {
  readonly #clock: TerminalClock;
  /** Since when something is out without any frame coming back; undefined: nothing is. */
  readonly #silentSinceMs: () => number | undefined;
  readonly #onChange: (unansweredSinceMs: number | undefined) => void;
  #timer: number | undefined;

  constructor(
    clock: TerminalClock,
    silentSinceMs: () => number | undefined,
    onChange: (unansweredSinceMs: number | undefined) => void,
  ) {
    this.#clock = clock;
    this.#silentSinceMs = silentSinceMs;
    this.#onChange = onChange;
  }

  /** Something was sent or received. */
  check(): void {
    const since = this.#silentSinceMs();
    const silentMs = since === undefined ? 0 : this.#clock.nowMs() - since;
    if (since === undefined) this.stop();
    else if (silentMs < UNANSWERED_SHOWN_MS && this.#timer === undefined)
      this.#timer = this.#clock.setTimeout(() => {
        this.#timer = undefined;
        this.check();
      }, UNANSWERED_SHOWN_MS - silentMs);
    this.#onChange(silentMs >= UNANSWERED_SHOWN_MS ? since : undefined);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Since when something is out without any frame coming back; undefined: nothing is. Pure.
 * @param waitingSinceMs when the oldest key was typed that the server has not stored, if any
 */
export function silentSinceMs(
  line: { readonly pingSentAtMs: number | undefined; readonly lastReceivedAtMs: number } | undefined,
  waitingSinceMs: number | undefined,
): number | undefined {
  if (line === undefined) return undefined;
  const oldest = Math.min(...[line.pingSentAtMs, waitingSinceMs].filter((at) => at !== undefined));
  return Number.isFinite(oldest) ? Math.max(oldest, line.lastReceivedAtMs) : undefined;
}
