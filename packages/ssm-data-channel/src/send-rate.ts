// Keeps input and resends below the rate at which the service ends a connection. A token bucket; time is passed in.

/**
 * Input and resends per second in the long run. The real service ends the connection of an end that sustains more than
 * about 1000 data frames per second; ours stays under 900 in every second, the burst included.
 */
export const SEND_FRAMES_PER_SECOND = 850;
/** Frames that may leave at once after a quiet moment: 32 KiB of a paste. */
export const SEND_BURST_FRAMES = 32;

/** In any one second at most `framesPerSecond + burstFrames` frames are allowed. */
export class SendRate {
  readonly #framesPerMs: number;
  readonly #burstFrames: number;
  #tokens: number;
  #refilledAtMs: number | undefined;

  constructor(framesPerSecond: number = SEND_FRAMES_PER_SECOND, burstFrames: number = SEND_BURST_FRAMES) {
    this.#framesPerMs = framesPerSecond / 1_000;
    this.#burstFrames = burstFrames;
    this.#tokens = burstFrames;
  }

  /** True: one frame may leave now, and is counted. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** When the next frame may leave, on the caller's clock; `nowMs` when at once. */
  readyAtMs(nowMs: number): number {
    this.#refill(nowMs);
    if (this.#tokens >= 1) return nowMs;
    return nowMs + (1 - this.#tokens) / this.#framesPerMs;
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - (this.#refilledAtMs ?? nowMs));
    this.#refilledAtMs = nowMs;
    // The tolerance makes "ready at t" hold at t in spite of rounding: without it a timer could fire, find 0.9999…
    // tokens and arm itself for the same instant again, for ever.
    const tokens = this.#tokens + elapsedMs * this.#framesPerMs + 1e-9;
    this.#tokens = Math.min(this.#burstFrames, tokens);
  }
}
