import type { Metrics } from "../platform/metrics.ts";

export interface CheckpointMetrics {
  made(why: string): void;
  failed(why: string): void;
  measure(waiting: () => number, cpuSeconds: () => number): void;
}

/** `why` is of closed sets: rest, volume, room, reader, screen; dropped, no_boundary, nothing_new, error, worker. */
export function checkpointMetrics(metrics: Metrics): CheckpointMetrics {
  const made = metrics.counter("causeway_checkpoints_made_total", "Checkpoints made, by what asked for them", ["why"]);
  const failed = metrics.counter("causeway_checkpoints_failed_total", "Checkpoints that were not made", ["why"]);
  return {
    made: (why) => made.inc({ why }),
    failed: (why) => failed.inc({ why }),
    measure(waiting, cpuSeconds) {
      metrics.readGauge("causeway_checkpoints_waiting", "Sessions that wait for a checkpoint", waiting);
      metrics.readGauge(
        "causeway_checkpoint_cpu_seconds",
        "CPU that the thread of the checkpoints has used, in seconds",
        cpuSeconds,
      );
    },
  };
}
