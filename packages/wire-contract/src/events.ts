/**
 * The websocket of a page: what changes outside of its terminals. Order of a connection: browser `ticket`, server `ready`,
 * then both at will. Validated on both sides; unknown fields from a browser are refused, an unknown `type` from the server
 * is ignored by an older page. Later kinds (presence, notices) are further types here.
 */
import { type Static, Type } from "typebox";
import { Instance, SOURCES_PER_PAGE_MAX, SourceKey, SourceStatus } from "./instances.ts";

const closed = { additionalProperties: false } as const;

/** Rows of one message: a page draws between two of them. */
export const ROWS_PER_MESSAGE_MAX = 250;
/** Ids of one message. */
export const REMOVED_PER_MESSAGE_MAX = 1_000;

export const EventsTicket = Type.Object({ ticket: Type.String(), expiresAt: Type.Number() });
export type EventsTicket = Static<typeof EventsTicket>;

export const EventsTicketMessage = Type.Object(
  { type: Type.Literal("ticket"), ticket: Type.String({ maxLength: 200 }) },
  closed,
);
/** The whole set of sources the page shows: replaces what it watched before. */
export const WatchMessage = Type.Object(
  { type: Type.Literal("watch"), sources: Type.Array(SourceKey, { maxItems: SOURCES_PER_PAGE_MAX }) },
  closed,
);
/** The person asks for a new list now, of all watched sources. */
export const RefreshMessage = Type.Object({ type: Type.Literal("refresh") }, closed);
export const EventsPingMessage = Type.Object({ type: Type.Literal("ping"), id: Type.Integer({ minimum: 0 }) }, closed);

/** The page shows the audit, or does not any more. Without the role of an auditor it is answered `audit-live-refused`. */
export const AuditLiveMessage = Type.Object({ type: Type.Literal("audit-live"), on: Type.Boolean() }, closed);

export const PageMessage = Type.Union([
  EventsTicketMessage,
  WatchMessage,
  RefreshMessage,
  EventsPingMessage,
  AuditLiveMessage,
]);
export type PageMessage = Static<typeof PageMessage>;

export const ReadyMessage = Type.Object({ type: Type.Literal("ready") });
/** Changed and new rows of one source, and ids that are gone. `reset`: forget all rows of this source first. */
export const RowsMessage = Type.Object({
  type: Type.Literal("rows"),
  source: SourceKey,
  reset: Type.Boolean(),
  rows: Type.Array(Instance),
  removed: Type.Array(Type.String()),
});
export type RowsMessage = Static<typeof RowsMessage>;
export const StatusMessage = Type.Object({ type: Type.Literal("status"), source: SourceKey, status: SourceStatus });
/** A source that cannot be watched: an identity that is not the login's, a region that is not offered, too many lists. */
export const SourceRefusedMessage = Type.Object({
  type: Type.Literal("refused"),
  source: SourceKey,
  code: Type.String({ description: "code of the error catalog" }),
});
export const EventsPongMessage = Type.Object({ type: Type.Literal("pong"), id: Type.Integer() });
/** Once when the page begins to show the audit, then whenever events were added; it reads them by HTTP. */
export const AuditNewsMessage = Type.Object({ type: Type.Literal("audit-news") });
export const AuditLiveRefusedMessage = Type.Object({
  type: Type.Literal("audit-live-refused"),
  code: Type.String({ description: "code of the error catalog" }),
});
/** The last message before the server closes. */
export const EventsErrorMessage = Type.Object({
  type: Type.Literal("error"),
  code: Type.String(),
  retryable: Type.Boolean(),
});

export const ServerEvent = Type.Union([
  ReadyMessage,
  RowsMessage,
  StatusMessage,
  SourceRefusedMessage,
  EventsPongMessage,
  AuditNewsMessage,
  AuditLiveRefusedMessage,
  EventsErrorMessage,
]);
export type ServerEvent = Static<typeof ServerEvent>;
/** What is said of one list of instances. */
export type SourceEvent = Extract<ServerEvent, { source: SourceKey }>;
