import type { EndedBy } from "@causeway/wire-contract/sessions";
import type { Metrics } from "../platform/metrics.ts";

export interface SessionMetrics {
  started(): void;
  startRefused(code: string): void;
  ended(by: EndedBy): void;
}

/** @param counts read when the metrics are asked for */
export function sessionMetrics(metrics: Metrics, counts: () => { open: number; readers: number }): SessionMetrics {
  const started = metrics.counter("causeway_sessions_started_total", "Sessions started");
  const refused = metrics.counter("causeway_session_starts_refused_total", "Sessions that could not be started", [
    "code",
  ]);
  const ended = metrics.counter("causeway_sessions_ended_total", "Sessions ended, by who or what ended them", ["by"]);
  const open = metrics.gauge("causeway_sessions_open", "Sessions that have not ended");
  const readers = metrics.gauge("causeway_session_readers", "Pages attached to sessions");
  const update = () => {
    open.set(counts().open);
    readers.set(counts().readers);
  };
  update();
  return {
    started: () => {
      started.inc();
      update();
    },
    startRefused: (code) => refused.inc({ code }),
    ended: (by) => {
      ended.inc({ by });
      update();
    },
  };
}
