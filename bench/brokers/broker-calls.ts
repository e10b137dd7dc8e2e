/** What every broker of the benchmark does when told so; the process is otherwise its own. */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

/** Where session `n` of a broker is: its agents listen at `streamUrl`. */
export interface SessionPlace {
  n: number;
  streamUrl: string;
}

export interface OpenRequest {
  places: readonly SessionPlace[];
  /** Ours alone: with log and encryption. */
  isStored: boolean;
}

/** @see Measurement */
export type BrokerCalls = {
  /** @returns the address below which page `n` attaches: `<address>/<n>` */
  open(request: OpenRequest): Promise<string>;
  start(): void;
  stop(): Measured;
};

/** Of those whose memory is measured. */
export type MeasuredCalls = BrokerCalls & {
  /** Needs `--expose-gc`. */
  memory(): Promise<{ rssBytes: number; heapBytes: number; externalBytes: number }>;
};

/** What only ours can be asked. */
export type CausewayCalls = MeasuredCalls & {
  saveCheckpoint(request: { n: number; bytes: number }): Promise<void>;
};

export interface Measured {
  /** CPU of threads beside the one that relays: checkpoints. In microseconds. */
  besideCpuUs: number;
  /** Of the event loop, over what its own timer adds. */
  loopDelayP99Ms: number;
  rssBytes: number;
}

/** The histogram's timer, in milliseconds: what it always measures, and is no delay. */
const RESOLUTION_MS = 5;

export class Measurement {
  #histogram: IntervalHistogram | undefined;
  #besideMs = 0;
  readonly #readBesideMs: () => number;

  /** @param readBesideMs CPU of other threads so far, in milliseconds */
  constructor(readBesideMs: () => number = () => 0) {
    this.#readBesideMs = readBesideMs;
  }

  /** Delays are watched only while measuring: the idle path has no timer, and this would be one. */
  start = (): void => {
    this.#histogram?.disable();
    this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#histogram.enable();
    this.#besideMs = this.#readBesideMs();
  };

  stop = (): Measured => {
    const p99Ms = (this.#histogram?.percentile(99) ?? 0) / 1e6;
    this.#histogram?.disable();
    const { rss } = process.memoryUsage();
    const besideCpuUs = (this.#readBesideMs() - this.#besideMs) * 1_000;
    return {
      besideCpuUs,
      loopDelayP99Ms: Math.max(0, p99Ms - RESOLUTION_MS),
      rssBytes: rss,
    };
  };
}

/** Memory after everything that can be collected was: needs `--expose-gc`. */
export async function settledMemory(): Promise<{ rssBytes: number; heapBytes: number; externalBytes: number }> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed, externalBytes: external };
}
