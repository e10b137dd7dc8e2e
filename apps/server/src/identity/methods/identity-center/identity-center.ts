/** What this way of signing in needs from AWS, in our words. Implemented in aws/aws-identity-center.ts. */
import type { AwsCredentials } from "../../aws-identity.ts";

/** Where an organisation signs in. */
export interface StartPlace {
  /** For example `https://d-1234567890.awsapps.com/start`. */
  startUrl: string;
  /** The region of its Identity Center. */
  region: string;
}

/** Our registration at one region's token service; public in the sense of OAuth, but nobody's business. */
export interface SsoClient {
  clientId: string;
  clientSecret: string;
  expiresAtMs: number;
}

export interface StartedCode {
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string;
  expiresInSeconds: number;
  intervalSeconds: number;
}

export interface SsoTokens {
  accessToken: string;
  expiresAtMs: number;
  refreshToken?: string;
}

/** What one poll said (aws-facts.md §3). */
export type PollAnswer =
  | { kind: "pending" | "slow-down" | "expired" | "denied" }
  | { kind: "approved"; tokens: SsoTokens };

export interface SsoAccount {
  id: string;
  name: string;
  email: string;
}

export interface IdentityCenter {
  /** @throws CatalogError AWS_UNREACHABLE, AWS_THROTTLED, … */
  registerClient(region: string): Promise<SsoClient>;
  /** @throws CatalogError START_URL_REFUSED, SSO_CLIENT_UNKNOWN, … */
  startCode(place: StartPlace, client: SsoClient): Promise<StartedCode>;
  poll(region: string, client: SsoClient, deviceCode: string): Promise<PollAnswer>;
  /** @throws CatalogError IDENTITY_CENTER_SIGN_IN_ENDED */
  refresh(region: string, client: SsoClient, refreshToken: string): Promise<SsoTokens>;
  /** One page. @throws CatalogError IDENTITY_CENTER_SIGN_IN_ENDED, AWS_THROTTLED, … */
  accounts(
    region: string,
    accessToken: string,
    nextToken?: string,
  ): Promise<{ accounts: SsoAccount[]; nextToken?: string }>;
  roles(
    region: string,
    accessToken: string,
    accountId: string,
    nextToken?: string,
  ): Promise<{ roles: string[]; nextToken?: string }>;
  /** @throws CatalogError ROLE_NOT_ASSIGNED, IDENTITY_CENTER_SIGN_IN_ENDED, … */
  roleCredentials(region: string, accessToken: string, accountId: string, roleName: string): Promise<AwsCredentials>;
  logout(region: string, accessToken: string): Promise<void>;
}
