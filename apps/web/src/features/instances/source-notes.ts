/** The list joins two services. What it lacks when one of them said no, in one sentence each. Pure. */
import type { InstanceList } from "@causeway/wire-contract/instances";
import { problemEvidence } from "../../lib/failure.ts";

export interface SourceNote {
  key: string;
  text: string;
  /** What AWS said, for the tooltip. */
  evidence: string;
}

const WITHOUT = {
  ec2: {
    missing: "Stopped and unmanaged instances, zones and EC2 tags are missing",
    action: "ec2:DescribeInstances",
  },
  ssm: {
    missing: "Nobody knows which are online, and hybrid nodes are missing",
    action: "ssm:DescribeInstanceInformation",
  },
} as const;

/** @param place named where the list shows more than one */
export function sourceNotes(sources: InstanceList["sources"], place?: string): SourceNote[] {
  return (["ec2", "ssm"] as const).flatMap((key) => {
    const { ok, problem } = sources[key];
    if (ok) return [];
    const { missing, action } = WITHOUT[key];
    const reason =
      problem?.code === "AWS_ACCESS_DENIED"
        ? `this role may not call ${action}`
        : `${key === "ec2" ? "EC2" : "SSM"}: ${problem?.title ?? "no answer"}`;
    const where = place === undefined ? "" : `${place}: `;
    return [
      {
        key: `${place ?? ""} ${key}`,
        text: `${where}${missing}: ${reason}.`,
        evidence: problem ? problemEvidence(problem) : "",
      },
    ];
  });
}
