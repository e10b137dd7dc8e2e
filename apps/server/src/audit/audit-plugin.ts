import { Readable } from "node:stream";
import {
  AuditActivity,
  AuditActivityQuery,
  AuditExportQuery,
  AuditPage,
  AuditQuery,
} from "@causeway/wire-contract/audit";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import type { Clock } from "../platform/clock.ts";
import { AUDIT_EVENTS, type AuditEntry } from "./audit-events.ts";
import { CSV_HEADER, csvLine, jsonLine } from "./audit-export.ts";
import type { AuditFilter, AuditReader } from "./audit-reader.ts";
import type { AuditWriter } from "./audit-writer.ts";

/** Events of one export; at the bound it ends, and its last line says so. */
export const EXPORT_EVENTS_MAX = 1_000_000;
const EXPORT_PAGE = 1_000;
/** Exports per person: each reads the whole audit. */
const EXPORT_LIMITS = { attemptsMax: 10, windowMs: 60_000, addressesMax: 10_000 };
/** Questions per person and minute: each reads thousands of events. A page that shows the audit live asks 60 times at most. */
const READ_LIMITS = { attemptsMax: 240, windowMs: 60_000, addressesMax: 10_000 };
const PAGE_USUAL = 100;

export interface AuditPluginDeps {
  reader: Pick<AuditReader, "page" | "count" | "activity">;
  audit: Pick<AuditWriter, "write">;
  clock: Clock;
  keptDays: number;
  /** Whose act a request is. */
  actorOf(request: FastifyRequest): Omit<AuditEntry, "event">;
  /** Name of an account by configuration. */
  accountName(account: string): string | undefined;
}

/** The audit as auditors see it: read and export, nothing else. Exporting is itself audited. */
export const auditPlugin = (deps: AuditPluginDeps): FastifyPluginAsyncTypebox =>
  async function auditRoutes(app) {
    const exports = new AttemptLimiter(EXPORT_LIMITS, deps.clock);
    const reads = new AttemptLimiter(READ_LIMITS, deps.clock);

    app.get(
      "/audit",
      { config: { access: "auditor" }, schema: { querystring: AuditQuery, response: { 200: AuditPage } } },
      async ({ query, awsIdentity }): Promise<AuditPage> => {
        reads.admit(awsIdentity.ownerKey);
        const { before, limit: asked, ...filter } = query;
        const limit = asked === undefined ? PAGE_USUAL : Number(asked);
        const { events, next } = await deps.reader.page(filter, before, limit);
        const { total, isExact } = await deps.reader.count(filter);
        return {
          events,
          ...(next === undefined ? {} : { next }),
          total,
          totalIsExact: isExact,
          keptDays: deps.keptDays,
          eventNames: [...AUDIT_EVENTS],
        };
      },
    );

    app.get(
      "/audit/activity",
      {
        config: { access: "auditor" },
        schema: { querystring: AuditActivityQuery, response: { 200: AuditActivity } },
      },
      async ({ query, awsIdentity }): Promise<AuditActivity> => {
        reads.admit(awsIdentity.ownerKey);
        const activity = await deps.reader.activity(query, deps.clock.nowMs());
        const accounts = activity.accounts.map((id) => {
          const name = deps.accountName(id);
          return { id, ...(name === undefined ? {} : { name }) };
        });
        return { ...activity, accounts };
      },
    );

    app.get(
      "/audit/export",
      { config: { access: "auditor" }, schema: { querystring: AuditExportQuery, response: { 200: Type.Any() } } },
      async (request, reply) => {
        const { format, ...filter } = request.query;
        exports.admit(request.awsIdentity.ownerKey);
        await deps.audit.write({ event: "audit.exported", ...deps.actorOf(request), detail: format });
        const day = new Date(deps.clock.nowMs()).toISOString().slice(0, 10);
        reply
          .header("content-type", format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8")
          .header("content-disposition", `attachment; filename="causeway-audit-${day}.${format}"`)
          .header("cache-control", "no-store");
        return reply.send(Readable.from(lines(deps.reader, filter, format)));
      },
    );
  };

/** Page by page: an export of any size holds one page in memory, and waits for a slow reader. */
async function* lines(reader: AuditPluginDeps["reader"], filter: AuditFilter, format: "csv" | "jsonl") {
  const line = format === "csv" ? csvLine : jsonLine;
  if (format === "csv") yield CSV_HEADER;
  let before: string | undefined;
  for (let count = 0; count < EXPORT_EVENTS_MAX; ) {
    const { events, next } = await reader.page(filter, before, EXPORT_PAGE);
    if (events.length > 0) yield events.map(line).join("");
    if (next === undefined) return;
    count += events.length;
    before = next;
  }
  yield format === "csv" ? '"the export ends here: narrow it to see older events"\r\n' : '{"truncated":true}\n';
}
