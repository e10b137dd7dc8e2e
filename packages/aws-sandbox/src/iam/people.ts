// The ready-made people of the default account, and the role that every machine has. Their policies are written as a customer
// would write them (aws-facts.md §2), and the evaluator decides by them: nobody is allowed anything by being in this file.
import type { PolicyDocument, PolicyStatement } from "./policy.ts";
import type { Principal } from "./principal.ts";

export interface Person {
  id: string;
  name: string;
  /** What the sign-in page shows beside the name. */
  role: string;
  description: string;
  userId: string;
  policies: readonly PolicyDocument[];
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
  ],
  Resource: "*",
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

export const DEFAULT_PEOPLE: readonly Person[] = [
  {
    id: "dana",
    name: "dana",
    role: "SRE-Operator",
    description: "Opens a shell on every machine in both regions",
    userId: "AIDAQ3EGWZDANA5T7XKLM",
    policies: policy(SEE, ...SHELL_EVERYWHERE, OWN_SESSIONS),
  },
  {
    id: "kofi",
    name: "kofi",
    role: "App-Support",
    description: "Sees every machine, opens a shell only where tier = app",
    userId: "AIDAQ3EGWZKOFI2R6VNPB",
    policies: policy(SEE, ...SHELL_ON_APP_TIER, READ_PREFERENCES, OWN_SESSIONS),
  },
];

export const personPrincipal = (person: Person, account: string): Principal => ({
  kind: "user",
  account,
  arn: `arn:aws:iam::${account}:user/${person.name}`,
  userId: person.userId,
  sessionName: person.name,
  policies: person.policies,
});

const NODE_ROLE = "SandboxNodeRole";

/** What AmazonSSMManagedInstanceCore gives a node, as far as it is emulated. */
const NODE_POLICIES = policy({
  Effect: "Allow",
  Action: [
    "ssm:UpdateInstanceInformation",
    "ssm:ListInstanceAssociations",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  Resource: "*",
});

/** A machine's own identity: its instance profile's role, with the instance id as session name, as EC2 does it. */
export const nodePrincipal = (instance: { id: string; account: string }): Principal => ({
  kind: "assumed_role",
  account: instance.account,
  arn: `arn:aws:sts::${instance.account}:assumed-role/${NODE_ROLE}/${instance.id}`,
  userId: `AROAQ3EGWZNODEROLE7YT:${instance.id}`,
  sessionName: instance.id,
  policies: NODE_POLICIES,
  instanceId: instance.id,
});

export const NODE_ROLE_NAME = NODE_ROLE;
