// What a machine is, as plain data: what EC2 and SSM say of it, and whether it really runs. There is no Windows machine: every shell
// here is a real Linux shell, and a listing must not promise another one.
import type { NodeRoleName } from "../iam/node-roles.ts";

export interface FleetInstance {
  /** `i-` or `mi-` and 17 hex digits. */
  id: string;
  region: string;
  account: string;
  /** Name tag, and host name in the prompt. */
  name: string;
  tags: Readonly<Record<string, string>>;
  /** What EC2 says. A hybrid machine is not known to EC2 and counts as running. */
  state: "running" | "stopped";
  /** Registered with Systems Manager. */
  managed: boolean;
  /** false: the agent is not connected, though SSM remembers it ("connection lost"). */
  online: boolean;
  kind: "ec2" | "hybrid";
  /** As SSM reports them. */
  platformName: string;
  platformVersion: string;
  agentVersion: string;
  /** Empty for hybrid machines, like the availability zone. */
  instanceType: string;
  privateIp: string;
  availabilityZone: string;
  /** Its agent is a real one somewhere, which registered itself with this activation: nothing here runs for it. */
  activationId?: string;
  /** Default: one that lacks nothing. */
  nodeRole?: NodeRoleName;
  /** Users that Run As finds there. Default: USERS_DEFAULT. */
  users?: readonly string[];
  /** Its service does badly until somebody restarts it. */
  ailing?: true;
  /** Its service answers over HTTP. */
  hasWeb?: true;
  /** Its disk is full: its agent does not find its own part for shells. */
  diskFull?: true;
  /** How long before the sandbox's start the machine was launched or registered. */
  launchedMsAgo: number;
  /** How long before the sandbox's start a machine that is not online was heard last. */
  lastPingMsAgo?: number;
  /** Online, and without an agent of its own until somebody opens a shell there. */
  onDemand?: boolean;
}

/** Production: the account of the ready-made people. */
export const DEFAULT_ACCOUNT = "111122223333";
/** Staging: reached through Identity Center only. */
export const STAGING_ACCOUNT = "444455556666";
/** Where nobody has a machine, so that an empty list can be seen. */
export const EMPTY_REGION = "eu-north-1";
export const DEFAULT_REGIONS: readonly string[] = ["eu-west-1", "us-east-1", "ap-southeast-2", EMPTY_REGION];

/** What Run As finds on a machine that says nothing else. */
export const USERS_DEFAULT: readonly string[] = ["ssm-user", "ec2-user", "deploy"];

/** Only these have an agent and a shell from the start; the others are only listed. */
export const hasMachine = (instance: FleetInstance): boolean =>
  instance.managed && instance.online && instance.state === "running" && instance.onDemand !== true;

/** ARN as IAM and StartSession name it. Source: Service Authorization Reference, AWS Systems Manager. */
export const instanceArn = (instance: Pick<FleetInstance, "id" | "region" | "account">): string =>
  instance.id.startsWith("mi-")
    ? `arn:aws:ssm:${instance.region}:${instance.account}:managed-instance/${instance.id}`
    : `arn:aws:ec2:${instance.region}:${instance.account}:instance/${instance.id}`;
