/**
 * When pages are told how far their input has come: with the next output of the shell, or a tick later. On the way of a
 * key and its echo these messages would be two of the server's writes, and nobody waits for them.
 */
import type { Clock } from "../../platform/clock.ts";

/** The longest that a page waits for what it is told of its input, in milliseconds. */
export const RECEIPT_WITHIN_MS = 4;

export class InputReceipts {
  readonly #clock: Clock;
  readonly #tell: (streamId: string) => void;
  /** At most one entry per input stream: what is told is the newest. */
  readonly #due = new Set<string>();
  #cancelTimer: (() => void) | undefined;

  /** @param tell says how far this stream has come by then */
  constructor(clock: Clock, tell: (streamId: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Something of this stream was stored or acknowledged. @param streamId undefined: of no page's */
  note(streamId: string | undefined): void {
    if (streamId === undefined) return;
    this.#due.add(streamId);
    this.#cancelTimer ??= this.#clock.setTimer(this.#clock.nowMs() + RECEIPT_WITHIN_MS, () => this.flush());
  }

  /** Everything that is due is told now. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const due = [...this.#due];
    this.#due.clear();
    for (const streamId of due) this.#tell(streamId);
  }
}
