/** A page's clock and window: real time, a clock that can jump as after sleep, signals on demand. */
import type { PageSignals, TerminalClock } from "@causeway/web/headless";

type Signal = "visible" | "hidden" | "online" | "focus";

export class PageWorld implements PageSignals {
  readonly #listeners = new Set<(signal: Signal) => void>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  #nextTimer = 1;
  #jumpedMs = 0;
  #isStopped = false;

  readonly clock: TerminalClock = {
    nowMs: () => Date.now() + this.#jumpedMs,
    setTimeout: (callback, ms) => {
      const id = this.#nextTimer++;
      if (this.#isStopped) return id;
      const timer = setTimeout(() => {
        this.#timers.delete(id);
        callback();
      }, ms);
      this.#timers.set(id, timer);
      return id;
    },
    clearTimeout: (id) => {
      clearTimeout(this.#timers.get(id));
      this.#timers.delete(id);
    },
  };

  isVisible(): boolean {
    return true;
  }

  subscribe(listener: (signal: Signal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  signal(signal: Signal): void {
    for (const listener of [...this.#listeners]) listener(signal);
  }

  /** The computer slept so long and woke up: no timer ran meanwhile. */
  sleep(ms: number): void {
    this.#jumpedMs += ms;
    this.signal("focus");
  }

  /** The page is gone, and its timers with it. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#listeners.clear();
  }
}
