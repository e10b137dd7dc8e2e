/**
 * One broker under one load: agents that print, pages that acknowledge, and one person who types in a session where nothing
 * else happens. Every cell starts processes of its own. What rows share is measured once per run.
 */
import type { BrokerCalls, Measured, SessionPlace } from "../brokers/broker-calls.ts";
import { type ProcessName, processFile } from "../lib/bundle.ts";
import type { BenchOptions } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import { median, medianRatio, quantile } from "../lib/stats.ts";
import type { FakeAgentCalls, Printing } from "../load/fake-agents.ts";
import type { Dialect, PageCalls, PageCount } from "../load/pages.ts";

export type Variant = "raw" | "naive" | "causeway" | "unstored";
export type Load = keyof typeof LOADS;

/** The real agent reads 1 KiB, sends it, sleeps 1 ms: 0.96 MB/s (performance.md §2). */
export const PACED_PER_SECOND = 940;
const LOADS = {
  idle: { sessions: 0, printing: { kind: "nothing" } },
  "1 flood": { sessions: 1, printing: { kind: "flood" } },
  "8 floods": { sessions: 8, printing: { kind: "flood" } },
  "20 paced": { sessions: 20, printing: { kind: "paced", perSecond: PACED_PER_SECOND } },
} as const satisfies Record<string, { sessions: number; printing: Printing }>;

const VARIANTS: Record<Variant, { file: ProcessName; dialect: Dialect; isStored: boolean }> = {
  raw: { file: "raw", dialect: "raw", isStored: false },
  naive: { file: "naive", dialect: "plain", isStored: false },
  causeway: { file: "causeway", dialect: "causeway", isStored: true },
  unstored: { file: "causeway", dialect: "causeway", isStored: false },
};

/** Session 0 belongs to the person who types. */
const QUIET_SESSION = 0;
const KEY_EVERY_MS = 25;
/** Before measuring: each part has then run often enough to be compiled, as in a server that runs for days. */
const WARM_KEY_EVERY_MS = 4;

export interface Cell {
  /** NaN where nothing was printed. */
  cpuUsPerKib: number;
  /** Of one core. */
  cpuShare: number;
  /** Of one core, beside the above: the thread of the checkpoints. */
  besideShare: number;
  mbPerSecond: number;
  bytesPerFrame: number;
  wireBytesPerByte: number;
  echoP50Ms: number;
  echoP99Ms: number;
  loopDelayP99Ms: number;
  /** Delivered of what the agents' schedule asked for, the worst session; at most 1: what was late is no merit. */
  paceKept: number;
}

/** All rounds, in their order, and their medians. */
export interface Cells {
  rounds: Record<Variant, readonly Cell[]>;
  medians: Record<Variant, Cell>;
}

/** More rounds where a round is short and what it finds differs most. */
const IDLE_ROUNDS_FACTOR = 2;

const measured = new Map<Load, Promise<Cells>>();

/** Measured once per run; all variants in turn within each round. */
export function cellsUnder(load: Load, options: BenchOptions): Promise<Cells> {
  let cells = measured.get(load);
  if (cells === undefined) {
    cells = measureAll(load, options);
    measured.set(load, cells);
  }
  return cells;
}

/** How many times as much of it `over` needs as `under`: the median of the rounds' ratios. */
export function ratioOf(cells: Cells, key: keyof Cell, over: Variant, under: Variant): number {
  const values = (variant: Variant) => cells.rounds[variant].map((cell) => cell[key]);
  return medianRatio(values(over), values(under));
}

async function measureAll(load: Load, options: BenchOptions): Promise<Cells> {
  const isIdle = load === "idle";
  const variants = (Object.keys(VARIANTS) as Variant[]).filter((each) => !isIdle || each !== "unstored");
  const rounds: Record<Variant, Cell[]> = { raw: [], naive: [], causeway: [], unstored: [] };
  const count = options.rounds * (isIdle && !options.isQuick ? IDLE_ROUNDS_FACTOR : 1);
  for (let round = 1; round <= count; round++)
    for (const variant of variants) {
      options.tell(`${load}, ${variant}, round ${round} of ${count}`);
      rounds[variant].push(await measureOrAgain(variant, load, options));
    }
  const entries = variants.map((variant) => [variant, medianCell(rounds[variant])] as const);
  return { rounds, medians: Object.fromEntries(entries) as Record<Variant, Cell> };
}

/** Once more where something went wrong: a minute's rounds are not thrown away for one process that ended. */
async function measureOrAgain(variant: Variant, load: Load, options: BenchOptions): Promise<Cell> {
  try {
    return await measureCell(variant, load, options);
  } catch (error) {
    options.signal.throwIfAborted();
    options.tell(`once more, because of ${error}`);
    return measureCell(variant, load, options);
  }
}

