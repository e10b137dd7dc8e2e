/**
 * Sharing a terminal: links, who watches, and who has the keyboard. REST bodies first, then the JSON messages that share the
 * attach websocket with those of `terminal-messages.ts`. A viewer attaches at `/api/v1/shares/:shareId/attach` with a ticket of
 * that share; the frames are the owner's.
 *
 * The secret of a link is in the answer that made it and in the one request that redeems it (`join`), never in an address
 * that is sent: `/s/<share id>#<secret>`. From then on the person is a member, and a reload needs no secret.
 *
 * The owner's routes: `GET`, `POST`, `DELETE /sessions/:id/shares` (all of them), `PUT`, `DELETE /sessions/:id/shares/:shareId`.
 * Anybody's: `POST /shares/:shareId/carry`. Anybody's who is signed in: `GET /shares`, `GET /shares/carried`,
 * `POST /shares/:shareId/join`. A member's: `GET /shares/:shareId`,
 * `POST /shares/:shareId/attach-ticket` (an AttachTicket), `GET /shares/:shareId/attach` (websocket).
 */
import { type Static, Type } from "typebox";
import { IdentityId } from "./identity.ts";
import { SessionEnd, SessionId } from "./sessions.ts";

const closed = { additionalProperties: false } as const;

/** Links per session. */
export const SHARES_PER_SESSION_MAX = 20;
/** People that one link names at most. */
export const NAMED_PEOPLE_MAX = 50;
/** How long a question for the keyboard waits for its answer, in milliseconds. */
export const ANSWER_WITHIN_MS = 30_000;
/** After "not now", or no answer, so long until one may ask again, in milliseconds. */
export const ASK_AGAIN_AFTER_MS = 60_000;
/** Whoever has the keyboard and does not touch it for so long gives it back, in milliseconds. */
export const KEYBOARD_IDLE_MS = 5 * 60_000;
/** A holder keeps the keyboard so long while all pages of the owner are gone, in milliseconds. */
export const OWNER_AWAY_MS = 60_000;
/** Pointers and scroll positions are passed on at most so often, in milliseconds: 15 times a second. */
export const POINTERS_EVERY_MS = 67;

/** 22 characters of base64url: it names a link, and grants nothing without the secret. */
export const ShareId = SessionId;
/** `v` (view only, for ever) or `k` (may come to the keyboard), and 32 random bytes in base64url. */
export const ShareSecret = Type.String({ pattern: "^[vk][A-Za-z0-9_-]{43}$" });

/** `view` never becomes another mode, nor another mode `view`: their secrets are of two classes. */
export const ShareMode = Type.Union([Type.Literal("view"), Type.Literal("ask"), Type.Literal("type")]);
export type ShareMode = Static<typeof ShareMode>;

/** Whom a link lets in: people of the session's AWS account, proven people by name, or whoever can sign in. */
export const ShareAudience = Type.Union([Type.Literal("account"), Type.Literal("named"), Type.Literal("anyone")]);
export type ShareAudience = Static<typeof ShareAudience>;

export const ShareExpiry = Type.Union([
  Type.Literal("15-min"),
  Type.Literal("1-hour"),
  Type.Literal("4-hours"),
  Type.Literal("session"),
]);
export type ShareExpiry = Static<typeof ShareExpiry>;

/** A proven person: an IAM user, or the session name of an Identity Center role and of roles that pin it. */
export const NamedPerson = Type.Object(
  {
    account: Type.String({ pattern: "^[0-9]{12}$" }),
    name: Type.String({ minLength: 1, maxLength: 64, pattern: "^[\\w+=,.@-]+$" }),
  },
  closed,
);
export type NamedPerson = Static<typeof NamedPerson>;

const People = Type.Array(NamedPerson, { minItems: 1, maxItems: NAMED_PEOPLE_MAX });
const ViewersMax = Type.Integer({ minimum: 1, maximum: 100 });

export const CreateShareRequest = Type.Object(
  {
    mode: ShareMode,
    audience: ShareAudience,
    /** With audience `named`, and only then. */
    people: Type.Optional(People),
    expires: ShareExpiry,
    /** Whether viewers get what was printed before they came; the current screen they always see. */
    earlierOutput: Type.Boolean(),
    /** The terminal gets the smallest size among the owner's and those of viewers who came by this link. */
    fitSmallest: Type.Optional(Type.Boolean()),
    /** People at a time; absent: as many as the server allows. */
    viewersMax: Type.Optional(ViewersMax),
  },
  closed,
);
export type CreateShareRequest = Static<typeof CreateShareRequest>;

/** What is absent stays. `expires` counts from the change on. Who is not let in any more is put out at once. */
export const ChangeShareRequest = Type.Partial(CreateShareRequest, closed);
export type ChangeShareRequest = Static<typeof ChangeShareRequest>;

