import type { Json } from "../../signed-in-identity.ts";

/** Made anew for each sign-in, so that an answer belongs to one question (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636). */
export interface OidcChecks {
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
}

export interface OidcTokens {
  /** What AWS is shown. */
  idToken: string;
  /** Of the verified ID token. */
  claims: Readonly<Record<string, Json>>;
  /** Absent: the provider gives none, and only the person can renew. */
  refreshToken?: string;
}

/** The organisation's provider, in our words. Implemented in ./openid-client-provider.ts. */
export interface OidcProvider {
  /** Where the browser goes. @throws CatalogError OIDC_PROVIDER_UNREACHABLE */
  authorizationUrl(checks: OidcChecks): Promise<string>;
  /**
   * Redeems what the browser brought back.
   * @param answer the redirect address with its query
   * @throws CatalogError OIDC_SIGN_IN_REFUSED, OIDC_SIGN_IN_FAILED, OIDC_PROVIDER_UNREACHABLE
   */
  redeem(answer: URL, checks: OidcChecks): Promise<OidcTokens>;
  /** @throws CatalogError SIGN_IN_REQUIRED: the token is over; OIDC_PROVIDER_UNREACHABLE, … */
  refresh(refreshToken: string): Promise<OidcTokens>;
}
