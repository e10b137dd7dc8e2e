/**
 * The roles that machines have. Most have all that a node needs; the others lack one thing each, as roles do that somebody wrote for
 * another purpose, and so their machines fail where a real one would: the evaluator decides, at the call that is denied.
 */
import { policy } from "./people.ts";
import type { PolicyStatement } from "./policy.ts";
import type { PermissionLimit, Principal } from "./principal.ts";

const AGENT: PolicyStatement = {
  Sid: "Agent",
  Effect: "Allow",
  Action: [
    "ssm:UpdateInstanceInformation",
    "ssm:ListAssociations",
    "ssm:ListInstanceAssociations",
    "ssm:DescribeAssociation",
    "ssm:DescribeDocument",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetDocument",
    "ssm:GetManifest",
    "ssm:PutInventory",
    "ssm:PutComplianceItems",
    "ssm:PutConfigurePackageResult",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ec2messages:GetMessages",
  ],
  Resource: "*",
};
const CHANNELS: PolicyStatement = {
  Sid: "Channels",
  Effect: "Allow",
  Action: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  Resource: "*",
};
const SESSION_KEY: PolicyStatement = {
  Sid: "SessionKey",
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: "arn:aws:kms:*:*:key/*",
};
const SESSION_LOGS: PolicyStatement = {
  Sid: "SessionLogs",
  Effect: "Allow",
  Action: ["logs:DescribeLogGroups", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetEncryptionConfiguration"],
  Resource: "*",
};

/** An organisation's policy that was meant for people, and meets nodes as well. */
const NO_DATA_CHANNELS: PermissionLimit = {
  kind: "service control policy",
  policies: policy(
    { Effect: "Allow", Action: "*", Resource: "*" },
    { Sid: "NoDataChannels", Effect: "Deny", Action: "ssmmessages:*DataChannel", Resource: "*" },
  ),
};

export type NodeRoleName =
  | "SandboxNodeRole"
  | "HarborReportsRole"
  | "HarborRestrictedRole"
  | "HarborLedgerRole"
  | "HarborAuditRole";

export const NODE_ROLE_NAME: NodeRoleName = "SandboxNodeRole";

type NodeRole = Pick<Principal, "policies" | "limits">;

const NODE_ROLES: Readonly<Record<NodeRoleName, NodeRole>> = {
  SandboxNodeRole: { policies: policy(AGENT, CHANNELS, SESSION_KEY, SESSION_LOGS) },
  // written for Run Command: the agent reports, and may open no channel
  HarborReportsRole: { policies: policy(AGENT, SESSION_KEY) },
  HarborRestrictedRole: { policies: policy(AGENT, CHANNELS, SESSION_KEY, SESSION_LOGS), limits: [NO_DATA_CHANNELS] },
  HarborLedgerRole: { policies: policy(AGENT, CHANNELS, SESSION_LOGS) },
  HarborAuditRole: { policies: policy(AGENT, CHANNELS, SESSION_KEY) },
};

interface Node {
  id: string;
  account: string;
  /** Default: the one that lacks nothing. */
  nodeRole?: NodeRoleName;
}

export const isNodeRole = (name: string): name is NodeRoleName => Object.hasOwn(NODE_ROLES, name);

/** A machine's own identity: its instance profile's role, with the instance id as session name, as EC2 does it. */
export function nodePrincipal({ id, account, nodeRole = NODE_ROLE_NAME }: Node): Principal {
  return {
    kind: "assumed_role",
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${nodeRole}/${id}`,
    userId: `AROAQ3EGWZNODEROLE7YT:${id}`,
    sessionName: id,
    ...NODE_ROLES[nodeRole],
    instanceId: id,
  };
}
