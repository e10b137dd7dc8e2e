/**
 * Where a key moves the mark of a list: arrows and j/k by one, Page by a view, Home and End to the ends; no wrap. Pure.
 *
 * @param from index of the marked row, -1 when none is marked yet
 * @param pageRows rows that fit into the view, at least 1
 * @returns undefined when the key does not move, or there is nowhere to go
 */
export function nextPosition(key: string, from: number, count: number, pageRows: number): number | undefined {
  const step = STEPS[key];
  if (step === undefined || count === 0) return undefined;
  const to =
    step === "first"
      ? 0
      : step === "last"
        ? count - 1
        : from + (Math.abs(step) > 1 ? Math.sign(step) * pageRows : step);
  return Math.min(count - 1, Math.max(0, to));
}

const STEPS: Readonly<Record<string, number | "first" | "last">> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: 2,
  PageUp: -2,
  Home: "first",
  End: "last",
};
