/** The public face of this domain: what the screens of sessions look like, made beside the thread that serves them. */
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import { checkpointMetrics } from "./checkpoint-metrics.ts";
import { Checkpointer } from "./checkpointer.ts";
import { ModelWorker } from "./model-worker.ts";

export type { Checkpointer, ScreenCheckpoint } from "./checkpointer.ts";

/** Built, the thread's code lies beside main.js; from the sources it needs a loader of its own. */
export function workerEntry(here = import.meta.url): URL {
  return new URL(here.endsWith(".ts") ? "./checkpoint-worker-from-sources.mjs" : "./checkpoint-worker.js", here);
}

/** The checkpointer as it works in production. No thread is made before it is needed. */
export function createCheckpointer(options: {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Output that a session's log keeps, in bytes. */
  keepBytes: number;
}): Checkpointer {
  const { clock, log, keepBytes } = options;
  const metrics = checkpointMetrics(options.metrics);
  const worker = new ModelWorker({
    clock,
    entry: workerEntry(),
    onDied(reason) {
      metrics.failed("worker");
      log.warn({ reason }, "the thread of the checkpoints died; another is made later");
    },
  });
  return new Checkpointer({ worker, clock, log, metrics, keepBytes });
}
