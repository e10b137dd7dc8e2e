import type { AuditEvent } from "@causeway/wire-contract/audit";

const COLUMNS = [
  "id",
  "time",
  "event",
  "name",
  "account",
  "role",
  "region",
  "instance",
  "instance_name",
  "session",
  "address",
  "device",
  "request",
  "detail",
] as const;

/** A spreadsheet takes what begins with one of these for a formula; names and details come from outside. */
const FORMULA_START = /^[\s]*[=+\-@\t\r\n|%]/;

/** One line of JSON per event, time as ISO 8601 beside the milliseconds. */
export function jsonLine(event: AuditEvent): string {
  return `${JSON.stringify({ ...event, time: new Date(event.at).toISOString() })}\n`;
}

export const CSV_HEADER = `${COLUMNS.join(",")}\r\n`;

/** RFC 4180; a value that a spreadsheet would run gets a leading apostrophe, which such programs do not show. */
export function csvLine(event: AuditEvent): string {
  const { id, name, account, role, region, instanceId, instanceName, sessionId, ip, device, requestId, detail } = event;
  const time = new Date(event.at).toISOString();
  const who = [name, account, role];
  const where = [region, instanceId, instanceName, sessionId, ip, device];
  const values = [id, time, event.event, ...who, ...where, requestId, detail];
  return `${values.map(csvValue).join(",")}\r\n`;
}

function csvValue(value: string | undefined): string {
  const text = value ?? "";
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
