/** Puts the table of a run between its two marks in docs/performance.md; the words around it stay. */
import { readFileSync, writeFileSync } from "node:fs";
import { type Row, remarks, table } from "./report.ts";

/** @param place `bench` or `web`: whose marks @throws Error when the marks are not there */
export function writeIntoDocs(
  file: string,
  machine: string,
  rows: readonly Row[],
  place: "bench" | "web" = "bench",
): void {
  const marks = { begin: `<!-- ${place}:begin -->\n`, end: `<!-- ${place}:end -->\n` };
  const text = readFileSync(file, "utf8");
  const begin = text.indexOf(marks.begin);
  const end = text.indexOf(marks.end);
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for the table`);
  const measured = `Measured on ${machine}.\n\n${table(rows)}\n${remarks(rows)}`;
  writeFileSync(file, text.slice(0, begin + marks.begin.length) + measured + text.slice(end));
}
