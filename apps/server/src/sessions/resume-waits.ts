/**
 * How long to wait before the next ResumeSession. Pure. There is no last try: only AWS or the person ends a session
 * (data-channel.md §2.4), so the waits grow to a ceiling that keeps a whole fleet of keepers below AWS's throttling.
 */
const FIRST_WAIT_MS = 100;
export const RESUME_WAIT_MAX_MS = 30_000;
/** A socket that lived this long was a good one: after it, waits begin anew. */
export const RESUME_STABLE_MS = 10_000;

/**
 * @param failures tries that failed since the last good connection, from 0
 * @param random 0 <= random < 1: spreads the tries of many sessions that were lost in the same moment
 * @returns milliseconds, 100–200 at first, doubling, at most `RESUME_WAIT_MAX_MS`
 */
export function resumeWaitMs(failures: number, random: number): number {
  const ceiling = Math.min(RESUME_WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.min(failures + 1, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
