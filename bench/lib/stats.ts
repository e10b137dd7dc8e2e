/** @param values at least one */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param values at least one @param share 0..1, e.g. 0.99 @returns NaN for no values at all: nothing was measured */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * The median of the ratios of rounds: what disturbed one round met both of it, and an odd round out counts for nothing.
 * @param ours one value per round, @param reference measured right before or after it
 */
export function medianRatio(ours: readonly number[], reference: readonly number[]): number {
  return median(ours.map((value, round) => value / (reference[round] ?? Number.NaN)));
}
