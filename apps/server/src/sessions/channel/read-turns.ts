/**
 * Fair reading of data channels: Node reads one busy socket up to 32 times before it looks at the next, so a flood would
 * delay everybody's keys. A channel that used up its share stops reading and waits here; one of them goes on per turn of
 * the event loop, round robin (performance.md §2, §4).
 */

/** What a channel may read before others have their turn, in bytes. */
export const READ_SHARE_BYTES = 64 * 1024;

export class ReadTurns {
  /** At most one entry per channel. */
  #waiting = new Set<() => void>();
  #scheduled = false;
  readonly #nextTurn: (run: () => void) => void;

  /** @param nextTurn runs a function in the next turn of the event loop: setImmediate */
  constructor(nextTurn: (run: () => void) => void) {
    this.#nextTurn = nextTurn;
  }

  /** @param goOn called when it is this channel's turn again; the same function waits once. */
  wait(goOn: () => void): void {
    this.#waiting.add(goOn);
    this.#schedule();
  }

  cancel(goOn: () => void): void {
    this.#waiting.delete(goOn);
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    this.#nextTurn(() => {
      this.#scheduled = false;
      const [first] = this.#waiting;
      if (first !== undefined) this.#waiting.delete(first);
      this.#schedule(); // before it runs: whoever waits again comes last
      first?.();
    });
  }
}
