/** What operators see of the logs of all sessions: a part of `/readyz`, and gauges. */
import type { Metrics } from "../../platform/metrics.ts";

export interface LogUsage {
  diskBytes: number;
  ringBytes: number;
  /** Sessions whose disk takes nothing at the moment. */
  notDurable: number;
}

/** @returns the check of `/readyz`; it rejects while a session would not survive a restart */
export function sessionLogsReady(usage: () => LogUsage): { name: string; check(): Promise<void> } {
  return {
    name: "session-logs",
    async check() {
      const { notDurable } = usage();
      if (notDurable > 0) throw new Error(`${notDurable} sessions cannot be stored`);
    },
  };
}

/** @param usage is read when somebody asks for the metrics */
export function measureSessionLogs(metrics: Metrics, usage: () => LogUsage): void {
  const gauge = (name: string, help: string, read: (usage: LogUsage) => number): void =>
    metrics.readGauge(name, help, () => read(usage()));
  gauge("causeway_session_log_disk_bytes", "Bytes of all session logs on the disk", ({ diskBytes }) => diskBytes);
  gauge("causeway_session_log_memory_bytes", "Bytes of session logs in memory", ({ ringBytes }) => ringBytes);
  gauge("causeway_sessions_not_durable", "Sessions that would not survive a restart", ({ notDurable }) => notDurable);
}
