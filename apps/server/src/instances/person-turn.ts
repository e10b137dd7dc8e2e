/** Calls for which a person waits beside the lists that the server reads by itself: one budget, and she goes first. */
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { ListService } from "./instance-directory.ts";
import type { CallBudget } from "./inventory-source.ts";

/** Somebody looks at a dialog or a drawer until it is her turn, in milliseconds; after it she is told that AWS is asked too much. */
export const TURN_WAIT_MAX_MS = 10_000;

/**
 * Resolves when the call may leave.
 *
 * @throws CatalogError AWS_THROTTLED after TURN_WAIT_MAX_MS, and when too many wait
 */
export async function personTurn(
  { budget, clock }: { budget: Pick<CallBudget, "take">; clock: Clock },
  service: ListService,
  account: string,
  region: string,
): Promise<void> {
  const waiting = new AbortController();
  const giveUp = () =>
    waiting.abort(new CatalogError("AWS_THROTTLED", { detail: "too many calls wait for their turn" }));
  const cancelTimer = clock.setTimer(clock.nowMs() + TURN_WAIT_MAX_MS, giveUp);
  try {
    await budget.take(service, account, region, "person", waiting.signal);
  } finally {
    cancelTimer();
  }
}

/** Makes calls, each in its turn. What AWS throttles slows down everybody of that account and region. */
export type Pace = <T>(service: ListService, call: () => Promise<T>) => Promise<T>;

/** @returns a pace of one account and region */
export function personPace(deps: { budget: CallBudget; clock: Clock }, account: string, region: string): Pace {
  return async (service, call) => {
    await personTurn(deps, service, account, region);
    try {
      return await call();
    } catch (error) {
      if (error instanceof CatalogError && error.code === "AWS_THROTTLED")
        deps.budget.handleThrottled(service, account, region);
      throw error;
    }
  };
}
