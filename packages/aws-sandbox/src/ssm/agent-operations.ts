// What an agent calls of SSM itself (data-channel.md §13.7). Only a machine's own key may, and only for that machine.
import { AccessDeniedError, AwsError } from "../http/aws-error.ts";
import type { Call, JsonOperations } from "../http/operation.ts";
import { authorize } from "../iam/principal.ts";
import { instanceArn } from "../instances/fleet.ts";
import type { AgentReport, InstanceRegistry } from "../instances/instance-registry.ts";

const SHORT_TEXT = { charsMax: 256 };

export function agentOperations(deps: { registry: InstanceRegistry }): JsonOperations {
  return {
    UpdateInstanceInformation(input, call) {
      const instanceId = input.requiredText("InstanceId", { pattern: /^m?i-[0-9a-f]{8,17}$/ });
      const report: AgentReport = withoutUndefined({
        agentVersion: input.text("AgentVersion", { pattern: /^\d{1,6}(\.\d{1,6}){1,3}$/ }),
        platformName: input.text("PlatformName", SHORT_TEXT),
        platformVersion: input.text("PlatformVersion", SHORT_TEXT),
        ipAddress: input.text("IPAddress", { charsMax: 46 }),
        computerName: input.text("ComputerName", SHORT_TEXT),
        platformType: input.text("PlatformType", { oneOf: ["Windows", "Linux", "MacOS"] }),
      });
      input.check();
      authorizeAsMachine(call, "ssm:UpdateInstanceInformation", instanceId);
      if (deps.registry.find(instanceId, call.caller.account, call.region) === undefined)
        throw new AwsError("InvalidInstanceId", `${instanceId} is not registered.`);
      deps.registry.handleReport(instanceId, report, call.nowMs);
      return {};
    },

    ListInstanceAssociations(input, call) {
      const instanceId = input.requiredText("InstanceId", { pattern: /^m?i-[0-9a-f]{8,17}$/ });
      input.check();
      authorizeAsMachine(call, "ssm:ListInstanceAssociations", instanceId);
      return { Associations: [] };
    },
  };
}

function authorizeAsMachine({ caller, region }: Call, action: string, instanceId: string): void {
  const resource = instanceArn({ id: instanceId, region, account: caller.account });
  authorize(caller, { action, resource, region });
  if (caller.instanceId !== instanceId)
    throw new AccessDeniedError({ callerArn: caller.arn, action, resource, explicit: false });
}

/** An absent member must be absent, so that it does not overwrite what was known. */
function withoutUndefined(report: { [Key in keyof AgentReport]: AgentReport[Key] | undefined }): AgentReport {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined));
}
