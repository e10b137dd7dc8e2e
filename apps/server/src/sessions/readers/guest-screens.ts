/**
 * The screens from which one viewer begins who may not see what was printed before: the current grid, without earlier lines.
 * A stored checkpoint holds those lines, so such a reader is never given one. Made elsewhere (checkpoints/), kept in memory.
 */
import { CHECKPOINT_FRAME_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";
import type { CheckpointFacts, CheckpointReading, CheckpointStore } from "../log/checkpoint-store.ts";
import type { LogCursor, TerminalSize } from "../log/session-log.ts";

/** What the terminal shows at one place of the log. */
export interface Screen extends TerminalSize {
  bytes: Uint8Array;
  /** Where its reader goes on. */
  cursor: LogCursor;
}

/** What a reader needs of whoever keeps checkpoints. */
export type ReaderCheckpoints = Pick<CheckpointStore, "newest" | "read" | "discard">;

export class GuestScreens implements ReaderCheckpoints {
  readonly #make: () => Promise<Screen>;
  #newest: CheckpointFacts | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #making: Promise<boolean> | undefined;
  #count = 0;

  /** @param make rejects when there is none at the moment */
  constructor(make: () => Promise<Screen>) {
    this.#make = make;
  }

  get newest(): CheckpointFacts | undefined {
    return this.#newest;
  }

  /** A newer screen; one at a time, shared by who asks meanwhile. Never rejects. @returns false: there is none */
  renew(): Promise<boolean> {
    this.#making ??= this.#make()
      .then(
        (screen) => this.#keep(screen),
        () => false,
      )
      .finally(() => {
        this.#making = undefined;
      });
    return this.#making;
  }

  #keep({ bytes, cols, rows, cursor }: Screen): boolean {
    this.#bytes = bytes;
    const number = ++this.#count;
    this.#newest = { number, offset: cursor.offset, cursor, cols, rows, bytes: bytes.length, linesSinceMissing: null };
    return true;
  }

  /** The one that is asked for is the newest; an older one cannot be read any more. */
  read(checkpoint: CheckpointFacts): CheckpointReading {
    const bytes = checkpoint === this.#newest ? this.#bytes : undefined;
    let at = 0;
    return {
      next: async () => {
        const part = bytes?.subarray(at, at + CHECKPOINT_FRAME_BYTES_MAX);
        at += CHECKPOINT_FRAME_BYTES_MAX;
        return part;
      },
      close() {},
    };
  }

  discard(checkpoint: CheckpointFacts): void {
    if (checkpoint === this.#newest) this.#newest = undefined;
  }
}
