import { CatalogError } from "../../../platform/catalog-error.ts";
import { isRoleArn, type OidcRoles } from "../../../platform/oidc-config.ts";
import type { PersonPattern } from "../../../platform/person-pattern.ts";
import type { Json } from "../../signed-in-identity.ts";

type Claims = Readonly<Record<string, Json>>;

/** What STS takes as RoleSessionName (STS API Reference, AssumeRoleWithWebIdentity). */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
/** How we call the sessions of IAM users: the provider must not be able to name one so. */
const IAM_USERS_NAME = /@[0-9]{12}$/;

/**
 * The name of her role session, which makes her the same person at every sign-in. So it is taken as it stands or not at
 * all: two names must never become one. An e-mail address that nobody verified could be anybody's. Pure.
 * @param nameClaim undefined: a verified e-mail address
 * @throws CatalogError OIDC_CLAIMS_UNUSABLE
 */
export function sessionNameOf(claims: Claims, nameClaim: string | undefined): string {
  const claim = nameClaim ?? "email";
  const name = own(claims, claim);
  if (nameClaim === undefined && own(claims, "email_verified") !== true)
    throw new CatalogError("OIDC_CLAIMS_UNUSABLE", { detail: "email_verified is not true" });
  if (typeof name !== "string" || !SESSION_NAME.test(name) || IAM_USERS_NAME.test(name))
    throw new CatalogError("OIDC_CLAIMS_UNUSABLE", {
      detail: `the claim ${claim} must be 2 to 64 letters, digits or any of _+=,.@- and must not end like an account`,
    });
  return name;
}

/**
 * The role to assume. Pure.
 * @param chosen on the page; only one of those that the configuration lists counts
 * @throws CatalogError OIDC_CLAIMS_UNUSABLE, ROLE_NOT_ASSUMABLE
 */
export function roleOf(claims: Claims, roles: OidcRoles, chosen: string | undefined): string {
  if (roles.kind === "listed") {
    const arn = chosen ?? (roles.arns.length === 1 ? roles.arns[0] : undefined);
    if (arn === undefined || !roles.arns.includes(arn)) throw new CatalogError("ROLE_NOT_ASSUMABLE");
    return arn;
  }
  const [arn, ...others] = [own(claims, roles.claim)].flat();
  if (typeof arn !== "string" || !isRoleArn(arn) || others.length > 0)
    throw new CatalogError("OIDC_CLAIMS_UNUSABLE", { detail: `the claim ${roles.claim} must hold one role ARN` });
  return arn;
}

/** The claims that the mapping of roles inside Causeway looks at; nothing else of hers is kept. Pure. */
export function keptClaims(claims: Claims, patterns: readonly PersonPattern[]): Claims {
  const names = patterns.flatMap((pattern) => (pattern.kind === "claim" ? [pattern.claim] : []));
  const kept = names.flatMap((name) => {
    const value = own(claims, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}

function own(claims: Claims, name: string): Json | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
