import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";

/** Reported limit of the portal is 20 a second for everybody of the organisation (aws-facts.md §1): we take a part of it. */
export const CALLS_PER_SECOND = 8;
/** After a throttling answer nothing is asked for so long, doubled each time up to the bound, in milliseconds. */
const PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 16_000;
/** A call that was throttled so often is given up. */
export const TRIES_MAX = 6;

/** Lets calls to one portal leave one after the other, at a pace that AWS bears. */
export class CallPacer {
  readonly #clock: Clock;
  readonly #random: () => number;
  #nextAtMs = 0;
  #pauseMs = PAUSE_MS;

  /** @param random in [0, 1): so that several of us do not come back at the same moment */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** @throws what `call` throws; AWS_THROTTLED only after TRIES_MAX tries */
  async run<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      await this.#turn();
      try {
        const answer = await call();
        this.#pauseMs = PAUSE_MS;
        return answer;
      } catch (error) {
        if (!(error instanceof CatalogError) || error.code !== "AWS_THROTTLED" || tries >= TRIES_MAX) throw error;
        const pauseMs = this.#pauseMs * (0.5 + this.#random() / 2);
        this.#nextAtMs = Math.max(this.#nextAtMs, this.#clock.nowMs() + pauseMs);
        this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MS_MAX);
      }
    }
  }

  #turn(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const atMs = Math.max(nowMs, this.#nextAtMs);
    this.#nextAtMs = atMs + 1_000 / CALLS_PER_SECOND;
    if (atMs <= nowMs) return Promise.resolve();
    return new Promise((resolve) => void this.#clock.setTimer(atMs, resolve));
  }
}
