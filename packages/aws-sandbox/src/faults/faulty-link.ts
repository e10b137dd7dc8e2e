/**
 * One direction of a session's relay as a bad network: frames go in, and come out late, twice, in another order or never.
 * Sans I/O: after `handleFrame`, poll until undefined, then arm one timer for `timeoutMs`.
 */
import type { FrameFate } from "./frame-fates.ts";

/** What a link holds; a frame beyond is lost, as in the queue of a router. Its sender sends it again. */
export const LINK_FRAMES_MAX = 8_192;
export const LINK_BYTES_MAX = 8 * 1024 * 1024;
/** A held frame goes on after this time even if nothing overtook it: reordering must not become loss. */
export const HOLD_MS_MAX = 500;

export type LinkDeed = "lost" | "duplicated" | "reordered" | "delayed" | "overflowed";

interface Waiting {
  readonly frame: Uint8Array;
  readonly dueMs: number;
}

interface Held extends Waiting {
  framesLeft: number;
  readonly giveUpAtMs: number;
}

export class FaultyLink {
  readonly #fateOf: (index: number) => FrameFate;
  readonly #count: (deed: LinkDeed) => void;
  #index = 0;
  /** In order of their time. */
  #line: Waiting[] = [];
  #held: Held[] = [];
  #bytes = 0;
  #lastDueMs = 0;

  constructor(fateOf: (index: number) => FrameFate, count: (deed: LinkDeed) => void) {
    this.#fateOf = fateOf;
    this.#count = count;
  }

  handleFrame(frame: Uint8Array, nowMs: number): void {
    const fate = this.#fateOf(this.#index++);
    if (fate.isLost) this.#count("lost");
    else if (this.#isFull(frame)) this.#count("overflowed");
    else this.#accept(frame, fate, nowMs);
    // A lost frame has passed, too: whoever waits for it to overtake has waited long enough.
    this.#release((held) => --held.framesLeft <= 0);
  }

  /** @returns the next frame that is due */
  pollFrame(nowMs: number): Uint8Array | undefined {
    if (this.#held.length > 0) this.#release((held) => nowMs >= held.giveUpAtMs);
    const first = this.#line[0];
    if (first === undefined || first.dueMs > nowMs) return undefined;
    this.#line.shift();
    this.#bytes -= first.frame.length;
    return first.frame;
  }

  /** When to poll again. */
  get timeoutMs(): number | undefined {
    const times = this.#held.map(({ giveUpAtMs }) => giveUpAtMs);
    if (this.#line[0]) times.push(this.#line[0].dueMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** All that is under way, in the order it would have come; afterwards the link is empty. */
  takeAll(): Uint8Array[] {
    this.#release(() => true);
    const frames = this.#line.map(({ frame }) => frame);
    this.#line = [];
    this.#bytes = 0;
    return frames;
  }

  #isFull(frame: Uint8Array): boolean {
    return this.#line.length + this.#held.length >= LINK_FRAMES_MAX || this.#bytes + frame.length > LINK_BYTES_MAX;
  }

  #accept(frame: Uint8Array, { isDuplicated, heldForFrames, delayMs }: FrameFate, nowMs: number): void {
    const dueMs = nowMs + delayMs;
    if (delayMs > 0) this.#count("delayed");
    if (heldForFrames > 0) {
      this.#count("reordered");
      this.#bytes += frame.length;
      // One more than asked for: this frame itself is counted off, too.
      this.#held.push({ frame, dueMs, framesLeft: heldForFrames + 1, giveUpAtMs: dueMs + HOLD_MS_MAX });
    } else this.#append(frame, dueMs);
    if (!isDuplicated || this.#isFull(frame)) return;
    this.#count("duplicated");
    this.#append(frame, dueMs);
  }

  #append(frame: Uint8Array, dueMs: number): void {
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    this.#line.push({ frame, dueMs: this.#lastDueMs });
    this.#bytes += frame.length;
  }

  #release(mayGo: (held: Held) => boolean): void {
    if (this.#held.length === 0) return;
    const staying: Held[] = [];
    for (const held of this.#held)
      if (mayGo(held)) {
        this.#bytes -= held.frame.length;
        this.#append(held.frame, held.dueMs);
      } else staying.push(held);
    this.#held = staying;
  }
}
