/** Signing in at the organisation's own OIDC provider: to its page and back, then a role of AWS. */
import { type Static, Type } from "typebox";
import { RoleArn, SignInMode } from "./identity.ts";

const closed = { additionalProperties: false };

export const OidcStartRequest = Type.Object(
  {
    how: Type.Optional(SignInMode),
    /** One of those that the server offers; absent: the only one, or the one that the provider names. */
    roleArn: Type.Optional(RoleArn),
  },
  closed,
);
export type OidcStartRequest = Static<typeof OidcStartRequest>;

export const OidcStart = Type.Object({
  authorizationUrl: Type.String({ description: "the provider's page; opened in this browser" }),
});
export type OidcStart = Static<typeof OidcStart>;
