// Activations and the end of a registration: what people call. Source: SSM API Reference; "Create a hybrid activation" in the User Guide.
import { AwsError } from "../http/aws-error.ts";
import type { JsonInput } from "../http/json-input.ts";
import type { Call, JsonOperations } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import { isNodeRole } from "../iam/node-roles.ts";
import { authorize } from "../iam/principal.ts";
import { instanceArn } from "../instances/fleet.ts";
import type { Activation, Activations } from "./activations.ts";
import type { ManagedNodes } from "./managed-nodes.ts";

const DAY_MS = 24 * 3_600_000;
const EXPIRES_IN_MS = { usual: DAY_MS, max: 30 * DAY_MS } as const;
/** Source: SSM API Reference, CreateActivation. */
const REGISTRATIONS_MAX = 1_000;
const TAGS_MAX = 50;
const PER_PAGE_MAX = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface ActivationDeps {
  activations: Activations;
  nodes: ManagedNodes;
  pager: Pager;
}

export function activationOperations(deps: ActivationDeps): JsonOperations {
  return {
    CreateActivation: (input, call) => createActivation(deps, input, call),
    DescribeActivations: (input, call) => describeActivations(deps, input, call),

    DeleteActivation(input, call) {
      const id = input.requiredText("ActivationId", { pattern: UUID });
      input.check();
      authorizeHere(call, "ssm:DeleteActivation");
      if (!deps.activations.delete(id, call.caller.account, call.region))
        throw new AwsError("InvalidActivation", `Activation ${id} does not exist.`);
      return {};
    },

    DeregisterManagedInstance(input, call) {
      const id = input.requiredText("InstanceId", { pattern: /^mi-[0-9a-f]{17}$/ });
      input.check();
      const { caller, region, nowMs } = call;
      const resource = instanceArn({ id, region, account: caller.account });
      authorize(caller, { action: "ssm:DeregisterManagedInstance", resource, region });
      if (!deps.nodes.deregister(id, caller.account, region, nowMs))
        throw new AwsError("InvalidInstanceId", `${id} is no managed instance that registered here.`);
      return {};
    },
  };
}

function createActivation({ activations }: ActivationDeps, input: JsonInput, call: Call) {
  const { caller, region, nowMs } = call;
  const role = input.requiredText("IamRole", { charsMin: 1, charsMax: 64 });
  const description = input.text("Description", { charsMax: 256 }) ?? "";
  const instanceName = input.text("DefaultInstanceName", { charsMax: 256 }) ?? "";
  const registrationsMax = input.integer("RegistrationLimit", { min: 1, max: REGISTRATIONS_MAX }) ?? 1;
  const expiresAtMs = input.timeMs("ExpirationDate") ?? nowMs + EXPIRES_IN_MS.usual;
  const tags = input
    .objects("Tags", { min: 0, max: TAGS_MAX })
    .map((tag) => [
      tag.requiredText("Key", { charsMin: 1, charsMax: 128 }),
      tag.requiredText("Value", { charsMax: 256 }),
    ]);
  input.check();
  authorizeHere(call, "ssm:CreateActivation");
  const passed = `arn:aws:iam::${caller.account}:role/${role}`;
  authorize(caller, { action: "iam:PassRole", resource: passed, region });
  // Seen at AWS for a role that does not exist and for one that Systems Manager may not assume.
  if (!isNodeRole(role))
    throw new AwsError(
      "ValidationException",
      `Nonexistent role or missing ssm service principal in trust policy: ${passed}`,
    );
  if (expiresAtMs <= nowMs || expiresAtMs > nowMs + EXPIRES_IN_MS.max)
    throw new AwsError("ValidationException", "The expiration date must be within the next 30 days.");
  const made = activations.create(
    {
      account: caller.account,
      region,
      role,
      instanceName,
      description,
      registrationsMax,
      expiresAtMs,
      tags: Object.fromEntries(tags),
    },
    nowMs,
  );
  if (made === undefined) throw new AwsError("ThrottlingException", "Rate exceeded");
  return { ActivationId: made.id, ActivationCode: made.code };
}

function describeActivations({ activations, pager }: ActivationDeps, input: JsonInput, call: Call) {
  const { caller, region, nowMs } = call;
  const itemsMax = input.integer("MaxResults", { min: 1, max: PER_PAGE_MAX }) ?? PER_PAGE_MAX;
  const nextToken = input.text("NextToken");
  const filters = input.objects("Filters", { min: 0, max: 10 }).map((filter) => ({
    key: filter.requiredText("FilterKey", { oneOf: ACTIVATION_FILTER_KEYS }),
    values: filter.texts("FilterValues", { min: 0, max: 100 }),
  }));
  input.check();
  authorizeHere(call, "ssm:DescribeActivations");
  const page = pager.page({
    items: activations.list(caller.account, region),
    fits: (activation) => filters.every(({ key, values }) => values.includes(FILTERS[key]?.(activation) ?? "")),
    keyOf: ({ id }) => id,
    itemsMax,
    nextToken,
    query: ["DescribeActivations", caller.account, region, filters],
  });
  if (page === undefined) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
  return { ActivationList: page.items.map((item) => activationJson(item, nowMs)), NextToken: page.nextToken };
}

const FILTERS: Readonly<Record<string, (activation: Activation) => string>> = {
  ActivationIds: ({ id }) => id,
  DefaultInstanceName: ({ instanceName }) => instanceName,
  IamRole: ({ role }) => role,
};

export const ACTIVATION_FILTER_KEYS: readonly string[] = Object.keys(FILTERS);

const activationJson = (activation: Activation, nowMs: number) => ({
  ActivationId: activation.id,
  Description: activation.description || undefined,
  DefaultInstanceName: activation.instanceName || undefined,
  IamRole: activation.role,
  RegistrationLimit: activation.registrationsMax,
  RegistrationsCount: activation.registrations,
  CreatedDate: activation.createdAtMs / 1_000,
  ExpirationDate: activation.expiresAtMs / 1_000,
  Expired: activation.expiresAtMs <= nowMs,
  Tags: Object.entries(activation.tags).map(([Key, Value]) => ({ Key, Value })),
});

function authorizeHere({ caller, region }: Call, action: string): void {
  authorize(caller, { action, resource: `arn:aws:ssm:${region}:${caller.account}:*`, region });
}
