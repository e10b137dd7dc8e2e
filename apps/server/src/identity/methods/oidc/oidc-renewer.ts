import { createHash } from "node:crypto";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { CredentialRenewer, RenewalMaterial } from "../../signed-in-identity.ts";
import type { RoleAssumer } from "../role-assumer.ts";
import type { OidcProvider, OidcTokens } from "./oidc-provider.ts";

/** Renewals whose second half failed; at the bound the oldest asks its person. */
export const HALF_DONE_MAX = 1_000;

export interface OidcMaterial {
  refreshToken: string;
  /** The provider's own name of her: tokens of somebody else renew nothing. */
  subject: string;
  roleArn: string;
  sessionName: string;
}

export function oidcMaterial(material: OidcMaterial): RenewalMaterial {
  return { kind: "oidc", ...material };
}

/**
 * New keys of the same role for a fresh token. A provider that rotates its refresh tokens takes the old one once: when
 * AWS then fails, the new tokens are kept here for the next try, or she would be asked for nothing.
 */
export function oidcRenewer(deps: { provider: OidcProvider; roles: RoleAssumer }): CredentialRenewer {
  /** By the hash of the refresh token that is still stored. */
  const halfDone = new Map<string, OidcTokens>();
  return {
    async renew(material) {
      const { refreshToken, subject, roleArn, sessionName } = materialOf(material);
      const key = createHash("sha256").update(refreshToken).digest("base64url");
      const tokens = await deps.provider.refresh(halfDone.get(key)?.refreshToken ?? refreshToken);
      halfDone.delete(key);
      if (tokens.claims.sub !== subject) throw new CatalogError("SIGN_IN_REQUIRED");
      if (halfDone.size >= HALF_DONE_MAX) halfDone.delete([...halfDone.keys()][0] as string);
      halfDone.set(key, tokens);
      const credentials = await deps.roles
        .withWebIdentity(tokens.idToken, { roleArn, sessionName })
        .catch((error: unknown) => {
          // Whoever administers the account took the role away: asking again and again does not bring it back.
          const isOver = error instanceof CatalogError && error.code === "ROLE_NOT_ASSUMABLE";
          if (isOver) halfDone.delete(key);
          throw isOver ? new CatalogError("SIGN_IN_REQUIRED", { cause: error }) : error;
        });
      halfDone.delete(key);
      const next = tokens.refreshToken ?? refreshToken;
      return { credentials, renewal: oidcMaterial({ refreshToken: next, subject, roleArn, sessionName }) };
    },
  };
}

function materialOf(material: RenewalMaterial): OidcMaterial {
  const { refreshToken, subject, roleArn, sessionName } = material;
  if (
    typeof refreshToken !== "string" ||
    typeof subject !== "string" ||
    typeof roleArn !== "string" ||
    typeof sessionName !== "string"
  )
    throw new CatalogError("SIGN_IN_REQUIRED");
  return { refreshToken, subject, roleArn, sessionName };
}
