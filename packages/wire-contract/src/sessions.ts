import { type Static, Type } from "typebox";
import { IdentityId } from "./identity.ts";
import { RegionId } from "./instances.ts";

/** Limits of a terminal's size in cells (DESIGN §7). */
export const COLS_MIN = 20;
export const COLS_MAX = 500;
export const ROWS_MIN = 5;
export const ROWS_MAX = 200;

export const Cols = Type.Integer({ minimum: COLS_MIN, maximum: COLS_MAX });
export const Rows = Type.Integer({ minimum: ROWS_MIN, maximum: ROWS_MAX });

/** Public id of a session: it names, it never grants. 22 characters of base64url. */
export const SessionId = Type.String({ pattern: "^[A-Za-z0-9_-]{22}$" });

/** As long as AWS takes it (API_StartSession, Reason). */
export const REASON_CHARS_MAX = 256;
/** One line that says something: no control or direction characters, not only spaces. */
export const SessionReason = Type.String({
  minLength: 1,
  maxLength: REASON_CHARS_MAX,
  pattern: "^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]+$",
});

export const StartSessionRequest = Type.Object(
  {
    /** Which identity of the login the shell is opened with; absent: its first. */
    identityId: Type.Optional(IdentityId),
    region: RegionId,
    target: Type.String({ pattern: "^(i|mi)-[0-9a-f]{8,17}$" }),
    cols: Cols,
    rows: Rows,
    /** Why the shell is opened: told to AWS and written into the audit. */
    reason: Type.Optional(SessionReason),
    /** One of those that may be chosen (`Me.sessionStart`), name or ARN; absent: the first. */
    documentName: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_.:/-]{1,400}$" })),
  },
  { additionalProperties: false },
);
export type StartSessionRequest = Static<typeof StartSessionRequest>;

/**
 * Where the data channel stands:
 * `connecting` (socket being opened), `handshaking` (agreeing with the agent), `encrypting` (agreeing on a key of KMS), `open` (the shell may be typed to),
 * `paused` (the service says the agent is away), `lost` (the socket to AWS broke), `ended`.
 */
export const ChannelStateName = Type.Union([
  Type.Literal("connecting"),
  Type.Literal("handshaking"),
  Type.Literal("encrypting"),
  Type.Literal("open"),
  Type.Literal("paused"),
  Type.Literal("lost"),
  Type.Literal("ended"),
]);
export type ChannelStateName = Static<typeof ChannelStateName>;

/** Who or what ended a session. `unknown` is said as "ended outside Causeway". */
export const EndedBy = Type.Union([
  Type.Literal("shell"),
  Type.Literal("you"),
  Type.Literal("aws"),
  Type.Literal("agent"),
  Type.Literal("server"),
  Type.Literal("unknown"),
]);
export type EndedBy = Static<typeof EndedBy>;

/** The two limits AWS sets to a session's time: without a key, and in all. */
export const SessionLimit = Type.Object({
  kind: Type.Union([Type.Literal("idle"), Type.Literal("longest")]),
  /** The limit in milliseconds, when it is known (or, see `assumed`, taken to be). */
  limitMs: Type.Optional(Type.Number()),
  /** The account's own limit could not be read: this is AWS's default. */
  assumed: Type.Optional(Type.Boolean()),
});
export type SessionLimit = Static<typeof SessionLimit>;

export const SessionEnd = Type.Object({
  by: EndedBy,
  at: Type.Number({ description: "milliseconds since the epoch" }),
  /** Code of the error catalog when the end was a failure. */
  code: Type.Optional(Type.String()),
  /**
   * The name that the code is about: the user that Run As wants, as the agent wrote it, at most 64 characters; the log group or
   * bucket that the session document names, at most 512.
   */
  subject: Type.Optional(Type.String()),
  /** What AWS or the agent said, control characters removed, at most 1,000 characters: for the details view. */
  text: Type.Optional(Type.String()),
  /** The limit that was reached; `by` says who kept it, AWS or (`server`) Causeway. */
  limit: Type.Optional(SessionLimit),
});
export type SessionEnd = Static<typeof SessionEnd>;

/**
 * What the account's session document says about a session. `source`: read from the `document`; `aws-default`: the account
 * never saved one, so AWS's defaults hold; `unknown`: it could not be read, and `idleLimitMs` is AWS's default.
 */
export const SessionPreferences = Type.Object({
  source: Type.Union([Type.Literal("document"), Type.Literal("aws-default"), Type.Literal("unknown")]),
  idleLimitMs: Type.Number(),
  /** Longest time of any session; absent: none, or not known. */
  longestMs: Type.Optional(Type.Number()),
  /**
   * Who a shell runs as on the instance: `ssm-user`, or the user of Run As. A tag SSMSessionRunAs of the person's user or role wins
   * over the latter, and is not read. Absent: not known.
   */
  shellUser: Type.Optional(Type.String()),
  /** Where AWS logs what the session shows; absent: nowhere, or not known. */
  awsLog: Type.Optional(
    Type.Object({
      /** Bucket, and prefix if there is one: `bucket/prefix`. */
      s3: Type.Optional(Type.String()),
      /** Name of the log group. */
      cloudWatch: Type.Optional(Type.String()),
    }),
  ),
});
export type SessionPreferences = Static<typeof SessionPreferences>;

export const Session = Type.Object({
  id: Type.String(),
  /** The identity of the asking login that the session is pinned to. */
  identityId: Type.String(),
  /** The id AWS gave it: `<name>-<17 hex>`; opaque. */
  awsSessionId: Type.String(),
  account: Type.String(),
  region: Type.String(),
  instanceId: Type.String(),
  instanceName: Type.String(),
  documentName: Type.Optional(Type.String()),
  channel: ChannelStateName,
  /** Why the channel is not as it should be, as in the `channel` message. */
  channelReason: Type.Optional(Type.String()),
  cols: Type.Integer(),
  rows: Type.Integer(),
  startedAt: Type.Number({ description: "milliseconds since the epoch" }),
  /** Absent until they were asked for. */
  preferences: Type.Optional(SessionPreferences),
  ended: Type.Optional(SessionEnd),
});
export type Session = Static<typeof Session>;

export const SessionList = Type.Object({ sessions: Type.Array(Session) });
export type SessionList = Static<typeof SessionList>;

export const AttachTicket = Type.Object({
  ticket: Type.String(),
  expiresAt: Type.Number({ description: "milliseconds since the epoch; 30 s after it was made, and valid once" }),
});
export type AttachTicket = Static<typeof AttachTicket>;
