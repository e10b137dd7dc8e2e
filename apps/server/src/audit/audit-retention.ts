import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { Database } from "../platform/store/database.ts";
import type { AuditWriter } from "./audit-writer.ts";

const DAY_MS = 86_400_000;
/** Old events are looked for so often, in milliseconds. */
export const RETENTION_CHECK_MS = 3_600_000;
/** Deleted in one statement: the store has other work between two. */
export const EXPIRE_BATCH = 1_000;
/** Batches of one look; what is left waits for the next one. */
export const EXPIRE_BATCHES_MAX = 100;

export interface AuditRetentionDeps {
  database: Database;
  clock: Clock;
  log: Log;
  audit: Pick<AuditWriter, "write">;
  keptDays: number;
}

/** Deletes events that are older than the setting says, and writes down that it did. The store refuses any other deletion. */
export class AuditRetention {
  readonly #deps: AuditRetentionDeps;
  #cancelTimer: () => void = () => undefined;
  #closed = true;

  constructor(deps: AuditRetentionDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#closed = false;
    void this.#expireAndRepeat();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
  }

  /** @returns how many events went */
  async expire(): Promise<number> {
    const { audit, clock, database, keptDays } = this.#deps;
    const keepFrom = clock.nowMs() - keptDays * DAY_MS;
    await database
      .insertInto("audit_retention")
      .values({ id: "events", keep_from: keepFrom })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ keep_from: keepFrom }))
      .execute();
    let gone = 0;
    for (let batch = 0; batch < EXPIRE_BATCHES_MAX; batch++) {
      const old = database.selectFrom("audit_events").select("id").where("at", "<", keepFrom).limit(EXPIRE_BATCH);
      const { numDeletedRows } = await database.deleteFrom("audit_events").where("id", "in", old).executeTakeFirst();
      gone += Number(numDeletedRows);
      if (numDeletedRows < BigInt(EXPIRE_BATCH)) break;
    }
    const nobody = { ownerKey: "", name: "", account: "", ip: "", requestId: "" };
    if (gone > 0)
      await audit.write({ event: "audit.expired", ...nobody, detail: `${gone} events older than ${keptDays} days` });
    return gone;
  }

  async #expireAndRepeat(): Promise<void> {
    const { clock, log } = this.#deps;
    try {
      await this.expire();
    } catch (error) {
      log.error({ err: error }, "old audit events could not be deleted");
    }
    if (this.#closed) return;
    this.#cancelTimer = clock.setTimer(clock.nowMs() + RETENTION_CHECK_MS, () => void this.#expireAndRepeat());
  }
}
