/** Signing in with a profile of the AWS configuration of the machine that the server runs on. */
import { type Static, Type } from "typebox";
import { SignInMode } from "./identity.ts";

const closed = { additionalProperties: false };
const ProfileName = Type.String({ minLength: 1, maxLength: 128 });

/** What may be said of a profile before somebody signs in with it: its name, and what it will need. */
export const LocalProfile = Type.Object({
  name: ProfileName,
  kind: Type.Union([
    Type.Literal("keys"),
    Type.Literal("role"),
    Type.Literal("process"),
    Type.Literal("identity-center"),
    Type.Literal("web-identity"),
  ]),
  /** A code of an MFA device is asked for. */
  mfa: Type.Boolean(),
});
export type LocalProfile = Static<typeof LocalProfile>;

export const LocalProfiles = Type.Object({
  profiles: Type.Array(LocalProfile),
  truncated: Type.Boolean({ description: "there are more than are listed" }),
});
export type LocalProfiles = Static<typeof LocalProfiles>;

export const ProfileRequest = Type.Object(
  {
    name: ProfileName,
    mfaCode: Type.Optional(Type.String({ pattern: "^[0-9]{6}$" })),
    how: Type.Optional(SignInMode),
  },
  closed,
);
export type ProfileRequest = Static<typeof ProfileRequest>;
