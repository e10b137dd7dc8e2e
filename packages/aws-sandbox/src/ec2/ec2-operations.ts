// Amazon EC2, API version 2016-11-15: what a console's machine list needs, and the power of machines.

import type { QueryOperations } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";
import { describeInstances } from "./describe-instances.ts";
import { describeRegions } from "./describe-regions.ts";
import { type InstancePower, powerOperations } from "./power-instances.ts";

export const EC2_VERSION = "2016-11-15";
export const EC2_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

export interface Ec2Deps {
  registry: InstanceRegistry;
  pager: Pager;
  regions: readonly string[];
  power: InstancePower;
}

export function ec2Operations(deps: Ec2Deps): QueryOperations {
  return {
    DescribeInstances: describeInstances(deps),
    DescribeRegions: describeRegions(deps),
    ...powerOperations(deps),
  };
}
