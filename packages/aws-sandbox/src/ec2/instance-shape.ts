// The parts of an EC2 instance that nobody defined but every real one has: derived from its id, so that they stay the same.
import { createHash } from "node:crypto";
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

export function instanceShape({ definition }: RegisteredInstance): InstanceShape {
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
