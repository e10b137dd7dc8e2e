import type { AuditEvent, AuditQuery } from "@causeway/wire-contract/audit";
import { type ExpressionBuilder, sql } from "kysely";
import type { Database } from "../platform/store/database.ts";
import type { Tables } from "../platform/store/tables.ts";
import { AUDIT_REFUSALS } from "./audit-events.ts";

/** Matching events are counted so far: a number for people. */
export const AUDIT_COUNT_MAX = 10_000;
/** Words of a search; what follows is not looked at. */
export const AUDIT_WORDS_MAX = 8;
const SEARCHED = [
  "name",
  "event",
  "account",
  "region",
  "instance_id",
  "session_id",
  "ip",
  "request_id",
  "detail",
] as const;

/** What a query of the API asks for. */
export type AuditFilter = Omit<AuditQuery, "before" | "limit">;

/** Reads what was written, newest first. Nothing here changes a row. */
export class AuditReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param before id; only older events */
  async page(filter: AuditFilter, before: string | undefined, limit: number): Promise<AuditEvent[]> {
    let query = this.#matching(filter).selectAll().orderBy("id", "desc").limit(limit);
    if (before !== undefined) query = query.where("id", "<", before);
    const rows = await query.execute();
    return rows.map((row) => ({
      id: row.id,
      at: Number(row.at),
      event: row.event,
      name: row.name,
      account: row.account,
      ...(row.region === null ? {} : { region: row.region }),
      ...(row.session_id === null ? {} : { sessionId: row.session_id }),
      ...(row.instance_id === null ? {} : { instanceId: row.instance_id }),
      ip: row.ip,
      requestId: row.request_id,
      ...(row.detail === null ? {} : { detail: row.detail }),
      refused: AUDIT_REFUSALS.has(row.event),
    }));
  }

  async count(filter: AuditFilter): Promise<number> {
    const found = this.#matching(filter).select("id").limit(AUDIT_COUNT_MAX).as("found");
    const row = await this.#database
      .selectFrom(found)
      .select((select) => select.fn.countAll<number | string>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(row.rows);
  }

  #matching(filter: AuditFilter) {
    let query = this.#database.selectFrom("audit_events");
    if (filter.event !== undefined) query = query.where("event", "=", filter.event);
    if (filter.name !== undefined) query = query.where("name", "=", filter.name);
    if (filter.account !== undefined) query = query.where("account", "=", filter.account);
    if (filter.from !== undefined) query = query.where("at", ">=", Number(filter.from));
    if (filter.to !== undefined) query = query.where("at", "<", Number(filter.to));
    if (filter.refusals === "true") query = query.where("event", "in", [...AUDIT_REFUSALS]);
    const words = (filter.q ?? "").split(/\s+/).filter((word) => word !== "");
    for (const word of words.slice(0, AUDIT_WORDS_MAX)) query = query.where((where) => holds(where, word));
    return query;
  }
}

/** `%` and `_` in a search are themselves. */
function holds(where: ExpressionBuilder<Tables, "audit_events">, word: string) {
  const pattern = `%${word.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return where.or(
    SEARCHED.map((column) => sql<boolean>`lower(coalesce(${sql.ref(column)}, '')) like ${pattern} escape '\\'`),
  );
}
