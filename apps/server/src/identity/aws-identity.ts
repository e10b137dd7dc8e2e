import type { Json, SignInMethod } from "./signed-in-identity.ts";

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Milliseconds since the epoch; absent: unknown, or they do not expire. */
  expiresAtMs?: number;
}

/** What `sts:GetCallerIdentity` answers. */
export interface CallerIdentity {
  account: string;
  userId: string;
  arn: string;
}

/** The person behind a request, and the only way to her credentials. */
export interface AwsIdentity {
  readonly loginId: string;
  /** Names this identity among those of its login; it grants nothing. */
  readonly identityId: string;
  readonly method: SignInMethod;
  /** When the credentials of this login end, in milliseconds since the epoch; absent: never, or not known. */
  readonly expiresAtMs?: number;
  /** The server renews the credentials by itself. */
  readonly renews?: boolean;
  /** The account's name, where the way of signing in or the configuration knows one. */
  readonly accountName?: string;
  /** What an OIDC provider said of the person. */
  readonly claims?: Readonly<Record<string, Json>>;
  /** Owns sessions: `<account>/<UserId>` when proven, else `<account>/<UserId>/login/<loginId>` (architecture §2). */
  readonly ownerKey: string;
  readonly account: string;
  readonly userId: string;
  readonly arn: string;
  readonly name: string;
  readonly role: string;
  readonly proven: boolean;
  /** Who she is behind every account and role, where a method proved that: what she chose follows it. It owns nothing. */
  readonly subject?: string;
  /** @throws CatalogError CREDENTIALS_EXPIRED or SIGN_IN_REQUIRED */
  credentials(): Promise<AwsCredentials>;
}

/**
 * The same person with her credentials as they are now: for what has to be ended after her login is gone.
 * @throws CatalogError CREDENTIALS_EXPIRED or SIGN_IN_REQUIRED
 */
export async function holdCredentials(identity: AwsIdentity): Promise<AwsIdentity> {
  const credentials = await identity.credentials();
  return { ...identity, credentials: async () => credentials };
}
