import type { Clock } from "../../platform/clock.ts";
import type { TerminalSize } from "../log/session-log.ts";

/** Dragging a window's edge makes hundreds of sizes; the agent gets at most one in this time (data-channel.md §9.3). */
export const SIZE_EVERY_MS = 100;

/** Lets the first size through at once and, of those that follow too soon, the last. Equal sizes are no change. */
export class SizePace {
  readonly #clock: Clock;
  readonly #apply: (size: TerminalSize) => void;
  #current: TerminalSize;
  #wanted: TerminalSize | undefined;
  #appliedAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer = () => {};

  constructor(clock: Clock, current: TerminalSize, apply: (size: TerminalSize) => void) {
    this.#clock = clock;
    this.#current = current;
    this.#apply = apply;
  }

  get current(): TerminalSize {
    return this.#current;
  }

  want(size: TerminalSize): void {
    this.#cancelTimer();
    this.#wanted = size;
    const dueMs = this.#appliedAtMs + SIZE_EVERY_MS;
    if (this.#clock.nowMs() >= dueMs) this.#take();
    else this.#cancelTimer = this.#clock.setTimer(dueMs, () => this.#take());
  }

  close(): void {
    this.#cancelTimer();
    this.#wanted = undefined;
  }

  #take(): void {
    const size = this.#wanted;
    this.#wanted = undefined;
    if (size === undefined || (size.cols === this.#current.cols && size.rows === this.#current.rows)) return;
    this.#current = size;
    this.#appliedAtMs = this.#clock.nowMs();
    this.#apply(size);
  }
}
