/**
 * What to do after a ResumeSession that failed, and how long to wait for the next. Pure. There is no last try: only AWS or
 * the person ends a session (data-channel.md §2.4), so the waits grow to a ceiling that keeps a whole fleet of keepers
 * below AWS's throttling.
 */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { CatalogError } from "../../platform/catalog-error.ts";

const FIRST_WAIT_MS = 100;
export const RESUME_WAIT_MAX_MS = 30_000;
/** A policy changes by hand: asking more often than once a minute helps nobody. */
export const REFUSED_WAIT_MS = 60_000;
/** A socket that lived this long was a good one: after it, waits begin anew. */
export const RESUME_STABLE_MS = 10_000;

/**
 * AWS's answer is waited for so long, in milliseconds: first short, because a connection that died without a word is what
 * took the old socket, too, and the next try is on a new one; then longer and longer, for a network that is merely slow.
 */
export const ANSWER_WITHIN_FIRST_MS = 4_000;
export const ANSWER_WITHIN_MAX_MS = 20_000;

export interface ResumeFailure {
  /** `stop`: nothing helps but new credentials; `minute`: a policy has to change, or credentials; `grow`: it passes. */
  next: "stop" | "minute" | "grow";
  /** Why, as the person is told. */
  code: ErrorCode;
}

/** @param error what checking the credentials, ResumeSession or the dial threw */
export function resumeFailure(error: unknown): ResumeFailure {
  const code = error instanceof CatalogError ? error.code : "INTERNAL_ERROR";
  if (code === "CREDENTIALS_EXPIRED" || code === "SIGN_IN_REQUIRED")
    return { next: "stop", code: "CREDENTIALS_EXPIRED" };
  if (code === "ACCESS_KEYS_REFUSED") return { next: "stop", code };
  if (code === "AWS_ACCESS_DENIED") return { next: "minute", code: "RESUME_REFUSED" };
  return { next: "grow", code };
}

/**
 * @param failures tries that failed since the last good connection, from 0
 * @param random 0 <= random < 1: spreads the tries of many sessions that were lost in the same moment
 * @returns milliseconds, 100–200 at first, doubling, at most `RESUME_WAIT_MAX_MS`
 */
export function resumeWaitMs(failures: number, random: number): number {
  const ceiling = Math.min(RESUME_WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.min(failures + 1, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

/** @param unanswered tries that AWS did not answer, in a row, from 0 */
export function answerWithinMs(unanswered: number): number {
  return Math.min(ANSWER_WITHIN_MAX_MS, ANSWER_WITHIN_FIRST_MS * 2 ** Math.min(unanswered, 20));
}

/** @returns milliseconds, a minute and up to a tenth of one more */
export function refusedWaitMs(random: number): number {
  return Math.round(REFUSED_WAIT_MS * (1 + random / 10));
}
