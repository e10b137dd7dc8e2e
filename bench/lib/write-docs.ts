/** Puts the table of a run between the two marks of docs/performance.md; the words around it stay. */
import { readFileSync, writeFileSync } from "node:fs";
import { type Row, remarks, table } from "./report.ts";

const BEGIN = "<!-- bench:begin -->\n";
const END = "<!-- bench:end -->\n";

/** @throws Error when the marks are not there */
export function writeIntoDocs(file: string, machine: string, rows: readonly Row[]): void {
  const text = readFileSync(file, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for the table`);
  const measured = `Measured on ${machine}.\n\n${table(rows)}\n${remarks(rows)}`;
  writeFileSync(file, text.slice(0, begin + BEGIN.length) + measured + text.slice(end));
}
