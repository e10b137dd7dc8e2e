// Which terminal size to tell the agent, and when (data-channel.md §9.3). Pure; time is passed in.
import type { TerminalSize } from "./payloads.ts";

/** A window that is being dragged changes its size with every pixel: at most one message in this time. */
export const SIZE_INTERVAL_MS = 100;

export class TerminalSizeSender {
  #wanted: TerminalSize | undefined;
  #sent: TerminalSize | undefined;
  #mayGoAtMs = Number.NEGATIVE_INFINITY;

  /** @param sent what the agent was told last, in an earlier life of this channel */
  constructor(sent?: TerminalSize) {
    this.#sent = sent;
    this.#wanted = sent;
  }

  want(size: TerminalSize): void {
    this.#wanted = { cols: size.cols, rows: size.rows };
  }

  /** The size to send now; it counts as sent. Undefined: it has not changed, or the last one is too fresh. */
  take(nowMs: number): TerminalSize | undefined {
    if (!this.#isChanged || nowMs < this.#mayGoAtMs) return undefined;
    this.#sent = this.#wanted;
    this.#mayGoAtMs = nowMs + SIZE_INTERVAL_MS;
    return this.#sent;
  }

  /** The last one taken was not sent after all, and which one the agent has is not known: it goes (again). */
  takeBack(): void {
    this.#sent = undefined;
  }

  /** When `take` will give something. */
  get timeoutMs(): number | undefined {
    return this.#isChanged ? this.#mayGoAtMs : undefined;
  }

  get sent(): TerminalSize | undefined {
    return this.#sent;
  }

  get #isChanged(): boolean {
    return (
      this.#wanted !== undefined && (this.#wanted.cols !== this.#sent?.cols || this.#wanted.rows !== this.#sent.rows)
    );
  }
}
