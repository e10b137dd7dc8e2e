import { type Static, Type } from "typebox";

/** The fragment of the printed link: base64url of 32 random bytes. */
export const LaunchRequest = Type.Object(
  { secret: Type.String({ minLength: 20, maxLength: 200 }) },
  { additionalProperties: false },
);
export type LaunchRequest = Static<typeof LaunchRequest>;

/** `add`: beside the identities of this browser's login; `replace` (when absent): instead of them. */
export const SignInMode = Type.Union([Type.Literal("replace"), Type.Literal("add")]);
export type SignInMode = Static<typeof SignInMode>;

/** The name of a role, as AWS writes it. */
export const RoleArn = Type.String({
  minLength: 20,
  maxLength: 2048,
  pattern: "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,512}$",
});

export const AccessKeysRequest = Type.Object(
  {
    how: Type.Optional(SignInMode),
    accessKeyId: Type.String({ minLength: 16, maxLength: 128, pattern: "^[A-Za-z0-9_]+$" }),
    secretAccessKey: Type.String({ minLength: 1, maxLength: 256 }),
    sessionToken: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
    /** What to become with the keys; absent: nothing else. */
    roleArn: Type.Optional(RoleArn),
    /** With it long-term keys are exchanged for a session, and not kept. */
    mfa: Type.Optional(
      Type.Object(
        {
          code: Type.String({ pattern: "^[0-9]{6}$" }),
          /** How long the session of the keys lasts, in hours. Absent, or beyond it: as long as the login. */
          hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 36 })),
          /** Absent: the virtual device that is called like the user. */
          serial: Type.Optional(Type.String({ minLength: 9, maxLength: 256, pattern: "^[\\w+=/:,.@-]+$" })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type AccessKeysRequest = Static<typeof AccessKeysRequest>;

export const ReadyMadeRequest = Type.Object(
  { personId: Type.String({ minLength: 1, maxLength: 64 }), how: Type.Optional(SignInMode) },
  { additionalProperties: false },
);
export type ReadyMadeRequest = Static<typeof ReadyMadeRequest>;

export const ReadyMadePerson = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.String(),
  description: Type.String(),
});
export type ReadyMadePerson = Static<typeof ReadyMadePerson>;

/** What the sign-in page may offer. Readable by anyone; names ready-made people only to a launched browser. */
export const SignInOptions = Type.Object({
  version: Type.String(),
  accessKeys: Type.Boolean(),
  readyMade: Type.Object({
    offered: Type.Boolean({ description: "the server has a file of ready-made people" }),
    launched: Type.Boolean({ description: "this browser came through the printed link" }),
    people: Type.Array(ReadyMadePerson),
  }),
  identityCenter: Type.Object({
    offered: Type.Boolean(),
    typed: Type.Boolean({ description: "another start URL than the listed ones may be typed" }),
    listed: Type.Array(Type.Object({ startUrl: Type.String(), region: Type.String() })),
  }),
  oidc: Type.Optional(
    Type.Object({
      name: Type.String({ description: "what people call the provider" }),
      roles: Type.Array(Type.String(), { description: "ARNs to choose from; empty: the provider says which" }),
    }),
  ),
  profiles: Type.Optional(
    Type.Object({ launched: Type.Boolean({ description: "this browser came through the printed link" }) }),
  ),
  signInHoursMax: Type.Number({ description: "longest duration of a login, in hours" }),
});
export type SignInOptions = Static<typeof SignInOptions>;

export const Region = Type.Object({ id: Type.String(), name: Type.String() });
export type Region = Static<typeof Region>;

/** How an identity was proven; each is a way of signing in. */
export const SignInMethodName = Type.Union([
  Type.Literal("access-keys"),
  Type.Literal("ready-made"),
  Type.Literal("identity-center"),
  Type.Literal("profile"),
  Type.Literal("oidc"),
]);
export type SignInMethodName = Static<typeof SignInMethodName>;

export const PersonView = Type.Object({
  account: Type.String(),
  userId: Type.String(),
  arn: Type.String(),
  /** IAM user name or role session name. */
  name: Type.String(),
  /** Role name when a role is assumed; otherwise "IAM user". */
  role: Type.String(),
  /** false: the name was chosen by whoever assumed the role (shown as "unverified"). */
  proven: Type.Boolean(),
});
export type PersonView = Static<typeof PersonView>;

/** Names an identity among those of a login, and grants nothing. Absent in a question: the login's first. */
export const IdentityId = Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" });

/** What an account is called here, and its colour: prod rose, staging amber, dev green. */
export const AccountEnvironment = Type.Object({
  name: Type.String(),
  colour: Type.Union([Type.Literal("prod"), Type.Literal("staging"), Type.Literal("dev"), Type.Literal("none")]),
});
export type AccountEnvironment = Static<typeof AccountEnvironment>;

/** One account and role that this login may act as, by the person's own credentials. */
export const IdentityView = Type.Object({
  id: Type.String(),
  person: PersonView,
  method: SignInMethodName,
  accountName: Type.Optional(Type.String()),
  /** As the server's configuration says of the account. */
  environment: Type.Optional(AccountEnvironment),
  /** Absent: the credentials do not end, or when is not known. Milliseconds since the epoch. */
  credentialsExpireAt: Type.Optional(Type.Number()),
  /** `expiring`: they end soon and the server cannot renew them; `expired`: only the person can. */
  state: Type.Union([Type.Literal("usable"), Type.Literal("expiring"), Type.Literal("expired")]),
  /** The server renews the credentials by itself. */
  renews: Type.Boolean(),
  regions: Type.Array(Region),
});
export type IdentityView = Static<typeof IdentityView>;

/** What somebody may do in Causeway itself; AWS alone decides about instances. */
export const CausewayRole = Type.Union([Type.Literal("user"), Type.Literal("auditor"), Type.Literal("admin")]);
export type CausewayRole = Static<typeof CausewayRole>;

/** One browser that somebody is signed in from. */
export const LoginView = Type.Object({
  id: Type.String(),
  /** "Firefox on Linux"; empty: the browser does not say. */
  device: Type.String(),
  /** Address it signed in from. */
  ip: Type.String(),
  createdAt: Type.Number({ description: "milliseconds since the epoch" }),
  /** To the minute. */
  lastSeenAt: Type.Number({ description: "milliseconds since the epoch" }),
  endsAt: Type.Number({ description: "when the login reaches its longest duration, milliseconds since the epoch" }),
});
export type LoginView = Static<typeof LoginView>;

/** Whether who opens a shell says why. */
export const ReasonRule = Type.Union([Type.Literal("off"), Type.Literal("optional"), Type.Literal("required")]);
export type ReasonRule = Static<typeof ReasonRule>;

/** What may be said when a shell is opened. */
export const SessionStartRules = Type.Object({
  reason: ReasonRule,
  /** Session documents that may be chosen; the first is taken when none is. */
  documents: Type.Array(Type.String(), { minItems: 1 }),
  /** So may any session document of the account that opens a shell and that AWS lets the person start. */
  accountDocuments: Type.Boolean(),
});
export type SessionStartRules = Static<typeof SessionStartRules>;

/** Whoever is signed in, as AWS names her. */
export const Me = Type.Object({
  login: LoginView,
  /** In the order of signing in; at least one. */
  identities: Type.Array(IdentityView, { minItems: 1 }),
  role: CausewayRole,
  sessionStart: SessionStartRules,
  signedInAt: Type.Number({ description: "milliseconds since the epoch" }),
  endsAt: Type.Number({ description: "when the login reaches its longest duration, milliseconds since the epoch" }),
  /** true when AWS_ENDPOINT_URL points somewhere else than AWS: the page says so. */
  customEndpoint: Type.Boolean(),
});
export type Me = Static<typeof Me>;

/** `end`: the shells end in AWS first; `keep`: they go on, and wait for the same person. */
export const SessionsAtSignOut = Type.Union([Type.Literal("end"), Type.Literal("keep")]);
export type SessionsAtSignOut = Static<typeof SessionsAtSignOut>;

export const SignOutRequest = Type.Object(
  {
    /** Absent: `end`. */
    sessions: Type.Optional(SessionsAtSignOut),
    /** Every browser of this person, not only this one. */
    everywhere: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type SignOutRequest = Static<typeof SignOutRequest>;

export const SignOutElsewhereRequest = Type.Object({ sessions: SessionsAtSignOut }, { additionalProperties: false });
export type SignOutElsewhereRequest = Static<typeof SignOutElsewhereRequest>;

export const LoginParams = Type.Object({ loginId: IdentityId }, { additionalProperties: false });

/** The browsers this person is signed in from, newest first; `current` is the one that asks. */
export const LoginList = Type.Object({
  current: Type.String(),
  logins: Type.Array(
    Type.Intersect([
      LoginView,
      Type.Object({
        /** The identities there that are this login's too. */
        people: Type.Array(
          Type.Object({
            name: Type.String(),
            role: Type.String(),
            account: Type.String(),
            accountName: Type.Optional(Type.String()),
          }),
        ),
      }),
    ]),
  ),
});
export type LoginList = Static<typeof LoginList>;
