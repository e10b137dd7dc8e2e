/** What the broker costs per KiB, and what it leaves to others: rows over the same cells. */
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import type { Row } from "../lib/report.ts";
import { type Cell, cellsUnder, type Load, ratioOf } from "./relay-cells.ts";

/** CPU per KiB against both references. */
const CPU_TARGETS: { load: Load; rawAtMost: number; naiveAtLeast: number }[] = [
  { load: "1 flood", rawAtMost: 2, naiveAtLeast: 3 },
  { load: "8 floods", rawAtMost: 3, naiveAtLeast: 3 },
  { load: "20 paced", rawAtMost: 2, naiveAtLeast: 1.5 },
];

export const relayRows: RowGroup[] = CPU_TARGETS.map(({ load, rawAtMost, naiveAtLeast }) => ({
  name: `relay-${load.replace(" ", "-")}`,
  about: `CPU per KiB against raw and naive with ${load}, and what log and encryption cost of it`,
  async run(options) {
    const cells = await cellsUnder(load, options);
    const { raw, naive, causeway, unstored } = cells.medians;
    const rows: Row[] = [
      {
        name: `relay, ${load}: CPU per KiB, as a multiple of raw`,
        ours: describe(causeway),
        reference: `raw ${describe(raw)}`,
        value: ratioOf(cells, "cpuUsPerKib", "causeway", "raw"),
        target: { atMost: rawAtMost },
        note: `Log and encryption cost ${(causeway.cpuUsPerKib - unstored.cpuUsPerKib).toFixed(1)} µs of it; without them it is ${ratioOf(cells, "cpuUsPerKib", "unstored", "raw").toFixed(2)}.`,
      },
      {
        name: `relay, ${load}: how many times less CPU per KiB than naive`,
        ours: describe(causeway),
        reference: `naive ${describe(naive)}`,
        value: ratioOf(cells, "cpuUsPerKib", "naive", "causeway"),
        target: { atLeast: naiveAtLeast },
      },
    ];
    if (load === "1 flood")
      rows.push({
        name: "relay, 1 flood: throughput, as a share of the same relay without log and encryption",
        ours: `${causeway.mbPerSecond.toFixed(0)} MB/s`,
        reference: `${unstored.mbPerSecond.toFixed(0)} MB/s`,
        value: ratioOf(cells, "mbPerSecond", "causeway", "unstored"),
        target: { atLeast: 0.8 },
      });
    return rows;
  },
}));

export const paceRows: RowGroup = {
  name: "pace",
  about: "20 sessions at the agent's own pace",
  async run(options) {
    const { causeway, naive } = (await cellsUnder("20 paced", options)).medians;
    return [
      {
        name: "20 paced: the worst session's share of its pace",
        ours: `${causeway.mbPerSecond.toFixed(1)} MB/s in all`,
        reference: `naive ${naive.paceKept.toFixed(2)}, ${naive.mbPerSecond.toFixed(1)} MB/s`,
        value: causeway.paceKept,
        target: { atLeast: 0.98 },
      },
      {
        name: "20 paced: share of one core",
        ours: percent(causeway.cpuShare),
        reference: `naive ${percent(naive.cpuShare)}`,
        value: causeway.cpuShare,
        target: { atMost: 0.8 },
        note: `Checkpoints take another ${percent(causeway.besideShare)}, in a thread of their own.`,
      },
    ];
  },
};

const BESIDE = [
  { load: "1 flood", atMost: 3 },
  { load: "8 floods", atMost: 5 },
] as const;

export const fairnessRows: RowGroup[] = BESIDE.map(({ load, atMost }) => ({
  name: `fairness-${load.replace(" ", "-")}`,
  about: `a key in a quiet session beside ${load}`,
  async run(options) {
    const idle = (await cellsUnder("idle", options)).medians;
    const { causeway, naive } = (await cellsUnder(load, options)).medians;
    return [
      {
        name: `quiet session beside ${load}: echo p50, as a multiple of idle`,
        ours: `${ms(causeway.echoP50Ms)}, p99 ${ms(causeway.echoP99Ms)}; idle ${ms(idle.causeway.echoP50Ms)}`,
        reference: `naive ${ms(naive.echoP50Ms)}, p99 ${ms(naive.echoP99Ms)}; idle ${ms(idle.naive.echoP50Ms)}`,
        value: causeway.echoP50Ms / idle.causeway.echoP50Ms,
        target: { atMost },
      },
      {
        name: `${load}: event-loop delay p99, ms`,
        ours: ms(causeway.loopDelayP99Ms),
        reference: `naive ${ms(naive.loopDelayP99Ms)}`,
        value: causeway.loopDelayP99Ms,
        target: { atMost: 10 },
      },
    ];
  },
}));

export const idleEchoRows: RowGroup = {
  name: "idle-echo",
  about: "a key when nothing else happens, against raw",
  async run(options: BenchOptions) {
    const cells = await cellsUnder("idle", options);
    const { causeway, raw, naive } = cells.medians;
    return [
      {
        name: "idle: echo p50 through the broker, as a multiple of raw",
        ours: `${ms(causeway.echoP50Ms)}, p99 ${ms(causeway.echoP99Ms)}`,
        reference: `raw ${ms(raw.echoP50Ms)}, naive ${ms(naive.echoP50Ms)}`,
        value: ratioOf(cells, "echoP50Ms", "causeway", "raw"),
        target: { atMost: 2 },
        note: "No timer is on this path: a tick of 4 ms would show.",
      },
    ];
  },
};

function describe(cell: Cell): string {
  return `${cell.cpuUsPerKib.toFixed(1)} µs at ${cell.mbPerSecond.toFixed(0)} MB/s, ${cell.bytesPerFrame.toFixed(0)} bytes a frame`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
