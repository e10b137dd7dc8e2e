/** What the audit page shows, as its address says it. Pure. */
export interface AuditFilter {
  /** Words to look for. */
  q?: string | undefined;
  event?: string | undefined;
  /** How far back, as a key of AUDIT_SPANS; absent: everything that is kept. */
  span?: AuditSpan | undefined;
  refusals?: true | undefined;
}

const HOUR_MS = 3_600_000;
export const AUDIT_SPANS = {
  "1h": { label: "last hour", ms: HOUR_MS },
  "24h": { label: "last 24 h", ms: 24 * HOUR_MS },
  "7d": { label: "last 7 days", ms: 7 * 24 * HOUR_MS },
  "30d": { label: "last 30 days", ms: 30 * 24 * HOUR_MS },
} as const;
export type AuditSpan = keyof typeof AUDIT_SPANS;

/** From an address somebody may have typed: what is not known is left out. */
export function readAuditFilter({ q, event, span, refusals }: Record<string, unknown>): AuditFilter {
  return {
    ...(typeof q === "string" && q !== "" ? { q: q.slice(0, 200) } : {}),
    ...(typeof event === "string" && /^[a-z_.]{1,64}$/.test(event) ? { event } : {}),
    ...(typeof span === "string" && Object.hasOwn(AUDIT_SPANS, span) ? { span: span as AuditSpan } : {}),
    ...(refusals === true || refusals === "true" ? { refusals: true as const } : {}),
  };
}

/** The query of the API. @param nowMs milliseconds since the epoch; to the minute, so that paging does not move */
export function auditQuery({ q, event, span, refusals }: AuditFilter, nowMs: number): URLSearchParams {
  const query = new URLSearchParams();
  if (q) query.set("q", q);
  if (event) query.set("event", event);
  if (span) query.set("from", String(Math.floor((nowMs - AUDIT_SPANS[span].ms) / 60_000) * 60_000));
  if (refusals) query.set("refusals", "true");
  return query;
}

/** UTC with milliseconds, as auditors compare logs; the day only where it is not today's. */
export function auditTime(atMs: number, nowMs: number): string {
  const [day, time = ""] = new Date(atMs).toISOString().split("T");
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return day === today ? time.slice(0, 12) : `${day} ${time.slice(0, 12)}`;
}
