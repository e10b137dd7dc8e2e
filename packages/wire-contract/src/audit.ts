import { type Static, Type } from "typebox";

/** As they stand in an address: text. */
const Filter = {
  /** Words, all of which must occur in name, event, account, region, instance, session, address, request id or detail. */
  q: Type.Optional(Type.String({ maxLength: 200 })),
  event: Type.Optional(Type.String({ maxLength: 64, pattern: "^[a-z_.]+$" })),
  name: Type.Optional(Type.String({ maxLength: 256 })),
  account: Type.Optional(Type.String({ pattern: "^[0-9]{12}$" })),
  /** Milliseconds since the epoch; from is included, to is not. */
  from: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })),
  to: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })),
  /** Only what was refused or failed. */
  refusals: Type.Optional(Type.Literal("true")),
};

export const AuditQuery = Type.Object(
  {
    ...Filter,
    /** Only events before this one (`next` of the page before). */
    before: Type.Optional(Type.String({ pattern: "^[0-9a-f]{12}-[0-9a-f]{8}$" })),
    /** From 1 to 200; 100 when absent. */
    limit: Type.Optional(Type.String({ pattern: "^([1-9][0-9]?|1[0-9]{2}|200)$" })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

export const AuditExportQuery = Type.Object(
  { ...Filter, format: Type.Union([Type.Literal("csv"), Type.Literal("jsonl")]) },
  { additionalProperties: false },
);
export type AuditExportQuery = Static<typeof AuditExportQuery>;

export const AuditEvent = Type.Object({
  id: Type.String(),
  at: Type.Number({ description: "milliseconds since the epoch" }),
  event: Type.String(),
  /** Empty: nobody was signed in. */
  name: Type.String(),
  account: Type.String(),
  region: Type.Optional(Type.String()),
  sessionId: Type.Optional(Type.String()),
  instanceId: Type.Optional(Type.String()),
  /** Empty: no request of somebody. */
  ip: Type.String(),
  requestId: Type.String(),
  detail: Type.Optional(Type.String()),
  /** It says that something was refused, or failed. */
  refused: Type.Boolean(),
});
export type AuditEvent = Static<typeof AuditEvent>;

/** Newest first. */
export const AuditPage = Type.Object({
  events: Type.Array(AuditEvent),
  /** Absent: there are no older ones. */
  next: Type.Optional(Type.String()),
  /** All that match, counted up to 10,000. */
  total: Type.Integer(),
  /** How long events are kept, in days. */
  keptDays: Type.Integer(),
  /** Every event there can be. */
  eventNames: Type.Array(Type.String()),
});
export type AuditPage = Static<typeof AuditPage>;
