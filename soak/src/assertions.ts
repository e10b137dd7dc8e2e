/** What must hold after every schedule, in the words of the promise. Each returns what is wrong, in sentences; none throws. */
import type { ProgramOutput } from "./machine-program.ts";
import type { TypedKeys } from "./typed-keys.ts";

/** Sentences that a report shows of one kind of trouble; the rest is counted. */
const SHOWN_MAX = 5;

export interface PageAccount {
  letter: string;
  isKilled: boolean;
  keys: Pick<TypedKeys, "wanted" | "acknowledged" | "problems">;
}

/** No line of the program is missing, doubled or out of order. @param where whose screen this is */
export function lineProblems(output: ProgramOutput, count: number, where: string): string[] {
  const problems: string[] = [];
  let expected = 1;
  for (const line of output.lines) {
    if (line < expected) problems.push(`${where}: line ${line} came again after ${expected - 1}`);
    else if (line > expected) problems.push(`${where}: after line ${expected - 1} came ${line}`);
    expected = Math.max(expected, line + 1);
  }
  if (expected !== count + 1) problems.push(`${where}: lines end at ${expected - 1} of ${count}`);
  if (!output.hasLastLine) problems.push(`${where}: the last line is missing`);
  return few(problems);
}

/** It is one and the same shell's program from the beginning to the end. */
export function shellProblems(output: ProgramOutput, where: string): string[] {
  if (output.begin !== undefined && output.begin === output.finish) return [];
  return [`${where}: the program began as ${output.begin} and finished as ${output.finish}`];
}

/**
 * Every key that a living page typed and did not drop arrived once and in order. A killed page may lose a tail that it was
 * never told was stored; nothing in between, and nothing that it was told.
 */
export function keyProblems(output: ProgramOutput, pages: readonly PageAccount[]): string[] {
  const problems: string[] = [];
  const letters = new Set(pages.map(({ letter }) => letter));
  for (const key of output.keys)
    if (!letters.has(key.charAt(0))) problems.push(`the machine read ${JSON.stringify(key)}, which nobody typed`);
  for (const { letter, isKilled, keys } of pages) {
    const read = output.keys.filter((key) => key.startsWith(letter));
    const { wanted, acknowledged } = keys;
    const at = read.findIndex((key, index) => key !== wanted[index]);
    if (at >= 0) problems.push(`page ${letter}: after ${read[at - 1]} came ${read[at]} instead of ${wanted[at]}`);
    const least = isKilled ? acknowledged : wanted.length;
    if (read.length < least) problems.push(`page ${letter}: the machine read ${read.length} of ${least} keys`);
    problems.push(...keys.problems.map((problem) => `page ${letter}: ${problem}`));
  }
  return few(problems);
}

/** Two pages saw the same bytes, up to the end of the shorter one's program. */
export function sameBytesProblems(one: Uint8Array, other: Uint8Array, where: string): string[] {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++)
    if (one[at] !== other[at])
      return [`${where}: the bytes differ at offset ${at} of ${one.length} and ${other.length}`];
  return [];
}

function few(problems: readonly string[]): string[] {
  const more = problems.length - SHOWN_MAX;
  return more > 0 ? [...problems.slice(0, SHOWN_MAX), `and ${more} more of the kind`] : [...problems];
}
