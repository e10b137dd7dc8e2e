/** What a benchmark says: one row per target, always as a ratio to something measured in the same run where there is one. */

export interface Row {
  name: string;
  ours: string;
  /** What it is compared with, measured in the same run; "" for an absolute bound. */
  reference: string;
  /** What is judged. */
  value: number;
  target: Target;
  /** Why it is not met, or what must be known to read it. */
  note?: string;
}

export type Target = { atMost: number } | { atLeast: number };

export function isMet({ value, target }: Row): boolean {
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

const HEAD = "| what | ours | reference, same run | judged | target | met |\n| --- | --- | --- | --- | --- | --- |\n";

export function table(rows: readonly Row[]): string {
  return HEAD + rows.map(line).join("");
}

function line(row: Row): string {
  const judged = row.value.toFixed(2);
  if (Number.isNaN(row.value)) return `| ${row.name} | | | not measured | | **no** |\n`;
  const target = "atMost" in row.target ? `≤ ${row.target.atMost}` : `≥ ${row.target.atLeast}`;
  return `| ${row.name} | ${row.ours} | ${row.reference} | ${judged} | ${target} | ${isMet(row) ? "yes" : "**no**"} |\n`;
}

/** What is not met, and why: below the table, in words. */
export function remarks(rows: readonly Row[]): string {
  const said = rows.filter((row) => !isMet(row) || row.note !== undefined);
  return said.map((row) => `- ${row.name}: ${isMet(row) ? "" : "not met. "}${row.note ?? ""}\n`).join("");
}
