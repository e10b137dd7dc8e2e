/**
 * Between the ways of signing in (which prove who somebody is and fetch credentials) and the logins (which keep them,
 * sealed, and renew them). Types only: neither side knows more of the other.
 */
import type { AwsCredentials } from "./aws-identity.ts";
import type { Person } from "./person.ts";

export type SignInMethod = "access-keys" | "ready-made" | "identity-center" | "profile" | "oidc";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What renews credentials without the person: a refresh token with its client, a profile's name. JSON of the method
 * named by `kind`; sealed in the store, never shown.
 */
export interface RenewalMaterial {
  readonly kind: SignInMethod;
  readonly [field: string]: Json;
}

/** What a way of signing in hands over. */
export interface SignedIn {
  /** `proven` is decided by the method (architecture §2). */
  person: Person;
  /** With `expiresAtMs` where AWS says when they end. */
  credentials: AwsCredentials;
  method: SignInMethod;
  /** Absent: nothing can be renewed without the person, and the page asks her. */
  renewal?: RenewalMaterial;
  /**
   * Who she is to whoever vouches for her (her organisation, her account), the same behind every account and role. Given
   * by the method where it is proven; absent: nothing beyond this identity is known of her.
   */
  subject?: string;
  /** The account's name, shown in lists beside the role. */
  accountName?: string;
  /** What an OIDC provider said of the person: matched by the mapping of roles inside Causeway. */
  claims?: Readonly<Record<string, Json>>;
}

/** `add`: beside the identities that the login has; `replace`: instead of them. The cookie changes either way. */
export type SignInMode = "replace" | "add";

/** Renews the credentials of one method; registered per method in build-server.ts. */
export interface CredentialRenewer {
  /**
   * Credentials of the same person (the caller checks that they are), and the material for the next time.
   * @throws CatalogError SIGN_IN_REQUIRED: only the person can renew; anything else is tried again with back-off
   */
  renew(material: RenewalMaterial, person: Person): Promise<{ credentials: AwsCredentials; renewal: RenewalMaterial }>;
}

export type CredentialRenewers = Readonly<Partial<Record<SignInMethod, CredentialRenewer>>>;
