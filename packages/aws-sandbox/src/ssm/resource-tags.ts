// ListTagsForResource, for what has tags here: hybrid machines. EC2 machines have theirs in EC2, also in AWS.
// Source: SSM API Reference, ListTagsForResource.
import { AwsError } from "../http/aws-error.ts";
import type { JsonOperations } from "../http/operation.ts";
import { authorize } from "../iam/principal.ts";
import { instanceArn } from "../instances/fleet.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";

const RESOURCE_TYPES = [
  "Document",
  "ManagedInstance",
  "MaintenanceWindow",
  "Parameter",
  "PatchBaseline",
  "OpsItem",
  "OpsMetadata",
  "Automation",
  "Association",
] as const;
const RESOURCE_ID = { charsMin: 1, charsMax: 2048 };

export function resourceTags(deps: { registry: InstanceRegistry }): JsonOperations {
  return {
    ListTagsForResource(input, { caller, region }) {
      const type = input.requiredText("ResourceType", { oneOf: RESOURCE_TYPES });
      const id = input.requiredText("ResourceId", RESOURCE_ID);
      input.check();
      if (type !== "ManagedInstance" || !id.startsWith("mi-")) throw invalidId();
      const tags = deps.registry.find(id, caller.account, region)?.definition.tags;
      authorize(caller, {
        action: "ssm:ListTagsForResource",
        resource: instanceArn({ id, region, account: caller.account }),
        region,
        ...(tags === undefined ? {} : { resourceTags: tags }),
      });
      if (tags === undefined) throw invalidId();
      return { TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

const invalidId = (): AwsError =>
  new AwsError(
    "InvalidResourceId",
    "The resource ID is not valid. Verify that you entered the correct ID and try again.",
  );
