export type { AuditEntry, AuditEventName } from "./audit-events.ts";
export { auditPlugin } from "./audit-plugin.ts";
export { AuditReader } from "./audit-reader.ts";
export { AuditRetention } from "./audit-retention.ts";
export { AuditWriter } from "./audit-writer.ts";
