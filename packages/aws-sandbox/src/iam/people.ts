// The ready-made people of the default account. Their policies are written as a customer
// would write them (aws-facts.md §2), and the evaluator decides by them: nobody is allowed anything by being in this file.
import type { PolicyDocument, PolicyStatement } from "./policy.ts";
import type { PermissionLimit, Principal } from "./principal.ts";

export interface Person {
  id: string;
  name: string;
  /** What the sign-in page shows beside the name. */
  role: string;
  description: string;
  userId: string;
  policies: readonly PolicyDocument[];
  /** What the organisation, or a boundary, leaves of them. */
  limits?: readonly PermissionLimit[];
  tags?: Readonly<Record<string, string>>;
}

export const SEE: PolicyStatement = {
  Sid: "See",
  Effect: "Allow",
  Action: [
    "ec2:DescribeInstances",
    "ec2:DescribeRegions",
    "ssm:DescribeInstanceInformation",
    "ssm:DescribeSessions",
    "ssm:GetConnectionStatus",
    "ssm:ListTagsForResource",
  ],
  Resource: "*",
};

/** EC2 alone, SSM alone: what some people have of `SEE`. */
const SEE_EC2: PolicyStatement = { ...SEE, Action: ["ec2:DescribeInstances", "ec2:DescribeRegions"] };
const SEE_SSM: PolicyStatement = {
  ...SEE,
  Action: ["ssm:DescribeInstanceInformation", "ssm:DescribeSessions", "ssm:GetConnectionStatus"],
};

const OWN_SESSIONS: PolicyStatement = {
  Sid: "OwnSessions",
  Effect: "Allow",
  Action: ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  Resource: "arn:aws:ssm:*:*:session/${aws:username}-*",
};

export const READ_PREFERENCES: PolicyStatement = {
  Sid: "ReadPreferences",
  Effect: "Allow",
  Action: "ssm:GetDocument",
  Resource: "arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell",
};

