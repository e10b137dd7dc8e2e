/** What one session costs in memory, among a thousand; and what a page that stopped reading costs. */
import type { BrokerCalls, CausewayCalls } from "../brokers/broker-calls.ts";
import { processFile } from "../lib/bundle.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import type { FakeAgentCalls, Printing } from "../load/fake-agents.ts";
import type { PageCalls } from "../load/pages.ts";
import { PACED_PER_SECOND } from "./relay-cells.ts";

const KIB = 1024;
const MIB = 1024 * 1024;
const PRINTED_BYTES = 256 * KIB;
/** A ring that took nothing for 10 s shrinks, when that is looked at, which is every 10 s; in milliseconds. */
const RING_RESTED_MS = 22_000;
/** One call answers for so many sessions: each start waits for the disk. */
const OPENED_AT_ONCE = 50;
/** A checkpoint is made when output paused for 2 s; so long it and its writing take at most, in milliseconds. */
const CHECKPOINT_AT_REST_MS = 6_000;

/** The page reads for so long first, at the agent's pace long enough for a checkpoint by volume, in milliseconds. */
const READING_MS = 20_000;

export const memoryRows: RowGroup = {
  name: "memory",
  about: "1,000 sessions with a page each, idle and after 256 KiB",
  async run(options) {
    const { firstCount, count } = options.isQuick ? { firstCount: 2, count: 10 } : { firstCount: 50, count: 1_000 };
    const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
    const broker = new BenchProcess<CausewayCalls>(await processFile("causeway"), ["--expose-gc"]);
    const pages = new BenchProcess<PageCalls>(await processFile("pages"));
    try {
      const streamUrl = await agents.call("listen", { acknowledged: true });
      const attachAll = async (from: number, to: number) => {
        for (let at = from; at < to; at += OPENED_AT_ONCE) {
          const sessions = Array.from({ length: Math.min(OPENED_AT_ONCE, to - at) }, (_, index) => at + index);
          const url = await broker.call("open", { places: sessions.map((n) => ({ n, streamUrl })), isStored: true });
          await pages.call("attach", { url, sessions, dialect: "causeway" });
        }
      };
      const rest = () => pause(options.isQuick ? 0 : RING_RESTED_MS);
      const rss = async () => (await broker.call("memory")).rssBytes;
      await attachAll(0, firstCount);
      // What exists once for all sessions is there before: compiled code, the heap's spaces, the checkpoints' thread.
      await agents.call("printBytes", { bytes: PRINTED_BYTES });
      await pages.call("delivered", { bytes: PRINTED_BYTES });
      await rest();
      const first = await rss();
      await attachAll(firstCount, count);
      const idle = await rss();
      await agents.call("printBytes", { bytes: PRINTED_BYTES });
      await pages.call("delivered", { bytes: PRINTED_BYTES });
      const used = await rss();
      await rest();
      const rested = await rss();
      const each = (bytes: number, among: number) => (bytes - first) / among / KIB;
      const idleEach = each(idle, count - firstCount);
      const usedEach = each(used, count); // the first ones had come to rest, and printed again
      return [
        {
          name: `${count} sessions, idle: KiB each`,
          ours: `${idleEach.toFixed(0)} KiB, with a page attached`,
          reference: "",
          value: idleEach,
          target: { atMost: 64 },
        },
        {
          name: `${count} sessions that printed 256 KiB: KiB each`,
          ours: `${usedEach.toFixed(0)} KiB; ${each(rested, count).toFixed(0)} KiB after ${RING_RESTED_MS / 1_000} s of rest`,
          reference: "",
          value: usedEach,
          target: { atMost: 400 },
        },
      ];
    } finally {
      await Promise.all([agents, broker, pages].map((one) => one.stop()));
    }
  },
};

export const stoppedReaderRows: RowGroup = {
  name: "stopped",
  about: "a page that does not read for 60 s, and comes back: at the agent's own pace, and in a flood without one",
  async run(options) {
    const forMs = options.isQuick ? 500 : 60_000;
    const paced = await stopReading("causeway", { kind: "paced", perSecond: PACED_PER_SECOND }, forMs, options);
    const flood = await stopReading("causeway", { kind: "flood" }, forMs, options);
    const naive = await stopReading("naive", { kind: "flood" }, options.isQuick ? 500 : 10_000, options);
    const growth = (ours: Stopped, under: string) => ({
      name: `page stopped reading for 60 s, ${under}: growth of the server, MiB`,
      ours: `${(ours.grownBytes / MIB).toFixed(1)} MiB`,
      reference: `naive, in a flood: ${(naive.grownBytes / MIB).toFixed(0)} MiB in 10 s`,
      value: ours.grownBytes / MIB,
      target: { atMost: 10 },
      note: "Above what it took at most while the page read: the model of the checkpoints' thread comes and goes in both.",
    });
    const prompt = (ours: Stopped, under: string) => ({
      name: `the page reads again, ${under}: ms to the prompt after Ctrl-C`,
      ours: `${ours.promptMs.toFixed(0)} ms after ${(ours.bytes / KIB).toFixed(0)} KiB, session ${ours.isOpen ? "alive" : "lost"}`,
      reference: `naive, in a flood: ${naive.promptMs.toFixed(0)} ms after ${(naive.bytes / KIB).toFixed(0)} KiB`,
      value: ours.promptMs,
      target: { atMost: 100 },
    });
    return [
      growth(paced, "agent's pace"),
      prompt(paced, "agent's pace"),
      growth(flood, "flood"),
      {
        ...prompt(flood, "flood"),
        note: "Some 40 MB/s, forty times what an agent sends: the log turns over faster than a checkpoint is made, so the page gets what the log still has.",
      },
    ];
  },
};

type Stopped = Awaited<ReturnType<typeof stopReading>>;

async function stopReading(
  file: "causeway" | "naive",
  printing: Printing,
  forMs: number,
  { warmUpMs, isQuick }: BenchOptions,
) {
  const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
  const broker = new BenchProcess<BrokerCalls>(await processFile(file));
  const pages = new BenchProcess<PageCalls>(await processFile("pages"));
  const n = 0;
  try {
    const streamUrl = await agents.call("listen", { acknowledged: true });
    const url = await broker.call("open", { places: [{ n, streamUrl }], isStored: true });
    await pages.call("attach", { url, sessions: [n], dialect: file === "causeway" ? "causeway" : "plain" });
    // First a flood and a pause, so that everything that is made once has been made: heap, checkpoints' thread and its model.
    await agents.call("print", { sessions: [n], printing: { kind: "flood" } });
    await pause(2 * warmUpMs);
    await agents.call("print", { sessions: [n], printing: { kind: "nothing" } });
    await pause(isQuick ? 0 : CHECKPOINT_AT_REST_MS);
    await agents.call("print", { sessions: [n], printing });
    const before: number[] = [];
    const rss = async () => (await broker.call("stop")).rssBytes;
    for (const endAtMs = performance.now() + (isQuick ? 0 : READING_MS); performance.now() < endAtMs; await pause(100))
      before.push(await rss());
    before.push(await rss());
    await pages.call("pauseReading", { n });
    let most = 0;
    for (const endAtMs = performance.now() + forMs; performance.now() < endAtMs; await pause(100))
      most = Math.max(most, await rss());
    const back = await pages.call("returnAndInterrupt", { n });
    return { grownBytes: most - Math.max(...before), promptMs: back.ms, bytes: back.bytes, isOpen: back.isOpen };
  } finally {
    await Promise.all([agents, broker, pages].map((one) => one.stop()));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
