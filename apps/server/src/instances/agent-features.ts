/** Which features an agent is new enough for. Pure. Source of the versions: aws-facts §1, "Minimum agent versions". */
import type { AgentFeature } from "@causeway/wire-contract/instances";

export const FEATURE_THRESHOLDS: readonly { name: string; needs: string }[] = [
  { name: "Shell", needs: "2.3.68.0" },
  { name: "Session encryption with KMS", needs: "2.3.539.0" },
  { name: "SSH and port forwarding", needs: "3.0.222.0" },
  { name: "Shell profile", needs: "3.0.161.0" },
  { name: "Streaming the session log", needs: "3.0.284.0" },
  { name: "Forwarding to another host", needs: "3.1.1374.0" },
  { name: "Without the ec2messages endpoint", needs: "3.3.40.0" },
];

/** @param version e.g. "3.3.987.0"; undefined or not of numbers: nobody knows, and nothing is claimed */
export function agentFeatures(version: string | undefined): AgentFeature[] {
  return FEATURE_THRESHOLDS.map(({ name, needs }) => {
    const order = version === undefined ? undefined : compareVersions(version, needs);
    return order === undefined ? { name, needs } : { name, needs, met: order >= 0 };
  });
}

/** @returns below, at or above 0 as `one` is older than, the same as or newer than `other`; undefined: not versions */
export function compareVersions(one: string, other: string): number | undefined {
  const parts = [one, other].map((text) => (/^\d+(\.\d+)*$/.test(text) ? text.split(".").map(Number) : undefined));
  const [a, b] = parts;
  if (a === undefined || b === undefined) return undefined;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