/** Why a link ended. */
export const ShareEndReason = Type.Union([
  Type.Literal("revoked"),
  Type.Literal("expired"),
  Type.Literal("session-ended"),
  Type.Literal("owner-signed-out"),
  /** The server's settings do not allow it any more. */
  Type.Literal("not-allowed"),
]);
export type ShareEndReason = Static<typeof ShareEndReason>;

/** A link as its owner sees it; the secret is not among it. */
export const Share = Type.Object({
  id: Type.String(),
  sessionId: Type.String(),
  mode: ShareMode,
  audience: ShareAudience,
  people: Type.Array(NamedPerson),
  createdAt: Type.Number({ description: "milliseconds since the epoch" }),
  /** Absent: it ends with the session. */
  expiresAt: Type.Optional(Type.Number()),
  earlierOutput: Type.Boolean(),
  fitSmallest: Type.Boolean(),
  viewersMax: Type.Integer(),
  /** People who watch by this link at this moment. */
  watching: Type.Integer(),
  /** People who ever came by it. */
  joined: Type.Integer(),
});
export type Share = Static<typeof Share>;

/** What the server's settings leave of the choices, for this session's account. A choice that is off is shown with the reason. */
export const SharePolicy = Type.Object({
  /** Links may be made at all. */
  sharing: Type.Boolean(),
  /** Viewers may come to the keyboard: modes `ask` and `type`. */
  typing: Type.Boolean(),
  /** Audience `anyone` may be chosen. */
  anyone: Type.Boolean(),
  /** A viewer must be allowed to start a session on this instance herself. */
  needsStartSession: Type.Boolean(),
  sharesMax: Type.Integer(),
  viewersMax: Type.Integer(),
});
export type SharePolicy = Static<typeof SharePolicy>;

/** Answer of `GET /sessions/:id/shares`: the links that live, newest first. */
export const SessionShares = Type.Object({ shares: Type.Array(Share), policy: SharePolicy });
export type SessionShares = Static<typeof SessionShares>;

/** Answer of `POST /sessions/:id/shares`: the only time that the secret is told. The link is `/s/<share.id>#<secret>`. */
export const ShareCreated = Type.Object({ share: Share, secret: Type.String() });
export type ShareCreated = Static<typeof ShareCreated>;

export const SharesRevoked = Type.Object({ revoked: Type.Integer() });
export type SharesRevoked = Static<typeof SharesRevoked>;

const Secret = Type.String({ minLength: 1, maxLength: 200 });

/**
 * Body of `POST /shares/:shareId/join`. Absent identity: the login's first that the link lets in. Absent secret: the one that this
 * browser left with `carry` before it went to sign in.
 */
export const JoinShareRequest = Type.Object(
  { secret: Type.Optional(Secret), identityId: Type.Optional(IdentityId) },
  closed,
);
export type JoinShareRequest = Static<typeof JoinShareRequest>;

/**
 * Body of `POST /shares/:shareId/carry`: the page is about to be left for a sign-in elsewhere, and its memory with it. The server
 * keeps a hash of the secret for ten minutes, for the browser that gets the cookie of the answer. Tells nothing of the link.
 */
export const CarryShareRequest = Type.Object({ secret: Secret }, closed);
export type CarryShareRequest = Static<typeof CarryShareRequest>;

/** Answer of `GET /shares/carried`: the link that this browser left before it signed in, if there is one. */
export const CarriedShare = Type.Object({ shareId: Type.Optional(Type.String()) });
export type CarriedShare = Static<typeof CarriedShare>;

export const SharePerson = Type.Object({
  name: Type.String(),
  account: Type.String(),
  role: Type.String(),
  /** false: shown as "unverified". */
  proven: Type.Boolean(),
});
export type SharePerson = Static<typeof SharePerson>;

/** A shared terminal as who was let in sees it. */
export const SharedSession = Type.Object({
  shareId: Type.String(),
  /** Of the asking person's own session: she opens that instead. Absent for everybody else. */
  ownSessionId: Type.Optional(Type.String()),
  mode: ShareMode,
  owner: SharePerson,
  account: Type.String(),
  region: Type.String(),
  instanceId: Type.String(),
  instanceName: Type.String(),
  earlierOutput: Type.Boolean(),
  startedAt: Type.Number(),
  joinedAt: Type.Number(),
  expiresAt: Type.Optional(Type.Number()),
});
export type SharedSession = Static<typeof SharedSession>;

/** Answer of `GET /shares`: links that live, and terminals that others share with any identity of the login. Newest first. */
export const ShareLists = Type.Object({
  mine: Type.Array(Type.Object({ ...Share.properties, instanceId: Type.String(), instanceName: Type.String() })),
  withMe: Type.Array(SharedSession),
});
export type ShareLists = Static<typeof ShareLists>;

// --- messages of the attach websocket, from a page

/**
 * `ask`, `cancel`, `give-back` are a viewer's; `allow`, `refuse` (of whom: `who`) and `take-back` the owner's. What does not fit
 * the state is answered with a `notice` (KEYBOARD_ASK_LATER, KEYBOARD_OWNER_AWAY, SHARE_VIEW_ONLY) or not at all.
 */
