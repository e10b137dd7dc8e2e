/**
 * Reads what was written, newest first. Nothing here changes a row. The store answers on the event loop that all terminals
 * share, so one question looks at a bounded number of events, however many are kept and however few match.
 */
import { AUDIT_SCANNED_MAX, type AuditActivity, type AuditEvent, type AuditQuery } from "@causeway/wire-contract/audit";
import { type ExpressionBuilder, type Selectable, sql } from "kysely";
import type { Database } from "../platform/store/database.ts";
import type { AuditEventsTable } from "../platform/store/tables.ts";
import { activityOf } from "./audit-activity.ts";
import { AUDIT_REFUSALS } from "./audit-events.ts";

/** Words of a search; what follows is not looked at. */
export const AUDIT_WORDS_MAX = 8;
const SEARCHED = [
  "name",
  "role",
  "event",
  "account",
  "region",
  "instance_id",
  "instance_name",
  "session_id",
  "ip",
  "device",
  "request_id",
  "detail",
] as const;

/** What a query of the API asks for. */
export type AuditFilter = Omit<AuditQuery, "before" | "limit">;
/** What the reader answers itself; the rest is known from elsewhere. */
export type EventActivity = Omit<AuditActivity, "accounts"> & { accounts: string[] };

type Seen = ExpressionBuilder<{ seen: Selectable<AuditEventsTable> }, "seen">;

export class AuditReader {
  readonly #database: Database;
  readonly #scannedMax: number;

  /** @param scannedMax events that one question looks at; smaller in tests */
  constructor(database: Database, scannedMax: number = AUDIT_SCANNED_MAX) {
    this.#database = database;
    this.#scannedMax = scannedMax;
  }

  /**
   * @param before id; only older events
   * @returns at most `limit` events; `next` is where to go on, absent at the end of what is kept
   */
  async page(
    filter: AuditFilter,
    before: string | undefined,
    limit: number,
  ): Promise<{ events: AuditEvent[]; next: string | undefined }> {
    const rows = await this.#seen(filter, before)
      .selectAll()
      .where((seen) => matches(seen, filter))
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    const events = rows.map(eventOf);
    const next = rows.length === limit ? rows.at(-1)?.id : await this.#lastSeen(filter, before);
    return { events, next };
  }

  /** How many match among those that one question looks at. */
  async count(filter: AuditFilter): Promise<{ total: number; isExact: boolean }> {
    const { rows } = await this.#seen(filter)
      .select((seen) => seen.fn.countAll<number | string>().as("rows"))
      .where((seen) => matches(seen, filter))
      .executeTakeFirstOrThrow();
    return { total: Number(rows), isExact: (await this.#lastSeen(filter)) === undefined };
  }

  /** @param nowMs where the picture ends unless the filter says so, in milliseconds since the epoch */
  async activity(filter: AuditFilter, nowMs: number): Promise<EventActivity> {
    const { refusals: _, ...others } = filter;
    const rows = await this.#seen(filter)
      .select(["at", "event", "name", "account"])
      .select((seen) => sql<number>`case when ${matches(seen, others)} then 1 else 0 end`.as("matches"))
      .execute();
    const isCut = (await this.#lastSeen(filter)) !== undefined;
    const facts = rows.map(({ at, event, name, account, matches }) => ({
      atMs: Number(at),
      refused: AUDIT_REFUSALS.has(event),
      name,
      account,
      matches: Number(matches) === 1,
    }));
    const span = { fromMs: numberOf(filter.from), toMs: numberOf(filter.to) ?? nowMs };
    return activityOf(facts, { ...span, isCut, refusalsOnly: filter.refusals === "true" });
  }

  /** The newest events of the time asked for, as many as one question looks at. */
  #seen(filter: AuditFilter, before?: string) {
    return this.#database.selectFrom(this.#newest(filter, before).selectAll().limit(this.#scannedMax).as("seen"));
  }

  #newest({ from, to }: AuditFilter, before: string | undefined) {
    let query = this.#database.selectFrom("audit_events").orderBy("id", "desc");
    if (before !== undefined) query = query.where("id", "<", before);
    // An id begins with the time of writing, or a later one where the clock jumped back: this bound leaves none out.
    if (from !== undefined) query = query.where("id", ">=", Number(from).toString(16).padStart(12, "0"));
    if (to !== undefined) query = query.where("at", "<", Number(to));
    return query;
  }

  /** Where the next question begins; undefined: this one saw the oldest. */
  async #lastSeen(filter: AuditFilter, before?: string): Promise<string | undefined> {
    const ids = this.#newest(filter, before).select("id").limit(2);
    const [last, beyond] = await ids.offset(this.#scannedMax - 1).execute();
    return beyond && last?.id;
  }
}

function matches(seen: Seen, filter: AuditFilter) {
  const words = (filter.q ?? "").split(/\s+/).filter((word) => word !== "");
  return seen.and([
    ...(filter.event === undefined ? [] : [seen("event", "=", filter.event)]),
    ...(filter.name === undefined ? [] : [seen("name", "=", filter.name)]),
    ...(filter.account === undefined ? [] : [seen("account", "=", filter.account)]),
    ...(filter.from === undefined ? [] : [seen("at", ">=", Number(filter.from))]),
    ...(filter.refusals === "true" ? [seen("event", "in", [...AUDIT_REFUSALS])] : []),
    ...words.slice(0, AUDIT_WORDS_MAX).map((word) => holds(seen, word)),
  ]);
}

/** `%` and `_` in a search are themselves. */
function holds(seen: Seen, word: string) {
  const pattern = `%${word.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return seen.or(
    SEARCHED.map((column) => sql<boolean>`lower(coalesce(${sql.ref(column)}, '')) like ${pattern} escape '\\'`),
  );
}

function eventOf(row: Selectable<AuditEventsTable>): AuditEvent {
  return {
    id: row.id,
    at: Number(row.at),
    event: row.event,
    name: row.name,
    account: row.account,
    ...(row.role === null ? {} : { role: row.role }),
    ...(row.region === null ? {} : { region: row.region }),
    ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    ...(row.instance_id === null ? {} : { instanceId: row.instance_id }),
    ...(row.instance_name === null ? {} : { instanceName: row.instance_name }),
    ip: row.ip,
    ...(row.device === null ? {} : { device: row.device }),
    requestId: row.request_id,
    ...(row.detail === null ? {} : { detail: row.detail }),
    refused: AUDIT_REFUSALS.has(row.event),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
