/** Tells one page that the audit has grown: at once, then at most once in a while, and never what was added. */
import type { ServerEvent } from "@causeway/wire-contract/events";
import type { Clock } from "../platform/clock.ts";

/** Events of this time are told of together, in milliseconds: the page answers each word with two questions. */
export const NEWS_EVERY_MS = 2_000;

/** What this domain needs from audit/, where the page's login may read it. */
export interface AuditFeed {
  /** @returns no more of it */
  onWritten(listener: () => void): () => void;
}

export class AuditNews {
  readonly #deps: { feed: AuditFeed; clock: Clock; send(event: ServerEvent): void };
  #unsubscribe: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #pending = false;

  constructor(deps: { feed: AuditFeed; clock: Clock; send(event: ServerEvent): void }) {
    this.#deps = deps;
  }

  begin(): void {
    if (this.#unsubscribe !== undefined) return;
    this.#unsubscribe = this.#deps.feed.onWritten(() => this.#handleWritten());
    this.#tell();
  }

  end(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#pending = false;
  }

  #handleWritten(): void {
    if (this.#cancelTimer === undefined) this.#tell();
    else this.#pending = true;
  }

  #tell(): void {
    const { clock, send } = this.#deps;
    this.#pending = false;
    send({ type: "audit-news" });
    this.#cancelTimer = clock.setTimer(clock.nowMs() + NEWS_EVERY_MS, () => {
      this.#cancelTimer = undefined;
      if (this.#pending) this.#tell();
    });
  }
}
