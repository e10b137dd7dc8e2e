/** The list joins two services. What it lacks when one of them said no, in one sentence each. Pure. */
import type { InstanceList } from "@causeway/wire-contract/instances";
import { problemEvidence } from "../../lib/failure.ts";

export interface SourceNote {
  key: "ec2" | "ssm";
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

export function sourceNotes(sources: InstanceList["sources"]): SourceNote[] {
  return (["ec2", "ssm"] as const).flatMap((key) => {
    const { ok, problem } = sources[key];
    if (ok) return [];
    const { missing, action } = WITHOUT[key];
    const reason =
      problem?.code === "AWS_ACCESS_DENIED"
        ? `this role may not call ${action}`
        : `${key === "ec2" ? "EC2" : "SSM"}: ${problem?.title ?? "no answer"}`;
    return [{ key, text: `${missing}: ${reason}.`, evidence: problem ? problemEvidence(problem) : "" }];
  });
}
