/**
 * The budget of Session Manager calls of one account and region. AWS publishes no figure (aws-facts §1), and throttles
 * the account as a whole: fifty sessions that lose their sockets in one moment must not shut out the fifty-first person.
 */
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";

/** Calls that may leave in one moment. */
export const CALLS_BURST_MAX = 20;
export const CALLS_PER_SECOND = 10;
/** Waiting calls of either urgency; at the bound a call is refused as AWS would refuse it. */
export const CALLS_WAITING_MAX = 1_000;
/** After AWS asked to slow down nothing leaves for so long, in milliseconds. */
export const THROTTLED_PAUSE_MS = 1_000;
/** Accounts times regions in use at once; at the bound a call of yet another one is refused. */
export const BUCKETS_MAX = 1_000;

/** `person`: somebody waits for the answer, and goes before what the server does by itself. */
export type Urgency = "person" | "background";

interface Waiter {
  go(): void;
}

export class CallBucket {
  readonly #clock: Clock;
  #tokens = CALLS_BURST_MAX;
  #countedAtMs: number;
  readonly #waiting: Record<Urgency, Set<Waiter>> = { person: new Set(), background: new Set() };
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAtMs = clock.nowMs();
  }

  /** Nothing was taken lately and nobody waits: a new one would be the same. */
  get isFull(): boolean {
    this.#fill();
    return this.#tokens >= CALLS_BURST_MAX && this.#count === 0;
  }

  /**
   * Resolves when the call may be made.
   * @throws CatalogError AWS_THROTTLED at CALLS_WAITING_MAX; the signal's reason when it is aborted: nothing is taken then
   */
  take(urgency: Urgency, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const waiting = this.#waiting[urgency];
      if (waiting.size >= CALLS_WAITING_MAX) {
        reject(new CatalogError("AWS_THROTTLED", { detail: "too many calls wait for their turn" }));
        return;
      }
      const onAbort = () => {
        waiting.delete(waiter);
        reject(signal?.reason);
      };
      const waiter = {
        go: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.add(waiter);
      this.#serve();
    });
  }

  /** AWS asked to slow down: everybody waits, not only the one who was told. */
  handleThrottled(): void {
    this.#fill();
    this.#tokens = Math.min(this.#tokens, (-THROTTLED_PAUSE_MS / 1_000) * CALLS_PER_SECOND);
  }

  get #count(): number {
    return this.#waiting.person.size + this.#waiting.background.size;
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs();
    const passedMs = Math.max(0, nowMs - this.#countedAtMs); // a clock that was set back gives and takes nothing
    this.#countedAtMs = nowMs;
    this.#tokens = Math.min(CALLS_BURST_MAX, this.#tokens + (passedMs / 1_000) * CALLS_PER_SECOND);
  }

  #serve(): void {
    this.#fill();
    for (const waiting of [this.#waiting.person, this.#waiting.background])
      for (const waiter of waiting) {
        if (this.#tokens < 1) break;
        this.#tokens -= 1;
        waiting.delete(waiter);
        waiter.go();
      }
    if (this.#count === 0 || this.#cancelTimer !== undefined) return;
    const waitMs = Math.ceil(((1 - this.#tokens) / CALLS_PER_SECOND) * 1_000);
    this.#cancelTimer = this.#clock.setTimer(this.#clock.nowMs() + waitMs, () => {
      this.#cancelTimer = undefined;
      this.#serve();
    });
  }
}

/** One bucket per account and region, made when it is needed and forgotten when it is full again. */
export class CallBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, CallBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws CatalogError AWS_THROTTLED at BUCKETS_MAX */
  of(account: string, region: string): CallBucket {
    const key = `${account}/${region}`;
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= BUCKETS_MAX)
      for (const [each, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(each);
    if (this.#buckets.size >= BUCKETS_MAX)
      throw new CatalogError("AWS_THROTTLED", { detail: "too many accounts are in use at once" });
    const made = new CallBucket(this.#clock);
    this.#buckets.set(key, made);
    return made;
  }
}
