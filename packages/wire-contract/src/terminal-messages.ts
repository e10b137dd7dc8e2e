import { type Static, Type } from "typebox";
import { ChannelStateName, Cols, Rows, SessionEnd, SessionPreferences } from "./sessions.ts";
import {
  KeyboardMessage,
  PointerMessage,
  PointersMessage,
  ScrollMessage,
  ShareEndedMessage,
  SharingEventMessage,
  SharingMessage,
  TypingMessage,
} from "./sharing.ts";

/**
 * The JSON text messages of the attach websocket. Order of a connection:
 * browser `ticket`, browser `attach`, server `attached`, then both at will. Validated on both sides;
 * unknown fields from a browser are refused, an unknown `type` from the server is ignored by an older page.
 */

const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const StreamId = Type.String({ pattern: "^[0-9a-f]{32}$" });
const closed = { additionalProperties: false } as const;

export const TicketMessage = Type.Object(
  { type: Type.Literal("ticket"), ticket: Type.String({ maxLength: 200 }) },
  closed,
);

export const AttachMessage = Type.Object(
  {
    type: Type.Literal("attach"),
    /** Absolute output offset this page has parsed up to; null: it has nothing yet. */
    offset: Type.Union([Offset, Type.Null()]),
    streamId: StreamId,
    cols: Cols,
    rows: Rows,
    visible: Type.Boolean(),
  },
  closed,
);
export const ResizeMessage = Type.Object({ type: Type.Literal("resize"), cols: Cols, rows: Rows }, closed);
/** Hidden pages answer no terminal queries and never slow a session. */
export const VisibilityMessage = Type.Object({ type: Type.Literal("visibility"), visible: Type.Boolean() }, closed);
export const PingMessage = Type.Object({ type: Type.Literal("ping"), id: Type.Integer({ minimum: 0 }) }, closed);
/** The person's answer while input is refused (`InputStorage`): until the log is durable again it may pass unstored. */
export const TypeWithoutNetMessage = Type.Object(
  { type: Type.Literal("type-without-net"), confirmed: Type.Boolean() },
  closed,
);

export const BrowserMessage = Type.Union([
  TicketMessage,
  AttachMessage,
  ResizeMessage,
  VisibilityMessage,
  PingMessage,
  TypeWithoutNetMessage,
  KeyboardMessage,
  PointerMessage,
  ScrollMessage,
]);
export type BrowserMessage = Static<typeof BrowserMessage>;

/**
 * Why the channel is not as it should be, as a code of the error catalog; absent: nothing is known, or all is well. On an
 * `open` channel it says that the instance does not answer; on a `lost` one, what keeps the server from AWS.
 */
const ChannelReason = Type.Optional(Type.String());

/**
 * What the terminal looked like at `offset`, to be written into one that was cleared and has this size. It comes in
 * `checkpoint` frames right behind the message; output follows once the page has said that all of it was parsed.
 * A page that has only part of it when the connection breaks has nothing: it attaches with null.
 */
export const Checkpoint = Type.Object({
  /** Names it in the page's `checkpoint-ack` frames; counted per connection. */
  id: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
  bytes: Type.Integer({ minimum: 0 }),
});
export type Checkpoint = Static<typeof Checkpoint>;

/**
 * What becomes of input: `stored` before it goes to the instance; `refused`, because the server's disk takes nothing and
 * nobody has confirmed to type all the same; `without-net`, because somebody has: a restart of the server may lose it.
 */
export const InputStorage = Type.Union([Type.Literal("stored"), Type.Literal("refused"), Type.Literal("without-net")]);
export type InputStorage = Static<typeof InputStorage>;

/**
 * The answer to `attach`. Output frames that follow begin at `offset`.
 * `offset` > the offset asked for: with a checkpoint nothing is lost, the screen at `offset` comes first; without one, what
 * lies between was not kept (a `notice` OUTPUT_NOT_KEPT follows).
 */
