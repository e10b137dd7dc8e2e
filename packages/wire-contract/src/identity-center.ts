/** Signing in through IAM Identity Center: a code, then an account and a role. */
import { type Static, Type } from "typebox";
import { AccountEnvironment, Region, SignInMode } from "./identity.ts";

const closed = { additionalProperties: false };
const Id = Type.String({ minLength: 22, maxLength: 22, pattern: "^[A-Za-z0-9_-]{22}$" });

/** Where an organisation signs in. */
export const StartPlace = Type.Object(
  {
    startUrl: Type.String({ minLength: 1, maxLength: 256 }),
    region: Type.String({ minLength: 1, maxLength: 32 }),
  },
  closed,
);
export type StartPlace = Static<typeof StartPlace>;

/** A code to approve in AWS. Only the browser that asked for it can read it, and nothing in it can be redeemed. */
export const SignInCode = Type.Object({
  id: Id,
  startUrl: Type.String(),
  region: Type.String(),
  userCode: Type.String({ description: "what the AWS page must show too" }),
  verificationUri: Type.String({ description: "AWS's page; with the code in it unless the operator wants it typed" }),
  state: Type.Union([
    Type.Literal("waiting"),
    Type.Literal("approved"),
    Type.Literal("denied"),
    Type.Literal("expired"),
  ]),
  /** Durations, not times: the browser's clock may be wrong. */
  expiresInMs: Type.Number(),
  lifetimeMs: Type.Number(),
});
export type SignInCode = Static<typeof SignInCode>;

export const SignInCodeParams = Type.Object({ codeId: Id }, closed);
export const PortalParams = Type.Object({ portalId: Id }, closed);

/** An approved sign-in to a portal, as its login may list it to add another role. */
export const Portals = Type.Object({
  portals: Type.Array(
    Type.Object({
      id: Id,
      startUrl: Type.String(),
      region: Type.String(),
      person: Type.Optional(Type.String({ description: "her user name there" })),
    }),
  ),
});
export type Portals = Static<typeof Portals>;

export const PortalAccountsQuery = Type.Object(
  {
    wanted: Type.Optional(
      Type.String({ pattern: "^[0-9]{12}$", description: "the account whose roles are asked first" }),
    ),
  },
  closed,
);

export const PortalAccounts = Type.Object({
  accounts: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      email: Type.String(),
      roles: Type.Optional(Type.Array(Type.String(), { description: "absent: not known yet" })),
      environment: Type.Optional(AccountEnvironment),
      rolesUnknown: Type.Optional(Type.Boolean({ description: "AWS did not say" })),
    }),
  ),
  person: Type.Optional(Type.String({ description: "her user name there; AWS tells it with the first role chosen" })),
  regions: Type.Array(Region, { description: "where the lists of whoever signs in here can be" }),
  loading: Type.Boolean(),
  truncated: Type.Boolean(),
});
export type PortalAccounts = Static<typeof PortalAccounts>;
export type PortalAccount = PortalAccounts["accounts"][number];

export const PortalRoleRequest = Type.Object(
  {
    accountId: Type.String({ pattern: "^[0-9]{12}$" }),
    roleName: Type.String({ minLength: 1, maxLength: 64, pattern: "^[\\w+=,.@-]+$" }),
    how: Type.Optional(SignInMode),
  },
  closed,
);
export type PortalRoleRequest = Static<typeof PortalRoleRequest>;
