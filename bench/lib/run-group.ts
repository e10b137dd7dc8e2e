/** Runs one group of rows so that whatever happens to it is said in the table, and happens to no other group. */
import { endAllBegun } from "./begun.ts";
import type { BenchOptions, RowGroup } from "./options.ts";
import type { Row } from "./report.ts";

/** A group takes three minutes at most on a quiet machine; one that takes so long has hung, in milliseconds. */
export const GROUP_WITHIN_MS = 6 * 60_000;

/** @returns its rows; never rejects: a group that fails or hangs is one row that says so */
export async function runGroup(
  group: RowGroup,
  options: Omit<BenchOptions, "signal">,
  withinMs: number = GROUP_WITHIN_MS,
): Promise<Row[]> {
  const time = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      time.abort();
      reject(new Error(`it took longer than ${withinMs / 60_000} min`));
    }, withinMs);
  });
  try {
    return await Promise.race([group.run({ ...options, signal: time.signal }), isOver]);
  } catch (error) {
    return [notMeasured(group, error)];
  } finally {
    clearTimeout(timer);
    time.abort();
    endAllBegun();
  }
}

function notMeasured({ name, about }: RowGroup, error: unknown): Row {
  const [first = ""] = String(error).split("\n");
  return { name: `${name}: ${about}`, ours: "", reference: "", value: Number.NaN, target: { atMost: 0 }, note: first };
}
