import { type Static, Type } from "typebox";

/** The fragment of the printed link: base64url of 32 random bytes. */
export const LaunchRequest = Type.Object(
  { secret: Type.String({ minLength: 20, maxLength: 200 }) },
  { additionalProperties: false },
);
export type LaunchRequest = Static<typeof LaunchRequest>;

export const AccessKeysRequest = Type.Object(
  {
    accessKeyId: Type.String({ minLength: 16, maxLength: 128, pattern: "^[A-Za-z0-9_]+$" }),
    secretAccessKey: Type.String({ minLength: 1, maxLength: 256 }),
    sessionToken: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
  },
  { additionalProperties: false },
);
export type AccessKeysRequest = Static<typeof AccessKeysRequest>;

export const ReadyMadeRequest = Type.Object(
  { personId: Type.String({ minLength: 1, maxLength: 64 }) },
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

/** The signed-in person, as AWS names her. */
export const Me = Type.Object({
  person: Type.Object({
    account: Type.String(),
    userId: Type.String(),
    arn: Type.String(),
    /** IAM user name or role session name. */
    name: Type.String(),
    /** Role name when a role is assumed; otherwise "IAM user". */
    role: Type.String(),
    /** false: the name was chosen by whoever assumed the role (shown as "unverified"). */
    proven: Type.Boolean(),
  }),
  method: SignInMethodName,
  regions: Type.Array(Region),
  signedInAt: Type.Number({ description: "milliseconds since the epoch" }),
  endsAt: Type.Number({ description: "when the login reaches its longest duration, milliseconds since the epoch" }),
  /** true when AWS_ENDPOINT_URL points somewhere else than AWS: the page says so. */
  customEndpoint: Type.Boolean(),
});
export type Me = Static<typeof Me>;
