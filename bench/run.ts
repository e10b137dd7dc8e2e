/** `pnpm bench`: prints a table of ratios; what was measured on which machine stands in docs/performance.md. */
import { benchCodec } from "./codec.ts";

const rows = benchCodec();
process.stdout.write("| what | ours | reference, same run | ratio | target |\n| --- | --- | --- | --- | --- |\n");
for (const row of rows)
  process.stdout.write(`| ${row.name} | ${row.ours} | ${row.reference} | ${row.ratio.toFixed(2)} | ${row.target} |\n`);
