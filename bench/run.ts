/**
 * `pnpm bench [row…] [--quick] [--json file] [--write] [--profile folder] [--list]`: measures, prints one table, and with --write puts it into
 * docs/performance.md. Every figure is judged as a ratio to a reference of the same run; nothing here fails because a machine
 * is slow.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type BenchOptions, FULL, QUICK, type RowGroup } from "./lib/options.ts";
import { isMet, type Row, remarks, table } from "./lib/report.ts";
import { runGroup } from "./lib/run-group.ts";
import { writeIntoDocs } from "./lib/write-docs.ts";
import { browserRows } from "./rows/browser.ts";
import { codecRows } from "./rows/codec.ts";
import { memoryRows } from "./rows/memory.ts";
import { fairnessRows, idleEchoRows, paceRows, relayRows } from "./rows/relay.ts";
import { stoppedReaderRows } from "./rows/stopped-reader.ts";
import { viewersRows } from "./rows/viewers.ts";
import { chainEchoRows, interruptRows, startRows } from "./rows/whole-chain.ts";
import { attachRows, wireRows } from "./rows/wire.ts";

const GROUPS: readonly RowGroup[] = [
  codecRows,
  ...relayRows,
  paceRows,
  ...fairnessRows,
  idleEchoRows,
  wireRows,
  attachRows,
  memoryRows,
  ...stoppedReaderRows,
  viewersRows,
  startRows,
  chainEchoRows,
  interruptRows,
  browserRows,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean" },
    json: { type: "string" },
    write: { type: "boolean" },
    profile: { type: "string" },
    list: { type: "boolean" },
  },
});
const unknown = positionals.filter((name) => !GROUPS.some((group) => group.name === name));
if (values.list || unknown.length > 0) {
  for (const { name, about } of GROUPS) process.stdout.write(`${name.padEnd(12)} ${about}\n`);
  if (unknown.length > 0) process.stderr.write(`not a row: ${unknown.join(", ")}\n`);
  process.exit(unknown.length > 0 ? 1 : 0);
}

if (values.write && (values.quick || positionals.length > 0)) {
  process.stderr.write("--write is for a whole run: a part of the table would take the place of all of it\n");
  process.exit(1);
}

const options: Omit<BenchOptions, "signal"> = {
  ...(values.quick ? QUICK : FULL),
  profileDir: values.profile,
  tell: (text) => process.stderr.write(`  ${text}\n`),
};
const [loadBefore = 0] = loadavg();
const startedAtMs = performance.now();
const minutes = () => ((performance.now() - startedAtMs) / 60_000).toFixed(1);
const rows: Row[] = [];
for (const group of GROUPS) {
  if (positionals.length > 0 && !positionals.includes(group.name)) continue;
  process.stderr.write(`${minutes()} min, ${group.name}: ${group.about}\n`);
  rows.push(...(await runGroup(group, options)));
}
const [cpu] = cpus();
const machine = [
  `${cpus().length} cores (${cpu?.model.trim() ?? "unknown"})`,
  `${Math.round(totalmem() / 2 ** 30)} GiB`,
  `Linux ${release()}`,
  `Node ${process.versions.node}`,
  `in ${minutes()} min`,
  `the load of other programs ${loadBefore.toFixed(1)} when it began`,
].join(", ");
process.stdout.write(`${machine}\n\n${table(rows)}\n${remarks(rows)}`);
if (values.json !== undefined) {
  const judged = rows.map((row) => ({ ...row, met: isMet(row) }));
  writeFileSync(values.json, `${JSON.stringify({ machine, rows: judged }, null, 2)}\n`);
}
if (values.write) writeIntoDocs(path.resolve(import.meta.dirname, "../docs/performance.md"), machine, rows);
process.exit(rows.some(({ value }) => Number.isNaN(value)) ? 1 : 0);