export const KeyboardMessage = Type.Object(
  {
    type: Type.Literal("keyboard"),
    act: Type.Union([
      Type.Literal("ask"),
      Type.Literal("cancel"),
      Type.Literal("give-back"),
      Type.Literal("allow"),
      Type.Literal("refuse"),
      Type.Literal("take-back"),
    ]),
    /** Key of a person in `sharing`. */
    who: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_-]{1,22}$" })),
  },
  closed,
);
export type KeyboardMessage = Static<typeof KeyboardMessage>;

/** Where a pointer is, in cells of the grid with fractions; null: it left, or is not shown any more. */
export const PointerPlace = Type.Union([
  Type.Object(
    { col: Type.Number({ minimum: 0, maximum: 500 }), row: Type.Number({ minimum: 0, maximum: 200 }) },
    closed,
  ),
  Type.Null(),
]);
export type PointerPlace = Static<typeof PointerPlace>;

export const PointerMessage = Type.Object({ type: Type.Literal("pointer"), at: PointerPlace }, closed);
/** The owner's: how many lines her viewport is above the end. */
export const ScrollMessage = Type.Object(
  { type: Type.Literal("scroll"), linesAboveEnd: Type.Integer({ minimum: 0, maximum: 10_000_000 }) },
  closed,
);

// --- and to a page

/** What a person may do at the moment. `until`: server's clock, when it ends by itself, or when one may ask again. */
export const KeyboardState = Type.Union([
  Type.Literal("watching"),
  Type.Literal("asked"),
  Type.Literal("refused"),
  Type.Literal("holding"),
  Type.Literal("owner-away"),
  Type.Literal("taken-back"),
]);
export type KeyboardState = Static<typeof KeyboardState>;

export const PresentPerson = Type.Object({
  /** Names the person in messages of this session; it grants nothing. The owner's is `owner`. */
  key: Type.String(),
  ...SharePerson.properties,
  /** Number of the presence colour, from 0; it stays the person's for the session. The owner's is 0. */
  colour: Type.Integer(),
  /** The link's mode; absent: the owner. */
  mode: Type.Optional(ShareMode),
  keyboard: KeyboardState,
  until: Type.Optional(Type.Number()),
  /** false: the connection broke a moment ago, and a holder's or an asker's place is kept for it. */
  connected: Type.Boolean(),
});
export type PresentPerson = Static<typeof PresentPerson>;

/**
 * Who is here and who has the keyboard, whole: after `attached`, and whenever it changed. An owner without links gets none.
 * `until` of `owner-away` is when the holder loses the keyboard.
 */
export const SharingMessage = Type.Object({
  type: Type.Literal("sharing"),
  nowMs: Type.Number(),
  /** Key of the receiver. */
  you: Type.String(),
  people: Type.Array(PresentPerson),
  /** No page of the owner is connected. */
  ownerAway: Type.Boolean(),
  /** When the link that the receiver came by ends; absent: with the session. */
  expiresAt: Type.Optional(Type.Number()),
});
export type SharingMessage = Static<typeof SharingMessage>;

/** What just happened, for toasts and notices; `sharing` says how it is now. `who` is the person it is about. */
export const SharingEventMessage = Type.Object({
  type: Type.Literal("sharing-event"),
  event: Type.Union([
    Type.Literal("joined"),
    Type.Literal("left"),
    Type.Literal("asked"),
    Type.Literal("cancelled"),
    Type.Literal("allowed"),
    Type.Literal("refused"),
    Type.Literal("no-answer"),
    Type.Literal("given-back"),
    /** By the owner. With `swallowed` her key did it, and that key was not sent. */
    Type.Literal("taken-back"),
    /** Five minutes without a key, or the owner was away for too long. */
    Type.Literal("returned"),
  ]),
  who: Type.String(),
  swallowed: Type.Optional(Type.Boolean()),
});
export type SharingEventMessage = Static<typeof SharingEventMessage>;

/** Somebody types: at once when it is another person than before, else at most twice a second. */
export const TypingMessage = Type.Object({ type: Type.Literal("typing"), who: Type.String() });

/** Pointers that moved, and the owner's scroll position if it did. */
export const PointersMessage = Type.Object({
  type: Type.Literal("pointers"),
  pointers: Type.Array(Type.Object({ who: Type.String(), at: PointerPlace })),
  ownerLinesAboveEnd: Type.Optional(Type.Integer()),
});

/** The last message to a viewer before the server closes with CLOSE_SHARE_ENDED: remove the terminal's text at once. */
export const ShareEndedMessage = Type.Object({
  type: Type.Literal("share-ended"),
  why: ShareEndReason,
  end: Type.Optional(SessionEnd),
});

/** Close code of a viewer's attach socket: the link ended, or the person is not let in any more. */
export const CLOSE_SHARE_ENDED = 4002;
