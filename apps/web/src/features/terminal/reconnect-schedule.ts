/** When to dial again after a lost connection (DESIGN §8). Pure. */
export const RECONNECT_DELAYS_MS: readonly number[] = [500, 1000, 2000, 4000, 8000, 15_000];
/** Each wait is varied by this share, so that the pages of a restarted server do not all come back at once. */
export const RECONNECT_JITTER = 0.2;

/**
 * @param attempt 0 for the first wait; beyond the table the last wait repeats: we never give up before AWS does
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const base = RECONNECT_DELAYS_MS[Math.min(attempt, RECONNECT_DELAYS_MS.length - 1)] as number;
  return Math.round(base * (1 + RECONNECT_JITTER * (2 * random - 1)));
}

/** @param hex at least 8 hex digits of randomness @returns a number in [0, 1) */
export function randomFromHex(hex: string): number {
  return Number.parseInt(hex.slice(0, 8), 16) / 2 ** 32;
}
