import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Labels are closed sets (route patterns, states, codes): never an id, a name or an address. */
export interface Metrics {
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  /** A gauge that is read when somebody asks. */
  readGauge(name: string, help: string, read: () => number): void;
  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
  /** The Prometheus text of all of them. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * How often the delay of the event loop is looked at, in milliseconds. The library's own 10 ms wake an idle server a hundred
 * times a second, and cost more than a person who types.
 */
const LOOP_DELAY_EVERY_MS = 100;

/** @param withProcess also event loop, memory and garbage collection of this process: once per process */
export function createMetrics(withProcess = false): Metrics {
  const registry = new Registry();
  if (withProcess) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_DELAY_EVERY_MS });
  return {
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }),
    readGauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name, help, buckets: [...buckets], labelNames: [...labels], registers: [registry] }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
