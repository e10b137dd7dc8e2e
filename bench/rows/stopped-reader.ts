/** What a page that stopped reading costs, and how soon it is at its prompt when it reads again. */
import type { BrokerCalls } from "../brokers/broker-calls.ts";
import { processFile } from "../lib/bundle.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import { median } from "../lib/stats.ts";
import type { FakeAgentCalls, Printing } from "../load/fake-agents.ts";
import type { PageCalls } from "../load/pages.ts";
import { PACED_PER_SECOND } from "./relay-cells.ts";

const KIB = 1024;
const MIB = 1024 * 1024;
/** A checkpoint is made when output paused for 2 s; so long it and its writing take at most, in milliseconds. */
const CHECKPOINT_AT_REST_MS = 6_000;
/** The page reads for so long first, in milliseconds: at the agent's pace long enough for a checkpoint by volume. */
const READING_MS = { paced: 20_000, flood: 6_000 };
const STOPPED_MS = 60_000;
/** And again, for the prompt alone, in milliseconds. */
const STOPPED_AGAIN_MS = 5_000;
const STOPS = 3;
/** Naive grows by tens of MiB a second, in milliseconds. */
const NAIVE_STOPPED_MS = 10_000;

const LOADS = [
  { under: "agent's pace", name: "stopped-paced", printing: { kind: "paced", perSecond: PACED_PER_SECOND } },
  { under: "flood", name: "stopped-flood", printing: { kind: "flood" } },
] as const satisfies readonly { under: string; name: string; printing: Printing }[];

const WHY = {
  "agent's pace":
    "Above what it took at most while the page read: the model of the checkpoints' thread comes and goes in both.",
  flood:
    "Some 40 MB/s, forty times what an agent sends: the log turns over faster than a checkpoint is made, so the page gets what the log still has.",
};

export const stoppedReaderRows: RowGroup[] = LOADS.map(({ under, name, printing }) => ({
  name,
  about: `a page that does not read for 60 s, and comes back; ${under}`,
  async run(options) {
    const ours = await stopReading("causeway", printing, options.isQuick ? [500] : stops(STOPPED_MS), options);
    const naive = await stopReading("naive", printing, [options.isQuick ? 500 : NAIVE_STOPPED_MS], options);
    return [
      {
        name: `page stopped reading for 60 s, ${under}: growth of the server, MiB`,
        ours: `${(ours.grownBytes / MIB).toFixed(1)} MiB`,
        reference: `naive: ${(naive.grownBytes / MIB).toFixed(0)} MiB in ${NAIVE_STOPPED_MS / 1_000} s`,
        value: ours.grownBytes / MIB,
        target: { atMost: 10 },
        note: WHY[under],
      },
      {
        name: `the page reads again, ${under}: ms to the prompt after Ctrl-C`,
        ours: `${describe(ours)}, session ${ours.isOpen ? "alive" : "lost"}`,
        reference: `naive ${describe(naive)}`,
        value: ours.isOpen
          ? median(ours.promptsMs.map((ms) => ms ?? Number.POSITIVE_INFINITY))
          : Number.POSITIVE_INFINITY,
        target: { atMost: 100 },
      },
    ];
  },
}));

function stops(firstMs: number): number[] {
  return [firstMs, ...Array.from({ length: STOPS - 1 }, () => STOPPED_AGAIN_MS)];
}

function describe({ promptsMs, bytes }: Stopped): string {
  const each = promptsMs.map((ms) => (ms === null ? "none within a minute" : `${ms.toFixed(0)} ms`));
  return `${each.join(", ")}, the first after ${(bytes / KIB).toFixed(0)} KiB`;
}

interface Stopped {
  /** In the first stop. */
  grownBytes: number;
  /** Of each stop; null: the prompt did not come in a minute. */
  promptsMs: (number | null)[];
  /** Delivered between the first return and its prompt. */
  bytes: number;
  isOpen: boolean;
}

async function stopReading(
  file: "causeway" | "naive",
  printing: (typeof LOADS)[number]["printing"],
  stopsMs: readonly number[],
  { warmUpMs, isQuick }: BenchOptions,
): Promise<Stopped> {
  const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
  const broker = new BenchProcess<BrokerCalls>(await processFile(file));
  const pages = new BenchProcess<PageCalls>(await processFile("pages"));
  const n = 0;
  const rss = async () => (await broker.call("stop")).rssBytes;
  /** The highest that was seen in so long. */
  const mostWithin = async (forMs: number) => {
    let most = await rss();
    for (const endAtMs = performance.now() + forMs; performance.now() < endAtMs; await pause(100))
      most = Math.max(most, await rss());
    return most;
  };
  try {
    const streamUrl = await agents.call("listen", { acknowledged: true });
    const url = await broker.call("open", { places: [{ n, streamUrl }], isStored: true });
    await pages.call("attach", { url, sessions: [n], dialect: file === "causeway" ? "causeway" : "plain" });
    // First a flood and a pause, so that everything that is made once has been made: heap, checkpoints' thread and its model.
    await agents.call("print", { sessions: [n], printing: { kind: "flood" } });
    await pause(2 * warmUpMs);
    await agents.call("print", { sessions: [n], printing: { kind: "nothing" } });
    await pause(isQuick ? 0 : CHECKPOINT_AT_REST_MS);
    const found: Stopped = { grownBytes: 0, promptsMs: [], bytes: 0, isOpen: true };
    for (const [stop, forMs] of stopsMs.entries()) {
      await agents.call("print", { sessions: [n], printing });
      const before = await mostWithin(
        isQuick ? 0 : stop === 0 && file === "causeway" ? READING_MS[printing.kind] : warmUpMs,
      );
      await pages.call("pauseReading", { n });
      const most = await mostWithin(forMs);
      const back = await pages.call("returnAndInterrupt", { n });
      if (stop === 0) Object.assign(found, { grownBytes: most - before, bytes: back.bytes });
      found.promptsMs.push(back.ms);
      found.isOpen &&= back.isOpen;
    }
    return found;
  } finally {
    await Promise.all([agents, broker, pages].map((one) => one.stop()));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
