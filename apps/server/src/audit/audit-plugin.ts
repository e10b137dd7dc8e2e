import { Readable } from "node:stream";
import { AuditExportQuery, AuditPage, AuditQuery } from "@causeway/wire-contract/audit";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { AUDIT_EVENTS } from "./audit-events.ts";
import { CSV_HEADER, csvLine, jsonLine } from "./audit-export.ts";
import type { AuditFilter, AuditReader } from "./audit-reader.ts";
import type { AuditWriter } from "./audit-writer.ts";

/** Events of one export; at the bound it ends, and its last line says so. */
export const EXPORT_EVENTS_MAX = 1_000_000;
const EXPORT_PAGE = 1_000;
/** Exports per person: each reads the whole audit. */
const EXPORT_LIMITS = { attemptsMax: 10, windowMs: 60_000, addressesMax: 10_000 };
const PAGE_USUAL = 100;

export interface AuditPluginDeps {
  reader: Pick<AuditReader, "page" | "count">;
  audit: Pick<AuditWriter, "write">;
  clock: Clock;
  keptDays: number;
}

/** The audit as auditors see it: read and export, nothing else. Exporting is itself audited. */
export const auditPlugin = (deps: AuditPluginDeps): FastifyPluginAsyncTypebox =>
  async function auditRoutes(app) {
    const exports = new AttemptLimiter(EXPORT_LIMITS, deps.clock);

    app.get(
      "/audit",
      { config: { access: "auditor" }, schema: { querystring: AuditQuery, response: { 200: AuditPage } } },
      async ({ query }): Promise<AuditPage> => {
        const { before, limit: asked, ...filter } = query;
        const limit = asked === undefined ? PAGE_USUAL : Number(asked);
        const [events, total] = await Promise.all([deps.reader.page(filter, before, limit), deps.reader.count(filter)]);
        const last = events.length === limit ? events.at(-1) : undefined;
        return {
          events,
          ...(last === undefined ? {} : { next: last.id }),
          total,
          keptDays: deps.keptDays,
          eventNames: [...AUDIT_EVENTS],
        };
      },
    );

    app.get(
      "/audit/export",
      { config: { access: "auditor" }, schema: { querystring: AuditExportQuery, response: { 200: Type.Any() } } },
      async (request, reply) => {
        const { format, ...filter } = request.query;
        const { ownerKey, name, account } = request.awsIdentity;
        if (!exports.take(ownerKey)) throw new CatalogError("RATE_LIMITED");
        const who = { ownerKey, name, account, ip: request.ip, requestId: request.id };
        await deps.audit.write({ event: "audit.exported", ...who, detail: format });
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
  for (let count = 0; count < EXPORT_EVENTS_MAX; count += EXPORT_PAGE) {
    const page = await reader.page(filter, before, EXPORT_PAGE);
    if (page.length > 0) yield page.map(line).join("");
    before = page.at(-1)?.id;
    if (page.length < EXPORT_PAGE) return;
  }
  yield format === "csv" ? '"the export ends here: narrow it to see older events"\r\n' : '{"truncated":true}\n';
}
