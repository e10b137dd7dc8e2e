import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import { plainText } from "../platform/plain-text.ts";
import type { Database } from "../platform/store/database.ts";
import type { AuditEntry } from "./audit-events.ts";

const TEXT_CHARACTERS_MAX = 256;
const DETAIL_CHARACTERS_MAX = 500;

/**
 * Writes what happened, once and for good: the store refuses to change or delete a row.
 * Ids sort in the order of writing even when the clock jumps back.
 */
export class AuditWriter {
  #lastMs = 0;
  #counter = 0;
  #failing = false;
  readonly #listeners = new Set<() => void>();
  readonly #deps: AuditWriterDeps;
  readonly #failures: { inc(): void };

  constructor(deps: AuditWriterDeps) {
    this.#deps = deps;
    this.#failures = deps.metrics.counter("causeway_audit_failures_total", "Audit events that could not be written");
  }

  /** Continues after the newest row, so that a clock that was set back between two starts does not mix the order. */
  async open(): Promise<void> {
    const newest = await this.#deps.database
      .selectFrom("audit_events")
      .select("id")
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst();
    if (newest !== undefined) this.#lastMs = Number.parseInt(newest.id.slice(0, 12), 16) + 1;
  }

  /** Never rejects: a failure is logged, counted, and makes the server not ready (`isFailing`). */
  async write(entry: AuditEntry): Promise<void> {
    const { clock, database, log } = this.#deps;
    const at = clock.nowMs();
    try {
      await database
        .insertInto("audit_events")
        .values({
          id: this.#nextId(at),
          at,
          event: entry.event,
          owner_key: entry.ownerKey,
          name: plainText(entry.name, TEXT_CHARACTERS_MAX),
          account: entry.account,
          region: entry.region ?? null,
          session_id: entry.sessionId ?? null,
          instance_id: entry.instanceId ?? null,
          ip: entry.ip,
          request_id: entry.requestId,
          detail: entry.detail === undefined ? null : plainText(entry.detail, DETAIL_CHARACTERS_MAX),
          role: textOf(entry.role),
          device: textOf(entry.device),
          instance_name: textOf(entry.instanceName),
        })
        .execute();
      this.#failing = false;
      for (const listener of [...this.#listeners]) listener();
    } catch (error) {
      this.#failing = true;
      this.#failures.inc();
      log.error({ err: error, event: entry.event, requestId: entry.requestId }, "audit event could not be written");
    }
  }

  /** true from a failed write until the next one that works. */
  get isFailing(): boolean {
    return this.#failing;
  }

  /**
   * Called after each event that was written. As many as there are pages of auditors that show the audit live, which the
   * pages of a login and the logins bound. @returns takes the listener away
   */
  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #nextId(nowMs: number): string {
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#counter = 0;
    } else this.#counter++;
    return `${this.#lastMs.toString(16).padStart(12, "0")}-${this.#counter.toString(16).padStart(8, "0")}`;
  }
}

function textOf(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : plainText(text, TEXT_CHARACTERS_MAX);
}

export interface AuditWriterDeps {
  database: Database;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}
