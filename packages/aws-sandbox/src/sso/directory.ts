// The sandbox's Identity Center: accounts, permission sets and who has which where. A role's name, session name and user id have the
// form that Identity Center gives them, so that what is true of them in AWS is true here.
import { createHash } from "node:crypto";
import { policy, READ_PREFERENCES, SEE, SHELL_EVERYWHERE, SHELL_ON_APP_TIER } from "../iam/people.ts";
import type { PolicyDocument, PolicyStatement } from "../iam/policy.ts";
import type { Principal } from "../iam/principal.ts";

export interface SsoAccount {
  id: string;
  name: string;
  email: string;
}

export interface SsoPerson {
  /** As the ready-made people are called. */
  id: string;
  /** The role session name of all her roles. */
  userName: string;
  /** Permission sets by account id. */
  assignments: Readonly<Record<string, readonly string[]>>;
}

const account = (id: string, name: string): SsoAccount => ({ id, name, email: `aws+${name}@harbor.example` });

export const SSO_ACCOUNTS: readonly SsoAccount[] = [
  account("111122223333", "harbor-prod"),
  account("444455556666", "harbor-staging"),
  account("777788889999", "harbor-dev"),
  account("123456789012", "harbor-data"),
  account("210987654321", "harbor-network"),
  account("333322221111", "harbor-log-archive"),
  account("999988887777", "harbor-stores"),
];

/** Policy variables of roles hold the user id, not a user name: own sessions are told by the tag that AWS puts on them. */
const OWN_ROLE_SESSIONS: PolicyStatement = {
  Sid: "OwnSessions",
  Effect: "Allow",
  Action: ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"],
  Resource: "arn:aws:ssm:*:*:session/*",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  Condition: { StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" } },
};

export const PERMISSION_SETS: Readonly<Record<string, readonly PolicyDocument[]>> = {
  "SRE-Operator": policy(SEE, ...SHELL_EVERYWHERE, OWN_ROLE_SESSIONS),
  "App-Support": policy(SEE, ...SHELL_ON_APP_TIER, READ_PREFERENCES, OWN_ROLE_SESSIONS),
  ReadOnly: policy(SEE, READ_PREFERENCES),
  "Admin-BreakGlass": policy({ Effect: "Allow", Action: "*", Resource: "*" }),
};

export const SSO_PEOPLE: readonly SsoPerson[] = [
  {
    id: "dana",
    userName: "dana@harbor.example",
    assignments: {
      "111122223333": ["SRE-Operator", "ReadOnly", "Admin-BreakGlass"],
      "444455556666": ["SRE-Operator", "ReadOnly"],
      "777788889999": ["SRE-Operator", "ReadOnly", "App-Support", "Admin-BreakGlass"],
      "123456789012": ["SRE-Operator", "ReadOnly"],
      "210987654321": ["ReadOnly"],
      "333322221111": ["ReadOnly"],
      "999988887777": ["SRE-Operator", "ReadOnly"],
    },
  },
  {
    id: "kofi",
    userName: "kofi@harbor.example",
    assignments: { "111122223333": ["App-Support"], "444455556666": ["App-Support", "ReadOnly"] },
  },
];

export function findSsoPerson(id: string): SsoPerson | undefined {
  return SSO_PEOPLE.find((person) => person.id === id);
}

/** @returns the principal of the role session, or undefined when the person does not have that role there */
export function ssoRole(person: SsoPerson, accountId: string, permissionSet: string): Principal | undefined {
  const sets = Object.hasOwn(person.assignments, accountId) ? person.assignments[accountId] : undefined;
  const policies = Object.hasOwn(PERMISSION_SETS, permissionSet) ? PERMISSION_SETS[permissionSet] : undefined;
  if (!sets?.includes(permissionSet) || policies === undefined) return undefined;
  const digest = createHash("sha256").update(`${accountId}/${permissionSet}`).digest("hex");
  const roleName = `AWSReservedSSO_${permissionSet}_${digest.slice(0, 16)}`;
  return {
    kind: "assumed_role",
    account: accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${person.userName}`,
    userId: `AROA${digest.slice(16, 33).toUpperCase()}:${person.userName}`,
    sessionName: person.userName,
    policies,
    personId: person.id,
  };
}
