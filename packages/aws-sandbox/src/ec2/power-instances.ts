// StartInstances, StopInstances, RebootInstances: permission and answer here, the machines themselves by whoever runs them.
// Source: EC2 API Reference. A machine passes no intermediate states: what is told as "stopping" is stopped at the next look.
import { AwsError } from "../http/aws-error.ts";
import type { Call, QueryOperation, QueryOperations } from "../http/operation.ts";
import type { QueryInput } from "../http/query-input.ts";
import { authorizeAll } from "../iam/principal.ts";
import { instanceArn } from "../instances/fleet.ts";
import type { InstanceRegistry, RegisteredInstance } from "../instances/instance-registry.ts";
import { chooseById } from "./describe-instances.ts";
import { refuseDryRun } from "./dry-run.ts";
import { STATE_CODES } from "./instance-filters.ts";

export type PowerAction = "start" | "stop" | "reboot";
/** Begins it; nobody waits for its end. */
export type InstancePower = (instanceId: string, action: PowerAction) => void;

interface PowerDeps {
  registry: InstanceRegistry;
  power: InstancePower;
}

const STATES = { ...STATE_CODES, pending: 0, stopping: 64 } as const;

export function powerOperations(deps: PowerDeps): QueryOperations {
  return {
    StartInstances: changing(deps, "ec2:StartInstances", "start", { from: "stopped", via: "pending" }),
    StopInstances: changing(deps, "ec2:StopInstances", "stop", { from: "running", via: "stopping" }),
    RebootInstances: (input, call) => {
      const instances = chosen(deps, input, call, "ec2:RebootInstances");
      for (const { definition, state } of instances)
        if (state !== "running")
          throw new AwsError(
            "IncorrectState",
            `Instance '${definition.id}' is not in a state from which it can be rebooted`,
          );
      for (const { definition } of instances) deps.power(definition.id, "reboot");
      return { return: true };
    },
  };
}

function changing(
  deps: PowerDeps,
  permission: string,
  action: PowerAction,
  { from, via }: { from: "running" | "stopped"; via: "pending" | "stopping" },
): QueryOperation {
  return (input, call) => {
    const instances = chosen(deps, input, call, permission);
    return {
      instancesSet: instances.map(({ definition, state }) => {
        if (state === from) deps.power(definition.id, action);
        const now = state === from ? via : state;
        return {
          instanceId: definition.id,
          currentState: { code: STATES[now], name: now },
          previousState: { code: STATES[state], name: state },
        };
      }),
    };
  };
}

/** All that were asked for, or none: one that may not be touched, or is not there, fails the call. */
function chosen(
  { registry }: PowerDeps,
  input: QueryInput,
  { caller, region }: Call,
  action: string,
): RegisteredInstance[] {
  const ids = input.texts("InstanceId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter InstanceId");
  const known = registry.list(caller.account, region).filter(({ definition }) => definition.kind === "ec2");
  const tagsOf = (id: string) => known.find(({ definition }) => definition.id === id)?.definition.tags ?? {};
  authorizeAll(
    caller,
    ids.map((id) => ({
      action,
      resource: instanceArn({ id, region, account: caller.account }),
      region,
      resourceTags: tagsOf(id),
    })),
  );
  const instances = chooseById(ids, known);
  refuseDryRun(input);
  return instances;
}
