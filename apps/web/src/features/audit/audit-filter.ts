/** What the audit page shows, as its address says it. Pure. */
export interface AuditFilter {
  /** Words to look for. */
  q?: string | undefined;
  event?: string | undefined;
  /** Name of a person, exactly. */
  name?: string | undefined;
  account?: string | undefined;
  /** How far back, as a key of AUDIT_SPANS; absent: everything that is kept. */
  span?: AuditSpan | undefined;
  /** An exact time in milliseconds since the epoch, instead of a span: from is included, to is not. */
  from?: number | undefined;
  to?: number | undefined;
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
export function readAuditFilter(search: Record<string, unknown>): AuditFilter {
  const { q, event, name, account, span, refusals } = search;
  const [from, to] = [timeIn(search.from), timeIn(search.to)];
  const isRange = from !== undefined && to !== undefined && from < to;
  return {
    ...(typeof q === "string" && q !== "" ? { q: q.slice(0, 200) } : {}),
    ...(typeof event === "string" && /^[a-z_.]{1,64}$/.test(event) ? { event } : {}),
    ...(typeof name === "string" && name !== "" ? { name: name.slice(0, 256) } : {}),
    ...(/^[0-9]{12}$/.test(String(account)) ? { account: String(account) } : {}),
    ...(isRange ? { from, to } : {}),
    ...(!isRange && typeof span === "string" && Object.hasOwn(AUDIT_SPANS, span) ? { span: span as AuditSpan } : {}),
    ...(refusals === true || refusals === "true" ? { refusals: true as const } : {}),
  };
}

/** The query of the API. @param nowMs milliseconds since the epoch; to the minute, so that paging does not move */
export function auditQuery(filter: AuditFilter, nowMs: number): URLSearchParams {
  const { q, event, name, account, span, from, to, refusals } = filter;
  const query = new URLSearchParams();
  if (q) query.set("q", q);
  if (event) query.set("event", event);
  if (name) query.set("name", name);
  if (account) query.set("account", account);
  if (span) query.set("from", String(Math.floor((nowMs - AUDIT_SPANS[span].ms) / 60_000) * 60_000));
  if (from !== undefined) query.set("from", String(from));
  if (to !== undefined) query.set("to", String(to));
  if (refusals) query.set("refusals", "true");
  return query;
}

/** Same person, the hour up to and including an event: what the link of an opened row shows. */
export function hourBefore(event: { name: string; at: number }): AuditFilter {
  return { name: event.name, refusals: true, from: event.at - HOUR_MS, to: event.at + 1 };
}

/** UTC with milliseconds, as auditors compare logs; the day only where it is not today's. */
export function auditTime(atMs: number, nowMs: number): string {
  const [day, time = ""] = new Date(atMs).toISOString().split("T");
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return day === today ? time.slice(0, 12) : `${day} ${time.slice(0, 12)}`;
}

/** "22 Nov 14:36 – 15:36", in UTC. */
export function rangeWords(fromMs: number, toMs: number): string {
  const [from, to] = [dayAndTime(fromMs), dayAndTime(toMs)];
  return `${from.day} ${from.time} – ${to.day === from.day ? "" : `${to.day} `}${to.time}`;
}

function dayAndTime(atMs: number): { day: string; time: string } {
  const [, day, month, , time = ""] = new Date(atMs).toUTCString().split(" ");
  return { day: `${Number(day)} ${month}`, time: time.slice(0, 5) };
}

/** Router and people write times as numbers. A date of ten thousand years is as far as one goes. */
function timeIn(value: unknown): number | undefined {
  const time = typeof value === "string" && /^[0-9]{1,15}$/.test(value) ? Number(value) : value;
  return typeof time === "number" && Number.isSafeInteger(time) && time >= 0 && time < 253_402_300_800_000
    ? time
    : undefined;
}