export const AttachedMessage = Type.Object({
  type: Type.Literal("attached"),
  offset: Offset,
  checkpoint: Type.Optional(Checkpoint),
  /** End of the log at this moment: only output beyond it is live, and only live queries may be answered. */
  headOffset: Offset,
  /** Size in force at `offset`. */
  cols: Type.Integer(),
  rows: Type.Integer(),
  /** Input of this stream stored so far, in bytes: what lies below is done. */
  inputStored: Offset,
  /** How much of it the agent has acknowledged. Absent: an older server, which does not say so here. */
  agentAcknowledged: Type.Optional(Offset),
  /** Absent: `stored`. */
  inputStorage: Type.Optional(InputStorage),
  /** A viewer never answers queries, and its size is not the shell's. */
  role: Type.Union([Type.Literal("owner"), Type.Literal("viewer")]),
  channel: ChannelStateName,
  reason: ChannelReason,
  startedAt: Type.Number(),
});
/** In log order between output frames: from here on the grid has this size. */
export const SizeMessage = Type.Object({ type: Type.Literal("size"), cols: Type.Integer(), rows: Type.Integer() });
/** Cumulative, for this connection's stream. */
export const InputAckMessage = Type.Object({
  type: Type.Literal("input-ack"),
  /** Bytes of this stream the server has stored: they will reach the agent. */
  stored: Offset,
  /** Bytes of this stream the agent has acknowledged. */
  agentAcknowledged: Offset,
  /** Time from sending the newest acknowledged input to the agent's acknowledgement, in milliseconds. */
  agentRoundTripMs: Type.Optional(Type.Number()),
});
/** From here on. What was sent and is not below `inputStored` was not taken: it is for the page to send again, or not. */
export const InputStorageMessage = Type.Object({
  type: Type.Literal("input-storage"),
  state: InputStorage,
  inputStored: Offset,
});
export const ChannelMessage = Type.Object({
  type: Type.Literal("channel"),
  channel: ChannelStateName,
  reason: ChannelReason,
});
/**
 * How long the session may go on: after attaching, and when it changed; while somebody types at most once a minute, so the
 * deadline may lie up to a minute later than said. Times are the server's clock: `nowMs` is when it said so.
 */
export const TimeLeftMessage = Type.Object({
  type: Type.Literal("time-left"),
  nowMs: Type.Number(),
  /** The account's idle limit, counted from the last human input. */
  idleEndsAtMs: Type.Number(),
  /** Who keeps the idle limit: AWS, or Causeway because it moved AWS's own clock since the last human input. */
  idleEndedBy: Type.Union([Type.Literal("aws"), Type.Literal("server")]),
  /** Longest session; AWS keeps it. */
  longestEndsAtMs: Type.Optional(Type.Number()),
  preferences: SessionPreferences,
});
export type TimeLeftMessage = Static<typeof TimeLeftMessage>;
/**
 * true: this reader answers terminal queries (device, cursor, mode and colour reports, focus) in output from `fromOffset`
 * on, the end of the log when it became the one: what lies before was another reader's to answer, however late it is parsed.
 */
export const ControlMessage = Type.Object({
  type: Type.Literal("control"),
  answersQueries: Type.Boolean(),
  fromOffset: Offset,
});
/** Something to show beside the terminal, never inside it. `code` is of the error catalog. */
export const NoticeMessage = Type.Object({
  type: Type.Literal("notice"),
  code: Type.String(),
  text: Type.Optional(Type.String()),
});
/** This reader was too far behind: output goes on at `offset`; clear the terminal before the next frame. */
export const ResetMessage = Type.Object({
  type: Type.Literal("reset"),
  offset: Offset,
  checkpoint: Type.Optional(Checkpoint),
  headOffset: Offset,
  cols: Type.Integer(),
  rows: Type.Integer(),
});
export const EndedMessage = Type.Object({ type: Type.Literal("ended"), end: SessionEnd });
export const PongMessage = Type.Object({ type: Type.Literal("pong"), id: Type.Integer() });
/** Sent before the server closes the socket; `code` is of the error catalog. */
export const ErrorMessage = Type.Object({
  type: Type.Literal("error"),
  code: Type.String(),
  retryable: Type.Boolean(),
});

export const ServerMessage = Type.Union([
  AttachedMessage,
  SizeMessage,
  InputAckMessage,
  InputStorageMessage,
  ChannelMessage,
  TimeLeftMessage,
  ControlMessage,
  NoticeMessage,
  ResetMessage,
  EndedMessage,
  PongMessage,
  ErrorMessage,
  SharingMessage,
  SharingEventMessage,
  TypingMessage,
  PointersMessage,
  ShareEndedMessage,
]);
export type ServerMessage = Static<typeof ServerMessage>;

/** Websocket close codes of the attach socket (4000–4999 are ours); the reason is the catalog code. */
export const CLOSE_BY_ERROR = 4000;
/** Nothing to come back for: ended session. */
export const CLOSE_ENDED = 4001;