/** A shell on any machine, by the documents for shells. */
export const SHELL_EVERYWHERE: readonly PolicyStatement[] = [
  {
    Sid: "ShellOnEveryMachine",
    Effect: "Allow",
    Action: "ssm:StartSession",
    Resource: ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:managed-instance/*"],
  },
  {
    Sid: "SessionDocuments",
    Effect: "Allow",
    Action: ["ssm:StartSession", "ssm:GetDocument"],
    Resource: ["arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell", "arn:aws:ssm:*:*:document/AWS-Start*"],
  },
];

/** Sessions of an account whose preferences name a key: every caller needs it (aws-facts.md §2). */
export const SESSION_KEY: PolicyStatement = {
  Sid: "SessionKey",
  Effect: "Allow",
  Action: "kms:GenerateDataKey",
  Resource: "arn:aws:kms:*:*:key/*",
};

/** A shell where the tag says so, by the account's own document. */
export const SHELL_ON_APP_TIER: readonly PolicyStatement[] = [
  {
    Sid: "ShellOnAppTier",
    Effect: "Allow",
    Action: "ssm:StartSession",
    Resource: ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:managed-instance/*"],
    Condition: { StringEquals: { "ssm:resourceTag/tier": "app" } },
  },
  {
    Sid: "OnlyTheShellDocument",
    Effect: "Allow",
    Action: "ssm:StartSession",
    Resource: "arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell",
  },
];

export const policy = (...statements: PolicyStatement[]): readonly PolicyDocument[] => [
  { Version: "2012-10-17", Statement: statements },
];

/** As policies were written before clients were asked for OpenDataChannel (aws-facts.md §2). */
const OWN_SESSIONS_OF_OLD: PolicyStatement = { ...OWN_SESSIONS, Action: ["ssm:ResumeSession", "ssm:TerminateSession"] };

const SHELL_WITH_MFA: readonly PolicyStatement[] = SHELL_EVERYWHERE.map((statement) => ({
  ...statement,
  Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
}));

const ONLY_IRELAND: PermissionLimit = {
  kind: "service control policy",
  policies: policy(
    { Effect: "Allow", Action: "*", Resource: "*" },
    {
      Sid: "SessionsInIrelandOnly",
      Effect: "Deny",
      Action: "ssm:StartSession",
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
    },
  ),
};

const DOCUMENTS_AND_SESSIONS: PolicyStatement = {
  Sid: "DocumentsAndSessions",
  Effect: "Allow",
  Action: ["ssm:GetDocument", "ssm:DescribeDocument", "ssm:ListDocuments", "iam:SimulatePrincipalPolicy"],
  Resource: "*",
};

const NO_SHELL: PolicyStatement = {
  Sid: "NeverAShell",
  Effect: "Deny",
  Action: ["ssm:StartSession", "ssm:ResumeSession", "ssm:SendCommand"],
  Resource: "*",
};

const person = (
  id: string,
  role: string,
  userId: string,
  description: string,
  policies: readonly PolicyDocument[],
  more: Pick<Person, "limits" | "tags"> = {},
): Person => ({ id, name: id, role, description, userId, policies, ...more });

/** Each of them meets Session Manager in another way; the first two are who most tests and the demo are. */
export const DEFAULT_PEOPLE: readonly Person[] = [
  person(
    "dana",
    "SRE-Operator",
    "AIDAQ3EGWZDANA5T7XKLM",
    "Opens a shell on every machine in both regions",
    policy(SEE, ...SHELL_EVERYWHERE, OWN_SESSIONS, SESSION_KEY),
  ),
  person(
    "kofi",
    "App-Support",
    "AIDAQ3EGWZKOFI2R6VNPB",
    "Sees every machine, opens a shell only where tier = app",
    policy(SEE, ...SHELL_ON_APP_TIER, READ_PREFERENCES, OWN_SESSIONS),
  ),
  person(
    "amira",
    "Admin",
    "AIDAQ3EGWZAMIRA4K2JQD",
    "May do everything, also change the account's session preferences",
    policy({ Effect: "Allow", Action: "*", Resource: "*" }),
  ),
  person(
    "rosa",
    "ReadOnly",
    "AIDAQ3EGWZROSA7H3MBTC",
    "Sees every machine, opens no shell",
    policy(SEE, READ_PREFERENCES),
  ),
  person(
    "vera",
    "Auditor",
    "AIDAQ3EGWZVERA2P8WLVF",
    "Reads sessions and documents; a shell is explicitly denied",
    policy(SEE, DOCUMENTS_AND_SESSIONS, NO_SHELL),
  ),
  person(
    "milo",
    "MFA-Operator",
    "AIDAQ3EGWZMILO6S4XRNG",
    "Opens a shell only with keys that an MFA code stands behind",
    policy(SEE, ...SHELL_WITH_MFA, OWN_SESSIONS, SESSION_KEY),
  ),
  person(
    "tariq",
    "Old-Policy",
    "AIDAQ3EGWZTARIQ5D3YKH",
    "His policy is from before ssmmessages:OpenDataChannel: sessions begin, and show nothing",
    policy(SEE, ...SHELL_EVERYWHERE, OWN_SESSIONS_OF_OLD),
  ),
  person(
    "petra",
    "SSM-Only",
    "AIDAQ3EGWZPETRA3V6CJK",
    "Opens shells, but may not ask EC2 anything",
    policy(SEE_SSM, ...SHELL_EVERYWHERE, OWN_SESSIONS, SESSION_KEY),
  ),
  person(
    "emil",
    "EC2-Only",
    "AIDAQ3EGWZEMIL7B5TQSL",
    "Sees EC2's machines, and nothing of Systems Manager",
    policy(SEE_EC2),
  ),
  person(
    "noor",
    "Ireland-Operator",
    "AIDAQ3EGWZNOOR4G7FXPM",
    "Her organisation's policy denies sessions outside eu-west-1",
    policy(SEE, ...SHELL_EVERYWHERE, OWN_SESSIONS, SESSION_KEY),
    { limits: [ONLY_IRELAND] },
  ),
];

export const personPrincipal = (person: Person, account: string): Principal => ({
  kind: "user",
  account,
  arn: `arn:aws:iam::${account}:user/${person.name}`,
  userId: person.userId,
  sessionName: person.name,
  policies: person.policies,
  ...(person.limits === undefined ? {} : { limits: person.limits }),
  ...(person.tags === undefined ? {} : { tags: person.tags }),
});
