/** Whether counts that are taken again and again grow. Pure: numbers in, words out. */

/** One look at the server, at rest between two recyclings. By name; bytes, or how many. */
export type Counts = Readonly<Record<string, number>>;

/** What a count may grow by between the second quarter of a run and its last: a share of it, and so much in any case. */
export interface Allowance {
  share: number;
  more: number;
}

/** Fewer looks say nothing: a quarter needs at least two. */
export const LOOKS_MIN = 8;

/**
 * The medians of the second and of the last quarter are compared: the first is the time in which things are made that are
 * made once (compiled code, heap, connections kept).
 * @param allowances what is judged; other counts are only reported
 * @returns what grew beyond its allowance, in words
 */
export function growthProblems(looks: readonly Counts[], allowances: Readonly<Record<string, Allowance>>): string[] {
  if (looks.length < LOOKS_MIN) return [`${looks.length} looks are too few to judge growth: ${LOOKS_MIN} are needed`];
  const quarter = Math.floor(looks.length / 4);
  const before = looks.slice(quarter, 2 * quarter);
  const after = looks.slice(-quarter);
  return Object.entries(allowances).flatMap(([name, { share, more }]) => {
    const [from, to] = [medianOf(before, name), medianOf(after, name)];
    if (Number.isNaN(from) || Number.isNaN(to)) return [`${name} was not counted`];
    const atMost = from * (1 + share) + more;
    return to <= atMost ? [] : [`${name} grew from ${round(from)} to ${round(to)}, more than to ${round(atMost)}`];
  });
}

export function medianOf(looks: readonly Counts[], name: string): number {
  const sorted = looks.map((look) => look[name] ?? Number.NaN).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
