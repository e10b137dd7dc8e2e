export type { AuditEntry, AuditEventName } from "./audit-events.ts";
export { AuditWriter } from "./audit-writer.ts";
