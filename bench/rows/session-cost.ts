/** What one session costs in memory, among a thousand; and what a page that stopped reading costs. */
import type { BrokerCalls, CausewayCalls } from "../brokers/broker-calls.ts";
import { processFile } from "../lib/bundle.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import { median } from "../lib/stats.ts";
import type { FakeAgentCalls } from "../load/fake-agents.ts";
import type { PageCalls } from "../load/pages.ts";

const KIB = 1024;
const MIB = 1024 * 1024;
const PRINTED_BYTES = 256 * KIB;
/** A ring that did nothing for 10 s shrinks; measured before that, too. */
const RING_IDLE_MS = 11_000;

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
        const sessions = Array.from({ length: to - from }, (_, index) => from + index);
        const places = sessions.map((n) => ({ n, streamUrl }));
        const url = await broker.call("open", { places, isStored: true });
        await pages.call("attach", { url, sessions, dialect: "causeway" });
        return (await broker.call("memory")).rssBytes;
      };
      const first = await attachAll(0, firstCount);
      const idle = await attachAll(firstCount, count);
      await agents.call("printBytes", { bytes: PRINTED_BYTES });
      await pages.call("delivered", { bytes: PRINTED_BYTES });
      const used = (await broker.call("memory")).rssBytes;
      await pause(options.isQuick ? 0 : RING_IDLE_MS);
      const rested = (await broker.call("memory")).rssBytes;
      const each = (bytes: number) => (bytes - first) / (count - firstCount) / KIB;
      return [
        {
          name: `${count} sessions, idle: KiB each`,
          ours: `${each(idle).toFixed(0)} KiB, with a page attached`,
          reference: "",
          value: each(idle),
          target: { atMost: 64 },
        },
        {
          name: `${count} sessions that printed 256 KiB: KiB each`,
          ours: `${each(used).toFixed(0)} KiB; ${each(rested).toFixed(0)} KiB after 11 s of rest`,
          reference: "",
          value: each(used),
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
  about: "a page that does not read for 60 s of flood, and comes back",
  async run(options) {
    const ours = await stopReading("causeway", options.isQuick ? 500 : 60_000, options);
    const naive = await stopReading("naive", options.isQuick ? 500 : 10_000, options);
    return [
      {
        name: "page stopped reading for 60 s in a flood: growth of the server, MiB",
        ours: `${(ours.grownBytes / MIB).toFixed(1)} MiB`,
        reference: `naive ${(naive.grownBytes / MIB).toFixed(0)} MiB in 10 s`,
        value: ours.grownBytes / MIB,
        target: { atMost: 10 },
      },
      {
        name: "the page reads again: ms to the prompt after Ctrl-C",
        ours: `${ours.promptMs.toFixed(0)} ms after ${(ours.bytes / KIB).toFixed(0)} KiB, session ${ours.isOpen ? "alive" : "lost"}`,
        reference: `naive ${naive.promptMs.toFixed(0)} ms after ${(naive.bytes / KIB).toFixed(0)} KiB`,
        value: ours.promptMs,
        target: { atMost: 100 },
      },
    ];
  },
};

async function stopReading(file: "causeway" | "naive", forMs: number, { warmUpMs }: BenchOptions) {
  const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
  const broker = new BenchProcess<BrokerCalls>(await processFile(file));
  const pages = new BenchProcess<PageCalls>(await processFile("pages"));
  const n = 0;
  try {
    const streamUrl = await agents.call("listen", { acknowledged: true });
    const url = await broker.call("open", { places: [{ n, streamUrl }], isStored: true });
    await pages.call("attach", { url, sessions: [n], dialect: file === "causeway" ? "causeway" : "plain" });
    await agents.call("print", { sessions: [n], printing: { kind: "flood" } });
    const before: number[] = [];
    const rss = async () => (await broker.call("stop")).rssBytes;
    for (const endAtMs = performance.now() + 2 * warmUpMs; performance.now() < endAtMs; await pause(100))
      before.push(await rss());
    await pages.call("pauseReading", { n });
    let most = 0;
    for (const endAtMs = performance.now() + forMs; performance.now() < endAtMs; await pause(100))
      most = Math.max(most, await rss());
    const back = await pages.call("returnAndInterrupt", { n });
    const settled = before.slice(before.length / 2);
    return { grownBytes: most - median(settled), promptMs: back.ms, bytes: back.bytes, isOpen: back.isOpen };
  } finally {
    await Promise.all([agents, broker, pages].map((one) => one.stop()));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
