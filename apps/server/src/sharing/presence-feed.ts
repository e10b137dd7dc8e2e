/** Pointers and the owner's place in the text, gathered and passed on at most 15 times a second, however many move. */
import { POINTERS_EVERY_MS, type PointerPlace } from "@causeway/wire-contract/sharing";
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { Clock } from "../platform/clock.ts";

/** A person's pointer moves in between, and only its last place counts: what is kept is one place per person who is here. */
export class PresenceFeed {
  readonly #clock: Clock;
  readonly #send: (message: ServerMessage) => void;
  #pointers = new Map<string, PointerPlace>();
  #linesAboveEnd: number | undefined;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, send: (message: ServerMessage) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  handlePointer(who: string, at: PointerPlace): void {
    this.#pointers.set(who, at);
    this.#wantFlush();
  }

  handleScroll(linesAboveEnd: number): void {
    this.#linesAboveEnd = linesAboveEnd;
    this.#wantFlush();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wantFlush(): void {
    if (this.#cancel !== undefined) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs >= this.#nextAtMs) this.#flush();
    else this.#cancel = this.#clock.setTimer(this.#nextAtMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancel = undefined;
    this.#nextAtMs = this.#clock.nowMs() + POINTERS_EVERY_MS;
    const pointers = [...this.#pointers].map(([who, at]) => ({ who, at }));
    const lines = this.#linesAboveEnd;
    this.#pointers = new Map();
    this.#linesAboveEnd = undefined;
    this.#send({ type: "pointers", pointers, ...(lines === undefined ? {} : { ownerLinesAboveEnd: lines }) });
  }
}
