/**
 * agent_task_complete, sent until the service acknowledges it. Source: data-channel.md §13.5.
 * The real agent gives up after three; this one goes on while its control channel is down.
 */
import { buildAgentTaskComplete } from "@causeway/ssm-data-channel";
import type { TaskResult } from "./agent-session.ts";

export const REPORT_AGAIN_MS = 1_000;
/** Then the service is taken to have lost interest. */
export const REPORTS_MAX = 30;

interface Pending {
  readonly result: TaskResult;
  reports: number;
  timer: NodeJS.Timeout | undefined;
}

export class TaskReports {
  readonly #pending = new Map<string, Pending>();
  readonly #instanceId: string;
  readonly #send: (payload: Uint8Array) => void;
  readonly #settled: (taskId: string) => void;

  /**
   * @param send to the control channel; may do nothing while there is none
   * @param settled acknowledged, or given up
   */
  constructor(instanceId: string, send: (payload: Uint8Array) => void, settled: (taskId: string) => void) {
    this.#instanceId = instanceId;
    this.#send = send;
    this.#settled = settled;
  }

  report(taskId: string, result: TaskResult): void {
    if (this.#pending.has(taskId)) return;
    this.#pending.set(taskId, { result, reports: 0, timer: undefined });
    this.#sendAgain(taskId);
  }

  handleAcknowledge(taskId: string): void {
    const pending = this.#pending.get(taskId);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(taskId);
    this.#settled(taskId);
  }

  /** The control channel is back: what waits is sent at once. */
  sendAll(): void {
    for (const [taskId, pending] of this.#pending) {
      clearTimeout(pending.timer);
      this.#sendAgain(taskId);
    }
  }

  close(): void {
    for (const pending of this.#pending.values()) clearTimeout(pending.timer);
    this.#pending.clear();
  }

  #sendAgain(taskId: string): void {
    const pending = this.#pending.get(taskId);
    if (!pending) return;
    if (pending.reports >= REPORTS_MAX) {
      this.handleAcknowledge(taskId);
      return;
    }
    pending.reports++;
    const { status, output } = pending.result;
    this.#send(
      buildAgentTaskComplete({
        taskId,
        finalTaskStatus: status,
        instanceId: this.#instanceId,
        output,
        retryNumber: pending.reports,
      }),
    );
    pending.timer = setTimeout(() => this.#sendAgain(taskId), REPORT_AGAIN_MS);
  }
}
