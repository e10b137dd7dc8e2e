// The parts of an EC2 instance that nobody defined but every real one has: derived from its id, so that they stay the same.
import { createHash } from "node:crypto";
import type { FleetInstance } from "../instances/fleet.ts";
import type { RegisteredInstance } from "../instances/instance-registry.ts";

export interface InstanceShape {
  architecture: "arm64" | "x86_64";
  imageId: string;
  subnetId: string;
  vpcId: string;
  privateDnsName: string;
  reservationId: string;
  rootVolumeId: string;
}

/** A page of a thousand would otherwise be thousands of digests, each time it is asked for. As many as there are machines. */
const shapes = new WeakMap<FleetInstance, InstanceShape>();

/** @returns the same for the same definition */
export function instanceShape({ definition }: Pick<RegisteredInstance, "definition">): InstanceShape {
  let shape = shapes.get(definition);
  if (shape === undefined) {
    shape = makeShape(definition);
    shapes.set(definition, shape);
  }
  return shape;
}

function makeShape(definition: FleetInstance): InstanceShape {
  const { id, region, availabilityZone, privateIp, instanceType, platformName, platformVersion } = definition;
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return {
    // Families with a `g` after the generation are Graviton.
    architecture: /^[a-z]+\d+g/.test(instanceType) ? "arm64" : "x86_64",
    imageId: `ami-${hex(region, platformName, platformVersion)}`,
    subnetId: `subnet-${hex("subnet", availabilityZone)}`,
    vpcId: `vpc-${hex("vpc", region)}`,
    privateDnsName: `ip-${privateIp.replaceAll(".", "-")}.${domain}`,
    reservationId: `r-${hex("reservation", id)}`,
    rootVolumeId: `vol-${hex("volume", id)}`,
  };
}

const hex = (...parts: string[]): string => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 17);
