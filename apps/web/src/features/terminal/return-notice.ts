/** Says after a gap that all is well again: at its place in the terminal where that is possible, else on the pane for a while. */
import type { Continuity } from "./output-writer.ts";
import type { StatusStore } from "./status-store.ts";
import { backWords } from "./status-words.ts";
import type { TerminalClock } from "./terminal-types.ts";

/** "Back after 11 s" stands on the pane this long. */
export const BACK_SHOWN_MS = 8_000;

export class ReturnNotice {
  readonly #clock: TerminalClock;
  readonly #status: StatusStore;
  readonly #mark: (words: string, tone: "ok" | "warn") => boolean;
  #timer: number | undefined;

  /** @param mark draws the words where the gap was; false: there is no place for them */
  constructor(clock: TerminalClock, status: StatusStore, mark: (words: string, tone: "ok" | "warn") => boolean) {
    this.#clock = clock;
    this.#status = status;
    this.#mark = mark;
  }

  show(backAfterMs: number, continuity: Continuity): void {
    if (this.#status.phase.kind !== "open") return;
    const isMarked = this.#mark(backWords(backAfterMs, continuity), continuity === "lost" ? "warn" : "ok");
    this.#status.setPhase({ kind: "open", backAfterMs, continuity, isMarked });
    this.stop();
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      if (this.#status.phase.kind === "open") this.#status.setPhase({ kind: "open" });
    }, BACK_SHOWN_MS);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
