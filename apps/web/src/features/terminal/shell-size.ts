/** The size that the pane wants for the shell: within the limits, told once a layout rests, and only when it changed. */
import { COLS_MAX, COLS_MIN, ROWS_MAX, ROWS_MIN } from "@causeway/wire-contract/sessions";
import type { TerminalClock } from "./terminal-types.ts";

/** A layout must rest this long before its size is sent (DESIGN §7). */
export const RESIZE_REST_MS = 100;

export interface Size {
  cols: number;
  rows: number;
}

export class ShellSize {
  readonly #clock: TerminalClock;
  /** @returns whether it was sent: not without a connection, nor for a pane that is hidden */
  readonly #send: (size: Size) => boolean;
  #wanted: Size;
  #told: Size | undefined;
  #timer: number | undefined;

  constructor(initial: Size, clock: TerminalClock, send: (size: Size) => boolean) {
    this.#wanted = initial;
    this.#clock = clock;
    this.#send = send;
  }

  get wanted(): Size {
    return this.#wanted;
  }

  /** The layout changed; `fit` is what would fill it. */
  want(fit: Size): void {
    this.#wanted = { cols: clamp(fit.cols, COLS_MIN, COLS_MAX), rows: clamp(fit.rows, ROWS_MIN, ROWS_MAX) };
    this.stop();
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, RESIZE_REST_MS);
  }

  /** The wanted size goes along with an attach message. */
  tellWithAttach(): Size {
    this.#told = this.#wanted;
    return this.#wanted;
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    const { cols, rows } = this.#wanted;
    if (cols === this.#told?.cols && rows === this.#told.rows) return;
    if (this.#send({ cols, rows })) this.#told = { cols, rows };
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
