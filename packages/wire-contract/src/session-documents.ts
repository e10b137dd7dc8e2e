import { type Static, Type } from "typebox";
import { IdentityId } from "./identity.ts";
import { RegionId } from "./instances.ts";
import { Problem } from "./problem.ts";

/** Whose documents, and where; without an identity: the login's first. */
export const SessionDocumentsQuery = Type.Object(
  { region: RegionId, identityId: Type.Optional(IdentityId) },
  { additionalProperties: false },
);

export const SessionDocument = Type.Object({
  name: Type.String(),
  /** As its author wrote it; absent: it has none, or the person may not read it. */
  description: Type.Optional(Type.String()),
});
export type SessionDocument = Static<typeof SessionDocument>;

/** Session documents of the account that open a shell, as far as the person may see them. */
export const SessionDocuments = Type.Object({
  documents: Type.Array(SessionDocument),
  /** The account has more than are listed. */
  more: Type.Boolean(),
  /** Why the account could not be asked; what the server offers anyway is not concerned. */
  problem: Type.Optional(Problem),
});
export type SessionDocuments = Static<typeof SessionDocuments>;
