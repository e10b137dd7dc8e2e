/** The built product over the sandbox's real shells, and a PTY behind a websocket without any broker. */
import type { DirectPtyCalls } from "../brokers/direct-pty.ts";
import { processFile } from "../lib/bundle.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { BenchProcess } from "../lib/processes.ts";
import { emptyServerStartMs, Product } from "../lib/product.ts";
import { median, medianRatio, quantile } from "../lib/stats.ts";
import type { PageCalls } from "../load/pages.ts";

const KIB = 1024;
/** What a terminal in a browser parses, about (performance.md §3). */
const SLOW_TERMINAL_BYTES_PER_SECOND = 5_000_000;
/** Credit, and what may lie between the agent and us (performance.md §5). */
const STALE_BYTES_MAX = 256 * KIB + 128 * KIB;
const PROMPT_WITHIN_MS = 150;
const KEY_EVERY_MS = 25;
/** Before measuring: each part has then run often enough to be compiled, as in a server that runs for days. */
const WARM_KEY_EVERY_MS = 4;
const WARM_TIMES = 3;
/** Short rounds in turn: what disturbs the machine for some seconds meets both. */
const ECHO_ROUNDS_FACTOR = 3;
/** The same in both: the terminal itself echoes, no program does. */
const ECHO_PROGRAM = "cat";
const PRODUCT = 0;
const DIRECT = 1;

export const chainEchoRows: RowGroup = {
  name: "chain-echo",
  about: "a key through page, server, channel, agent, terminal and back, against a direct PTY",
  run: (options) =>
    withBoth(options, async (pages) => {
      for (const n of [PRODUCT, DIRECT])
        await pages.call("probe", { n, forMs: WARM_TIMES * options.warmUpMs, everyMs: WARM_KEY_EVERY_MS });
      const rounds: Record<number, number[][]> = { [PRODUCT]: [], [DIRECT]: [] };
      for (let round = 0; round < ECHO_ROUNDS_FACTOR * options.rounds; round++)
        for (const n of [PRODUCT, DIRECT])
          rounds[n]?.push(await pages.call("probe", { n, forMs: options.measureMs / 2, everyMs: KEY_EVERY_MS }));
      const ours = rounds[PRODUCT] ?? [];
      const direct = rounds[DIRECT] ?? [];
      const all = (of: number[][]) =>
        `${median(of.flat()).toFixed(2)} ms, p99 ${quantile(of.flat(), 0.99).toFixed(1)} ms`;
      return [
        {
          name: "whole chain, idle: echo p50, as a multiple of a direct PTY",
          ours: all(ours),
          reference: `direct ${all(direct)}`,
          value: medianRatio(ours.map(median), direct.map(median)),
          target: { atMost: 3 },
          note: "Between page and terminal are the server and the sandbox's gateway and agent, each a websocket away; the reference is one process.",
        },
      ];
    }),
};

export const interruptRows: RowGroup = {
  name: "interrupt",
  about: "Ctrl-C in a flood, with a terminal that parses 5 MB/s",
  run: (options) =>
    withBoth(options, async (pages) => {
      const times = options.isQuick ? 1 : 7;
      const roundTrips = await pages.call("probe", { n: PRODUCT, forMs: options.measureMs, everyMs: KEY_EVERY_MS });
      const ours = await interrupts(pages, PRODUCT, times, options);
      const direct = await interrupts(pages, DIRECT, 1, options);
      const aboveMs = median(ours.map(({ ms }) => ms)) - median(roundTrips);
      const staleBytes = Math.max(...ours.map(({ bytes }) => bytes));
      const directMs = direct[0]?.ms ?? Number.NaN;
      return [
        {
          name: "Ctrl-C in a flood, terminal of 5 MB/s: ms to the prompt above the round trip",
          ours: `${aboveMs.toFixed(0)} ms, slowest ${Math.max(...ours.map(({ ms }) => ms)).toFixed(0)} ms`,
          reference: `direct ${directMs.toFixed(0)} ms`,
          value: aboveMs,
          target: { atMost: PROMPT_WITHIN_MS },
        },
        {
          name: "output parsed between Ctrl-C and the prompt, KiB",
          ours: `${(staleBytes / KIB).toFixed(0)} KiB at most in ${times}`,
          reference: `direct ${((direct[0]?.bytes ?? 0) / KIB).toFixed(0)} KiB`,
          value: staleBytes / KIB,
          target: { atMost: STALE_BYTES_MAX / KIB },
        },
      ];
    }),
};

export const startRows: RowGroup = {
  name: "start",
  about: "from starting the server to its first answer",
  async run({ rounds }) {
    const tookMs: number[] = [];
    const emptyMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      emptyMs.push(await emptyServerStartMs());
      const product = await Product.start();
      tookMs.push(product.serverStartMs);
      await product.stop();
    }
    return [
      {
        name: "server start: ms to ready",
        ours: `${median(tookMs).toFixed(0)} ms, slowest ${Math.max(...tookMs).toFixed(0)} ms`,
        reference: `Node with an HTTP server and nothing else: ${median(emptyMs).toFixed(0)} ms`,
        value: median(tookMs),
        target: { atMost: 1_500 },
      },
    ];
  },
};

/** Both with a shell and a page attached, running a program that prints nothing. */
async function withBoth<T>(options: BenchOptions, measure: (pages: BenchProcess<PageCalls>) => Promise<T>): Promise<T> {
  options.tell("starting the product and its sandbox");
  const product = await Product.start();
  const direct = new BenchProcess<DirectPtyCalls>(await processFile("direct-pty"));
  const pages = new BenchProcess<PageCalls>(await processFile("pages"));
  try {
    await pages.call("enter", await product.openSession(PRODUCT));
    const url = await direct.call("open", { command: ["/bin/bash", "--norc", "--noprofile", "-i"] });
    await pages.call("attach", { url, sessions: [DIRECT], dialect: "plain" });
    for (const n of [PRODUCT, DIRECT]) {
      await pages.call("command", { n, line: "PS1='rea''dy> '\r", prints: "ready> " });
      await pages.call("command", { n, line: `echo be''gun; ${ECHO_PROGRAM}\r`, prints: "begun" });
    }
    return await measure(pages);
  } finally {
    await Promise.all([product.stop(), direct.stop(), pages.stop()]);
  }
}

/** Out of the echoing program, into a flood, out of it again. */
async function interrupts(pages: BenchProcess<PageCalls>, n: number, times: number, { warmUpMs }: BenchOptions) {
  const found: { ms: number; bytes: number }[] = [];
  await pages.call("command", { n, line: "\x03", prints: "ready> " });
  await pages.call("parseSlowly", { n, bytesPerSecond: SLOW_TERMINAL_BYTES_PER_SECOND });
  for (let time = 0; time < times; time++) {
    await pages.call("command", { n, line: "yes 'a line of a build that went wrong'\r", prints: "wrong\r\na line" });
    await new Promise((resolve) => setTimeout(resolve, warmUpMs));
    found.push(await pages.call("command", { n, line: "\x03", prints: "ready> " }));
  }
  return found;
}
