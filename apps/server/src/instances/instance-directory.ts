import type { InstanceDetail } from "@causeway/wire-contract/instances";
import type { AwsIdentity } from "../identity/index.ts";
import type { CatalogError } from "../platform/catalog-error.ts";
import type { Ec2Instance, InstanceTags, SsmInstance } from "./join-instances.ts";
import type { Pace } from "./person-turn.ts";

/** The two lists that one list is joined from. */
export type ListService = "ec2" | "ssm";

export interface Page<T> {
  items: readonly T[];
  /** undefined: this was the last page. */
  nextToken: string | undefined;
}

/** AWS's pages of one identity in one region. Each call is made once: who reads them waits and tries again. */
export interface InstancePages {
  ec2(nextToken: string | undefined): Promise<Page<Ec2Instance>>;
  ssm(nextToken: string | undefined): Promise<Page<SsmInstance>>;
}

type Ec2Facts = NonNullable<InstanceDetail["ec2"]>;
type AgentFacts = NonNullable<InstanceDetail["agent"]>;

/** What one service said of one machine: undefined where it does not know it. */
export type Told<T> = { value: T | undefined } | { error: CatalogError };

export interface InstanceFacts {
  ec2: Told<{ machine: Ec2Instance; facts: Ec2Facts }>;
  ssm: Told<{ node: SsmInstance; facts: AgentFacts }>;
  connected: { value: boolean } | { error: CatalogError };
  /** Of a hybrid node, which no list has tags of; absent: EC2 says them with the machine. */
  tags?: Told<InstanceTags>;
}

/** What this domain needs from AWS, in our words. Implemented in ./aws-instance-directory.ts. */
export interface InstanceDirectory {
  pages(identity: AwsIdentity, region: string): InstancePages;
  /** Asks EC2, SSM and GetConnectionStatus for one machine, and SSM for the tags of a hybrid one, each once and in its turn. Failures are part of the answer. */
  facts(identity: AwsIdentity, region: string, instanceId: string, pace: Pace): Promise<InstanceFacts>;
}
