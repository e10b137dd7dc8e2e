import { type Static, Type } from "typebox";
import { IdentityId } from "./identity.ts";
import { RegionId } from "./instances.ts";

/**
 * Sessions that AWS has for the signed-in identity and that no keeper of this server holds: of an earlier server, another
 * tool, another machine. None of them is ended unless the person asks for it.
 */
export const UnheldSession = Type.Object({
  /** The id AWS gave it; opaque. */
  awsSessionId: Type.String(),
  instanceId: Type.String(),
  /** AWS's word: Connected, Disconnected, … */
  status: Type.String(),
  documentName: Type.Optional(Type.String()),
  startedAt: Type.Optional(Type.Number({ description: "milliseconds since the epoch" })),
});
export type UnheldSession = Static<typeof UnheldSession>;

/** Both lists newest first. */
export const UnheldSessions = Type.Object({
  region: Type.String(),
  /** Causeway started them: its store has their ids. */
  startedHere: Type.Array(UnheldSession),
  others: Type.Array(UnheldSession),
  /** true: AWS has more than were read. */
  truncated: Type.Boolean(),
});
export type UnheldSessions = Static<typeof UnheldSessions>;

export const UnheldSessionsQuery = Type.Object(
  { region: RegionId, identityId: Type.Optional(IdentityId) },
  { additionalProperties: false },
);

/** AWS: 1 to 96 characters; it begins with a user's or role session's name. */
export const UnheldSessionParams = Type.Object(
  { awsSessionId: Type.String({ pattern: "^[A-Za-z0-9_+=,.@-]{1,96}$" }) },
  { additionalProperties: false },
);
