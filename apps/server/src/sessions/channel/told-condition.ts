/**
 * What readers are told of the data channel. AWS closes every channel once an hour, and the agent's too: a trouble that
 * passes at once is nobody's business, so it is told only when it lasts.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName } from "@causeway/wire-contract/sessions";
import type { Clock } from "../../platform/clock.ts";

/** A trouble that is over within this time is not told, in milliseconds (DESIGN §8: nothing is shown under 1.5 s). */
export const PASSING_TROUBLE_MS = 1_500;

export interface ChannelCondition {
  channel: ChannelStateName;
  /** Why it is not as it should be, in the words of the catalog. */
  reason: ErrorCode | undefined;
}

/** Nothing passes by itself here, so nothing is gained by waiting to tell it. */
const LASTING: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  "CREDENTIALS_EXPIRED",
  "ACCESS_KEYS_REFUSED",
  "RESUME_REFUSED",
]);

export class ToldCondition {
  readonly #clock: Clock;
  readonly #tell: (condition: ChannelCondition) => void;
  #told: ChannelCondition = { channel: "connecting", reason: undefined };
  #actual = this.#told;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, tell: (condition: ChannelCondition) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  get told(): ChannelCondition {
    return this.#told;
  }

  set(condition: ChannelCondition): void {
    this.#actual = condition;
    const mayPass = isTrouble(condition) && !isTrouble(this.#told) && !LASTING.has(condition.reason);
    if (!mayPass) this.#tellActual();
    else this.#cancelTimer ??= this.#clock.setTimer(this.#clock.nowMs() + PASSING_TROUBLE_MS, () => this.#tellActual());
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #tellActual(): void {
    this.close();
    const { channel, reason } = this.#actual;
    if (channel === this.#told.channel && reason === this.#told.reason) return;
    this.#told = this.#actual;
    this.#tell(this.#told);
  }
}

function isTrouble({ channel }: ChannelCondition): boolean {
  return channel === "lost" || channel === "paused";
}
