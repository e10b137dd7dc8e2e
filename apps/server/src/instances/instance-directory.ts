import type { Instance } from "@causeway/wire-contract/instances";
import type { AwsIdentity } from "../identity/index.ts";
import type { CatalogError } from "../platform/catalog-error.ts";

/** Instances in one list; beyond that the list says `truncated` (a list for people, not an inventory). */
export const INSTANCES_MAX = 5_000;

/** undefined: the source answered. */
export interface InstancePage {
  instances: Instance[];
  sources: { ec2: CatalogError | undefined; ssm: CatalogError | undefined };
  truncated: boolean;
}

/** What this domain needs from AWS, in our words. Implemented in ./aws-instance-directory.ts. */
export interface InstanceDirectory {
  /** @throws CatalogError when neither EC2 nor SSM could be asked. */
  list(identity: AwsIdentity, region: string): Promise<InstancePage>;
}
