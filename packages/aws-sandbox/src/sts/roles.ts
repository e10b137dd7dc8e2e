// The roles that can be assumed, with whom their trust policies let in. In the account of the ready-made people.
// Source: IAM User Guide, "How to use trust policies with IAM roles"; STS API Reference, AssumeRole.
import type { PolicyDocument } from "../iam/policy.ts";
import type { Principal } from "../iam/principal.ts";
import { PERMISSION_SETS } from "../sso/directory.ts";

export interface SandboxRole {
  name: string;
  /** `AROA…`; with the session name behind a colon it is the session's user id. */
  roleId: string;
  policies: readonly PolicyDocument[];
  /** Longest session, in seconds. */
  sessionSecondsMax: number;
  /** Users of the account whom the trust policy names. */
  users: readonly string[];
  /** `Bool aws:MultiFactorAuthPresent` in the trust policy. */
  asksForMfa?: boolean;
  /** Whether the account's OIDC provider is trusted, with its client id as audience. */
  webIdentity: boolean;
}

const HOUR_SECONDS = 3_600;

export const ROLES: readonly SandboxRole[] = [
  {
    name: "Harbor-Operator",
    roleId: "AROAQ3EGWZHARBOROPER7",
    policies: PERMISSION_SETS["SRE-Operator"] ?? [],
    sessionSecondsMax: 12 * HOUR_SECONDS,
    users: ["dana"],
    webIdentity: true,
  },
  {
    name: "Harbor-Support",
    roleId: "AROAQ3EGWZHARBORSUPP3",
    policies: PERMISSION_SETS["App-Support"] ?? [],
    sessionSecondsMax: HOUR_SECONDS,
    users: ["dana", "kofi"],
    webIdentity: true,
  },
  {
    name: "Harbor-BreakGlass",
    roleId: "AROAQ3EGWZHARBORGLASS",
    policies: PERMISSION_SETS["Admin-BreakGlass"] ?? [],
    sessionSecondsMax: HOUR_SECONDS,
    users: ["dana"],
    asksForMfa: true,
    webIdentity: false,
  },
];

export const roleArn = (role: SandboxRole, account: string): string => `arn:aws:iam::${account}:role/${role.name}`;

export function findRole(arn: string, account: string): SandboxRole | undefined {
  return ROLES.find((role) => roleArn(role, account) === arn);
}

/** Who one is after assuming the role. */
export function roleSession(role: SandboxRole, account: string, sessionName: string, mfa: boolean): Principal {
  return {
    kind: "assumed_role",
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    userId: `${role.roleId}:${sessionName}`,
    sessionName,
    policies: role.policies,
    isTemporary: true,
    mfa,
  };
}
