/**
 * One pass over AWS's pages of one service: each page within the budget of its account and region, tried again with
 * growing waits and jitter. A straight line of calls: plain async (style §1 A7).
 */
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Page } from "./instance-directory.ts";

/** Tries of one page in all, when AWS throttles, fails or does not answer. */
export const PAGE_TRIES_MAX = 5;
/** First wait before a page is tried again, doubling, ±50 % of itself; in milliseconds. */
export const PAGE_RETRY_WAIT_MS = 500;
/** A service that keeps handing out next tokens must not hold us for ever. */
export const PAGES_MAX = 2_000;

const WORTH_ANOTHER_TRY: ReadonlySet<string> = new Set(["AWS_THROTTLED", "AWS_FAILED", "AWS_UNREACHABLE"]);

export interface PassDeps<T> {
  read(nextToken: string | undefined): Promise<Page<T>>;
  /** @returns false: no further page is wanted */
  onPage(items: readonly T[]): boolean;
  /** Resolves when a call may leave. */
  takeTurn(): Promise<void>;
  /** AWS asked to slow down. */
  onThrottled(): void;
  clock: Clock;
  /** 0 to 1. */
  random(): number;
  signal: AbortSignal;
}

/** @throws CatalogError when a page could not be read; the signal's reason when it is aborted */
export async function listingPass<T>(deps: PassDeps<T>): Promise<void> {
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await readPage(deps, token);
    if (!deps.onPage(answer.items) || answer.nextToken === undefined) return;
    token = answer.nextToken;
  }
  throw new CatalogError("AWS_FAILED", { detail: `more than ${PAGES_MAX} pages` });
}

async function readPage<T>(deps: PassDeps<T>, token: string | undefined): Promise<Page<T>> {
  for (let tries = 1; ; tries++) {
    await deps.takeTurn();
    deps.signal.throwIfAborted();
    try {
      return await deps.read(token);
    } catch (error) {
      if (error instanceof CatalogError && error.code === "AWS_THROTTLED") deps.onThrottled();
      if (!(error instanceof CatalogError) || !WORTH_ANOTHER_TRY.has(error.code) || tries >= PAGE_TRIES_MAX)
        throw error;
      const waitMs = PAGE_RETRY_WAIT_MS * 2 ** (tries - 1) * (0.5 + deps.random());
      await wait(deps.clock, waitMs, deps.signal);
    }
  }
}

function wait(clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(clock.nowMs() + waitMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
