import type { PollAnswer, StartedCode } from "./identity-center.ts";

/** RFC 8628 §3.5 and aws-facts.md §3: each slow_down makes the interval five seconds longer. */
export const SLOW_DOWN_MS = 5_000;
/** AWS is out of reach: asked again after this, doubled each time up to the bound, in milliseconds. */
const RETRY_MS = 2_000;
const RETRY_MS_MAX = 30_000;
/** Never more often than this, whatever AWS prescribes, in milliseconds. */
const INTERVAL_MS_MIN = 1_000;
/** A code that lives longer than AWS's own ten minutes would only be a longer time to be talked into it. */
export const CODE_LIFETIME_MS_MAX = 15 * 60_000;

export type DeviceCodeState = "waiting" | "approved" | "denied" | "expired";

/** One code and when AWS may be asked about it. Pure: time and answers come in, the next time goes out. */
export class DeviceCode {
  readonly expiresAtMs: number;
  #state: DeviceCodeState = "waiting";
  #intervalMs: number;
  #nextPollAtMs: number;
  #retryMs = RETRY_MS;

  constructor({ expiresInSeconds, intervalSeconds }: StartedCode, nowMs: number) {
    this.expiresAtMs = nowMs + Math.min(expiresInSeconds * 1_000, CODE_LIFETIME_MS_MAX);
    this.#intervalMs = Math.max(intervalSeconds * 1_000, INTERVAL_MS_MIN);
    this.#nextPollAtMs = nowMs + this.#intervalMs;
  }

  stateAt(nowMs: number): DeviceCodeState {
    return this.#state === "waiting" && nowMs >= this.expiresAtMs ? "expired" : this.#state;
  }

  /** When to ask AWS next; undefined: never again. */
  pollAtMs(nowMs: number): number | undefined {
    return this.stateAt(nowMs) === "waiting" ? this.#nextPollAtMs : undefined;
  }

  handleAnswer({ kind }: Pick<PollAnswer, "kind">, nowMs: number): void {
    this.#retryMs = RETRY_MS;
    if (kind === "slow-down") this.#intervalMs += SLOW_DOWN_MS;
    if (kind === "pending" || kind === "slow-down") this.#nextPollAtMs = nowMs + this.#intervalMs;
    else this.#state = kind;
  }

  /** The poll did not reach AWS, or AWS failed: the code may still be approved. */
  handleFailure(nowMs: number): void {
    this.#nextPollAtMs = nowMs + Math.max(this.#retryMs, this.#intervalMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }
}