function medianCell(cells: readonly Cell[]): Cell {
  const [first] = cells;
  if (first === undefined) throw new Error("no round was measured");
  const keys = Object.keys(first) as (keyof Cell)[];
  const entries = keys.map((key) => [key, median(cells.map((cell) => cell[key]))]);
  return Object.fromEntries(entries) as Cell;
}

async function measureCell(variant: Variant, load: Load, options: BenchOptions): Promise<Cell> {
  const { file, dialect, isStored } = VARIANTS[variant];
  const { sessions: count, printing } = LOADS[load];
  const sessions = Array.from({ length: count }, (_, index) => index + 1);
  const agentFile = await processFile("fake-agents");
  const pageFile = await processFile("pages");
  const agents = new BenchProcess<FakeAgentCalls>(agentFile);
  const quietAgent = new BenchProcess<FakeAgentCalls>(agentFile);
  const broker = new BenchProcess<BrokerCalls>(await processFile(file), profiling(file, options));
  const pages = new BenchProcess<PageCalls>(pageFile);
  const person = new BenchProcess<PageCalls>(pageFile);
  try {
    const acknowledged = variant !== "raw";
    const quietUrl = await quietAgent.call("listen", { acknowledged });
    const busyUrl = await agents.call("listen", { acknowledged });
    const places: SessionPlace[] = [
      { n: QUIET_SESSION, streamUrl: quietUrl },
      ...sessions.map((n) => ({ n, streamUrl: busyUrl })),
    ];
    const url = await broker.call("open", { places, isStored });
    await person.call("attach", { url, sessions: [QUIET_SESSION], dialect });
    if (count > 0) await pages.call("attach", { url, sessions, dialect });
    await agents.call("print", { sessions, printing });
    await person.call("probe", { n: QUIET_SESSION, forMs: options.warmUpMs, everyMs: WARM_KEY_EVERY_MS });
    await broker.call("start");
    const dueBefore = await agents.call("due");
    const from: Moment = { counts: await pages.call("counts"), cpuUs: broker.cpuUs(), atMs: performance.now() };
    const echoesMs = await person.call("probe", {
      n: QUIET_SESSION,
      forMs: options.measureMs,
      everyMs: KEY_EVERY_MS,
    });
    const until: Moment = { counts: await pages.call("counts"), cpuUs: broker.cpuUs(), atMs: performance.now() };
    const dueAfter = await agents.call("due");
    const used = await broker.call("stop");
    return {
      ...figures(used, from, until, echoesMs),
      paceKept: paceKept(from.counts, until.counts, dueBefore, dueAfter),
    };
  } finally {
    await Promise.all([agents, quietAgent, broker, pages, person].map((each) => each.stop()));
  }
}

function profiling(file: ProcessName, { profileDir }: BenchOptions): string[] {
  return profileDir === undefined || file !== "causeway" ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileDir}`];
}

/** What pages had got and the broker had used when the clock said so. */
interface Moment {
  counts: readonly PageCount[];
  cpuUs: number;
  atMs: number;
}

function figures(used: Measured, from: Moment, until: Moment, echoesMs: number[]): Omit<Cell, "paceKept"> {
  const grown = (key: "bytes" | "frames" | "wireBytes") => total(until.counts, key) - total(from.counts, key);
  const bytes = grown("bytes");
  const wallMs = until.atMs - from.atMs;
  const cpuUs = until.cpuUs - from.cpuUs - used.besideCpuUs;
  return {
    cpuUsPerKib: (cpuUs / bytes) * 1_024,
    cpuShare: cpuUs / 1_000 / wallMs,
    besideShare: used.besideCpuUs / 1_000 / wallMs,
    mbPerSecond: bytes / 1_000 / wallMs,
    bytesPerFrame: bytes / grown("frames"),
    wireBytesPerByte: grown("wireBytes") / bytes,
    echoP50Ms: median(echoesMs),
    echoP99Ms: quantile(echoesMs, 0.99),
    loopDelayP99Ms: used.loopDelayP99Ms,
  };
}

function total(counts: readonly PageCount[], key: "bytes" | "frames" | "wireBytes"): number {
  return counts.reduce((sum, count) => sum + count[key], 0);
}

type Due = readonly (readonly [number, number])[];

function paceKept(before: readonly PageCount[], after: readonly PageCount[], dueBefore: Due, dueAfter: Due): number {
  const shares = after.map(({ n, bytes }) => {
    const from = before.find((each) => each.n === n)?.bytes ?? 0;
    const due = (of: Due) => of.find(([each]) => each === n)?.[1] ?? 0;
    return (bytes - from) / 1_024 / (due(dueAfter) - due(dueBefore));
  });
  return shares.length === 0 ? Number.NaN : Math.min(1, ...shares);
}
