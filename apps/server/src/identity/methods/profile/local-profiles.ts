import type { AwsCredentials } from "../../aws-identity.ts";
import type { Person } from "../../person.ts";

/** Profiles that are listed; a person has a handful. */
export const PROFILES_MAX = 200;

export interface ProfileSummary {
  name: string;
  kind: "keys" | "role" | "process" | "identity-center" | "web-identity";
  mfa: boolean;
}

export interface ProfileSignIn {
  credentials: AwsCredentials;
  person: Person;
}

/** The AWS configuration of the machine's own user, in our words. Implemented in aws/. */
export interface LocalProfiles {
  /** By name. Names and kinds alone. @throws CatalogError PROFILES_UNREADABLE */
  list(): Promise<ProfileSummary[]>;
  /**
   * Reads the files anew, and does what the profile says.
   * @throws CatalogError PROFILE_UNUSABLE, PROFILE_NEEDS_MFA, PROFILE_SIGN_IN_ENDED, ROLE_NOT_ASSUMABLE, …
   */
  signIn(name: string, mfaCode: string | undefined): Promise<ProfileSignIn>;
}
