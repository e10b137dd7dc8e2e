/** One machine in full, out of what the two services said of it. Pure. */
import type { InstanceDetail } from "@causeway/wire-contract/instances";
import { CatalogError } from "../platform/catalog-error.ts";
import { agentFeatures } from "./agent-features.ts";
import type { InstanceFacts } from "./instance-directory.ts";
import { joinInstance, type SsmInstance } from "./join-instances.ts";
import { moreTelling } from "./more-telling.ts";
import { serviceOf } from "./page-reader.ts";

/** @throws CatalogError INSTANCE_NOT_LISTED when neither service knows the id; what one said that could not be asked */
export function detailOf(id: string, facts: InstanceFacts, requestId: string, nowMs: number): InstanceDetail {
  const { ec2, ssm, connected, tags } = facts;
  const ec2Error = "error" in ec2 ? ec2.error : undefined;
  const ssmError = "error" in ssm ? ssm.error : undefined;
  const machine = "error" in ec2 ? undefined : ec2.value;
  const node = "error" in ssm ? undefined : ssm.value;
  const instance =
    machine === undefined && node === undefined
      ? undefined
      : joinInstance(
          id,
          machine?.machine,
          nodeWithTags(node?.node, tags),
          ssmError === undefined ? "answered" : "refused",
        );
  if (instance === undefined) {
    if (ec2Error !== undefined || ssmError !== undefined) throw moreTelling(ec2Error, ssmError);
    throw new CatalogError("INSTANCE_NOT_LISTED");
  }
  return {
    instance,
    ...(machine === undefined ? {} : { ec2: machine.facts }),
    ...(node === undefined ? {} : { agent: node.facts }),
    connection:
      "error" in connected
        ? { status: "unknown", ...problemOfService(connected.error, requestId) }
        : { status: connected.value ? "connected" : "not-connected" },
    features: agentFeatures(instance.agentVersion),
    sources: {
      ec2: serviceOf(ec2Error, requestId),
      ssm: serviceOf(ssmError, requestId),
      ...(tags === undefined ? {} : { tags: serviceOf("error" in tags ? tags.error : undefined, requestId) }),
    },
    fetchedAt: nowMs,
  };
}

function nodeWithTags(node: SsmInstance | undefined, tags: InstanceFacts["tags"]): SsmInstance | undefined {
  return node === undefined || tags === undefined || "error" in tags ? node : { ...node, tags: tags.value };
}

function problemOfService(error: CatalogError, requestId: string) {
  const { problem } = serviceOf(error, requestId);
  return problem === undefined ? {} : { problem };
}
