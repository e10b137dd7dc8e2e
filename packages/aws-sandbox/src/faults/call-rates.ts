/**
 * Calls beyond a rate: a bucket of calls for each account, region and operation, which fills again as time goes. Pure; time is passed in.
 * That AWS throttles so, and by what, is in its public quotas for EC2; for Session Manager no figure is published (aws-facts.md §1).
 */
import type { RateRule } from "./fault-plan.ts";

/** More than accounts, regions and operations make together. At the bound the bucket that was used longest ago counts as full again. */
export const BUCKETS_MAX = 4_096;

export interface RatedCall {
  operation: string;
  /** The account of a signed call; the person of one that Identity Center's portal gets. */
  payer: string;
  region: string;
  isPersons: boolean;
}

interface Bucket {
  calls: number;
  atMs: number;
}

export class CallRates {
  /** Used longest ago first. */
  readonly #buckets = new Map<string, Bucket>();

  clear(): void {
    this.#buckets.clear();
  }

  /** @returns the index of the rule that this call is beyond; undefined: it may go on, and was counted */
  beyond(rules: readonly RateRule[], call: RatedCall, nowMs: number): number | undefined {
    const index = rules.findIndex(
      ({ operation }) => operation === call.operation || (operation === "*" && call.isPersons),
    );
    const rule = rules[index];
    if (rule === undefined) return undefined;
    const key = `${index} ${call.payer} ${call.region} ${call.operation}`;
    const { calls, atMs } = this.#buckets.get(key) ?? { calls: rule.burst, atMs: nowMs };
    const filled = Math.min(rule.burst, calls + (Math.max(0, nowMs - atMs) / 1_000) * rule.perSecond);
    const isBeyond = filled < 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { calls: isBeyond ? filled : filled - 1, atMs: nowMs });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > BUCKETS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
    return isBeyond ? index : undefined;
  }
}
