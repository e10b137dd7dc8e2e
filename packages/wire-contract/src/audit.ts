import { type Static, Type } from "typebox";

/** As they stand in an address: text. */
const Filter = {
  /**
   * Words, all of which must occur in one of: name, role, event, account, region, instance, session, address, device,
   * request id, detail.
   */
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

export const AuditActivityQuery = Type.Object(Filter, { additionalProperties: false });
export type AuditActivityQuery = Static<typeof AuditActivityQuery>;

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
  /** The role whose credentials she acted with. */
  role: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  sessionId: Type.Optional(Type.String()),
  instanceId: Type.Optional(Type.String()),
  instanceName: Type.Optional(Type.String()),
  /** Empty: no request of somebody. */
  ip: Type.String(),
  /** What the browser called itself, in our words. */
  device: Type.Optional(Type.String()),
  requestId: Type.String(),
  detail: Type.Optional(Type.String()),
  /** It says that something was refused, or failed. */
  refused: Type.Boolean(),
});
export type AuditEvent = Static<typeof AuditEvent>;

/** Events that one request looks at; what lies further back is the next page's. */
export const AUDIT_SCANNED_MAX = 10_000;

/** Newest first. A page may hold fewer events than asked for, or none, and yet have a `next`: go on there. */
export const AuditPage = Type.Object({
  events: Type.Array(AuditEvent),
  /** Absent: there are no older ones. */
  next: Type.Optional(Type.String()),
  /** How many match among the newest 10,000 of the time asked for. */
  total: Type.Integer(),
  /** false: there are events beyond those 10,000, which were not counted. */
  totalIsExact: Type.Boolean(),
  /** How long events are kept, in days. */
  keptDays: Type.Integer(),
  /** Every event there can be. */
  eventNames: Type.Array(Type.String()),
});
export type AuditPage = Static<typeof AuditPage>;

/** Events of the time asked for, in steps: for a picture, and for what can be chosen from. Counted among its newest 10,000. */
export const AuditActivity = Type.Object({
  /** Milliseconds since the epoch: where the first step begins. */
  from: Type.Number(),
  /** Length of a step in milliseconds. */
  stepMs: Type.Integer(),
  /** Oldest first; at most 200. */
  steps: Type.Array(Type.Object({ events: Type.Integer(), refused: Type.Integer() })),
  /** How many of the matching events say that something was refused, whether or not only those are asked for. */
  refused: Type.Integer(),
  /** Absent: all was counted. What is older than this was not, in milliseconds since the epoch. */
  countedFrom: Type.Optional(Type.Number()),
  /** Names that occur in this time whatever else is asked for, at most 50, those of most events first. */
  people: Type.Array(Type.String()),
  /** The same for accounts; the name where the configuration knows one. */
  accounts: Type.Array(Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) })),
});
export type AuditActivity = Static<typeof AuditActivity>;
