/** What fifty people who watch a flooding session cost its owner, and the server. */
import type { CausewayCalls } from "../brokers/broker-calls.ts";
import { processFile } from "../lib/bundle.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import { median, medianRatio, quantile } from "../lib/stats.ts";
import type { FakeAgentCalls } from "../load/fake-agents.ts";
import type { PageCalls } from "../load/pages.ts";
import { PACED_PER_SECOND } from "./relay-cells.ts";

const MIB = 1024 * 1024;
const VIEWERS = 50;
/** Of them, those that stop reading. */
const STOPPED = 40;
/** More than a stopped page is sent ahead, at the agent's pace; and what is then kept for it shows. In milliseconds. */
const STOPPED_MS = 5_000;
const SESSION = 1;
const KEY_EVERY_MS = 25;
/** A 99th percentile of fewer keys is one key. */
const MEASURE_FACTOR = 3;

export const viewersRows: RowGroup = {
  name: "viewers",
  about: "a key of the owner in a session that prints at the agent's pace, without and with 50 viewers",
  async run(options) {
    const rounds: Round[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      options.tell(`viewers, round ${round} of ${options.rounds}`);
      rounds.push(await measureRound(options));
    }
    const alone = rounds.map(({ aloneMs }) => quantile(aloneMs, 0.99));
    const told = (of: number[][]) =>
      `p99 ${quantile(of.flat(), 0.99).toFixed(1)} ms, p50 ${median(of.flat()).toFixed(1)} ms`;
    const reference = `without viewers ${told(rounds.map(({ aloneMs }) => aloneMs))}`;
    return [
      {
        name: `${VIEWERS} viewers, agent's pace: the owner's echo p99, as a multiple of without`,
        ours: told(rounds.map(({ watchedMs }) => watchedMs)),
        reference,
        value: medianRatio(
          rounds.map(({ watchedMs }) => quantile(watchedMs, 0.99)),
          alone,
        ),
        target: { atMost: 1.5 },
        note: "All of it shares this machine: agents, server, fifty pages that count and acknowledge, and the owner.",
      },
      {
        name: `${STOPPED} of them stopped reading: the owner's echo p99, as a multiple of without`,
        ours: told(rounds.map(({ stoppedMs }) => stoppedMs)),
        reference,
        value: medianRatio(
          rounds.map(({ stoppedMs }) => quantile(stoppedMs, 0.99)),
          alone,
        ),
        target: { atMost: 1.5 },
      },
      {
        name: "a viewer that stopped reading: growth of the server each, MiB",
        ours: `${median(rounds.map(({ grownBytes }) => grownBytes / STOPPED / MIB)).toFixed(2)} MiB`,
        reference: "",
        value: median(rounds.map(({ grownBytes }) => grownBytes / STOPPED / MIB)),
        target: { atMost: 1 },
        note: `After collecting garbage, ${STOPPED} stopped for ${STOPPED_MS / 1_000} s.`,
      },
    ];
  },
};

interface Round {
  aloneMs: number[];
  watchedMs: number[];
  stoppedMs: number[];
  grownBytes: number;
}

async function measureRound({ isQuick, measureMs, warmUpMs }: BenchOptions): Promise<Round> {
  const agents = new BenchProcess<FakeAgentCalls>(await processFile("fake-agents"));
  const broker = new BenchProcess<CausewayCalls>(await processFile("causeway"), ["--expose-gc"]);
  const owner = new BenchProcess<PageCalls>(await processFile("pages"));
  const viewers = new BenchProcess<PageCalls>(await processFile("pages"));
  const echoes = (forMs = MEASURE_FACTOR * measureMs) =>
    owner.call("probe", { n: SESSION, forMs, everyMs: KEY_EVERY_MS });
  try {
    const streamUrl = await agents.call("listen", { acknowledged: true });
    const url = await broker.call("open", { places: [{ n: SESSION, streamUrl }], isStored: true });
    await owner.call("attach", { url, sessions: [SESSION], dialect: "causeway" });
    await agents.call("print", { sessions: [SESSION], printing: { kind: "paced", perSecond: PACED_PER_SECOND } });
    await echoes(warmUpMs);
    const aloneMs = await echoes();
    const sessions = Array.from({ length: VIEWERS }, () => SESSION);
    await viewers.call("attach", { url: `${url}/guest`, sessions, dialect: "causeway" });
    await echoes(warmUpMs);
    const watchedMs = await echoes();
    const before = await broker.call("memory");
    await viewers.call("pauseSome", { count: STOPPED });
    await new Promise((resolve) => setTimeout(resolve, isQuick ? 0 : STOPPED_MS));
    const stoppedMs = await echoes();
    const after = await broker.call("memory");
    return { aloneMs, watchedMs, stoppedMs, grownBytes: Math.max(0, after.rssBytes - before.rssBytes) };
  } finally {
    await Promise.all([agents, broker, owner, viewers].map((each) => each.stop()));
  }
}
