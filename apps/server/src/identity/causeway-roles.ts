import type { CausewayRole } from "@causeway/wire-contract/identity";
import { matchesWildcard, type PersonPattern } from "../platform/person-pattern.ts";
import type { AwsIdentity } from "./aws-identity.ts";
import type { Json } from "./signed-in-identity.ts";

export type { CausewayRole } from "@causeway/wire-contract/identity";

/** Values of one claim that are compared; a directory may put somebody into thousands of groups. */
const CLAIM_VALUES_MAX = 1_000;

export interface RoleSettings {
  auditors: readonly PersonPattern[];
  admins: readonly PersonPattern[];
}

/**
 * The highest role of any identity of a login. Names count only where they are proven: whoever assumes a role may call
 * the session as she likes. Claims count only where an OIDC provider said them to us. Pure.
 */
export function causewayRoleOf(identities: readonly AwsIdentity[], { admins, auditors }: RoleSettings): CausewayRole {
  const has = (patterns: readonly PersonPattern[]): boolean =>
    patterns.some((pattern) => identities.some((identity) => matches(pattern, identity)));
  if (has(admins)) return "admin";
  return has(auditors) ? "auditor" : "user";
}

function matches(pattern: PersonPattern, identity: AwsIdentity): boolean {
  if (!identity.proven) return false;
  if (pattern.kind === "claim")
    return identity.method === "oidc" && claimHas(identity.claims?.[pattern.claim], pattern.value);
  const isUser = identity.role === IAM_USER;
  if (isUser !== (pattern.kind === "user")) return false;
  return (
    matchesWildcard(pattern.account, identity.account) &&
    (isUser || matchesWildcard(pattern.role, identity.role)) &&
    matchesWildcard(pattern.name, identity.name)
  );
}

/** As ./person.ts calls a person who is no role; no role can be called so, as role names hold no space. */
const IAM_USER = "IAM user";

function claimHas(claim: Json | undefined, value: string): boolean {
  if (Array.isArray(claim)) return claim.slice(0, CLAIM_VALUES_MAX).includes(value);
  return claim === value;
}
