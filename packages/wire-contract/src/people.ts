import { type Static, Type } from "typebox";

/** A person as an admin names her. */
export const PersonRequest = Type.Object(
  {
    account: Type.String({ pattern: "^[0-9]{12}$" }),
    userId: Type.String({ minLength: 1, maxLength: 256, pattern: "^[A-Za-z0-9_+=,.@:-]+$" }),
  },
  { additionalProperties: false },
);
export type PersonRequest = Static<typeof PersonRequest>;

export const PersonEntry = Type.Object({
  account: Type.String(),
  /** Where the way of signing in or the configuration knows it. */
  accountName: Type.Optional(Type.String()),
  userId: Type.String(),
  name: Type.String(),
  /** Empty: disabled, and not signed in. */
  role: Type.String(),
  proven: Type.Boolean(),
  logins: Type.Integer(),
  /** Open shells. */
  sessions: Type.Integer(),
  lastSeenAt: Type.Optional(Type.Number({ description: "milliseconds since the epoch" })),
  disabled: Type.Optional(Type.Object({ by: Type.String(), at: Type.Number() })),
});
export type PersonEntry = Static<typeof PersonEntry>;

/** Who is signed in, and who is kept out. */
export const PeopleList = Type.Object({
  people: Type.Array(PersonEntry),
  /** Only the people of the newest 1,000 logins are listed. */
  truncated: Type.Boolean(),
});
export type PeopleList = Static<typeof PeopleList>;

/** What was ended. */
export const PutOut = Type.Object({ logins: Type.Integer(), sessions: Type.Integer() });
export type PutOut = Static<typeof PutOut>;
