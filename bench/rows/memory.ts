/** What one session costs in memory, among a thousand. */
import type { MeasuredCalls } from "../brokers/broker-calls.ts";
import { type ProcessName, processFile } from "../lib/bundle.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import type { FakeAgentCalls } from "../load/fake-agents.ts";
import type { Dialect, PageCalls } from "../load/pages.ts";

const KIB = 1024;
const PRINTED_BYTES = 256 * KIB;
/** A ring that took nothing for 10 s shrinks, when that is looked at, which is every 10 s; in milliseconds. */
const RING_RESTED_MS = 22_000;
/** So many sessions are opened at once, for each start waits for the disk, and so many print at once. */
const AT_ONCE = 50;

export const memoryRows: RowGroup = {
  name: "memory",
  about: "1,000 sessions with a page each, idle and after 256 KiB",
  async run(options) {
    const { count } = countsOf(options);
    const ours = await memoryOf("causeway", "causeway", options, RING_RESTED_MS);
    const naive = await memoryOf("naive", "plain", options, 0);
    return [
      {
        name: `${count} sessions, idle: KiB each`,
        ours: `${kib(ours.idle)}, with a page attached`,
        reference: `naive ${kib(naive.idle)}`,
        value: ours.idle,
        target: { atMost: 64 },
      },
      {
        name: `${count} sessions that printed 256 KiB: KiB each`,
        ours: `${kib(ours.used)}; ${kib(ours.rested)} after ${RING_RESTED_MS / 1_000} s of rest`,
        reference: `naive, which keeps nothing of it: ${kib(naive.used)}`,
        value: ours.used,
        target: { atMost: 400 },
      },
    ];
  },
};

/** @returns KiB for each session: idle, having printed, and after a rest */
async function memoryOf(file: ProcessName, dialect: Dialect, options: BenchOptions, restMs: number) {
  const { firstCount, count } = countsOf(options);
  const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
  const broker = new BenchProcess<MeasuredCalls>(await processFile(file), ["--expose-gc"]);
  const pages = new BenchProcess<PageCalls>(await processFile("pages"));
  try {
    const streamUrl = await agents.call("listen", { acknowledged: true });
    const attachAll = async (from: number, to: number) => {
      for (const sessions of groups(from, to)) {
        const url = await broker.call("open", { places: sessions.map((n) => ({ n, streamUrl })), isStored: true });
        await pages.call("attach", { url, sessions, dialect });
      }
    };
    const rest = () => new Promise((resolve) => setTimeout(resolve, options.isQuick ? 0 : restMs));
    const rss = async () => (await broker.call("memory")).rssBytes;
    const printAll = async (from: number, to: number) => {
      for (const sessions of groups(from, to)) {
        await agents.call("printBytes", { bytes: PRINTED_BYTES, sessions });
        await pages.call("delivered", { bytes: PRINTED_BYTES, sessions });
      }
    };
    await attachAll(0, firstCount);
    // What exists once for all sessions is there before: compiled code, the heap's spaces, the checkpoints' thread.
    await printAll(0, firstCount);
    await rest();
    const before = await rss();
    await attachAll(firstCount, count);
    const idle = await rss();
    await printAll(firstCount, count);
    const used = await rss();
    await rest();
    const rested = await rss();
    const each = (bytes: number) => (bytes - before) / (count - firstCount) / KIB;
    return { idle: each(idle), used: each(used), rested: each(rested) };
  } finally {
    await Promise.all([agents, broker, pages].map((one) => one.stop()));
  }
}

function groups(from: number, to: number): number[][] {
  const starts = Array.from({ length: Math.ceil((to - from) / AT_ONCE) }, (_, index) => from + index * AT_ONCE);
  return starts.map((at) => Array.from({ length: Math.min(AT_ONCE, to - at) }, (_, index) => at + index));
}

function countsOf({ isQuick }: BenchOptions) {
  return isQuick ? { firstCount: 2, count: 10 } : { firstCount: 50, count: 1_000 };
}

function kib(value: number): string {
  return `${value.toFixed(0)} KiB`;
}
