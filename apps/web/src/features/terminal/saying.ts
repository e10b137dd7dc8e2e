import type { StatusStore } from "./status-store.ts";
import type { TerminalClock } from "./terminal-types.ts";

/** How long the answer to what a person asked for stands in the status bar. */
export const SAID_MS = 6_000;

/** Short answers about a terminal: seen in its status bar, read out, and gone by themselves. The newest one counts. */
export class Saying {
  readonly #status: StatusStore;
  readonly #clock: TerminalClock;
  #timer: number | undefined;

  constructor(status: StatusStore, clock: TerminalClock) {
    this.#status = status;
    this.#clock = clock;
  }

  say(words: string): void {
    this.stop();
    this.#status.set({ said: words });
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#status.set({ said: undefined });
    }, SAID_MS);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
