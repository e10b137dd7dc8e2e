import { AwsError } from "../http/aws-error.ts";
import type { JsonInput } from "../http/json-input.ts";
import type { JsonOperation } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import { NODE_ROLE_NAME } from "../iam/node-roles.ts";
import { authorize } from "../iam/principal.ts";
import { LATEST_AGENT_VERSION } from "../instances/agent-version.ts";
import {
  type InstanceRegistry,
  lastPingAtMs,
  pingStatus,
  type RegisteredInstance,
} from "../instances/instance-registry.ts";

/** Source: SSM API Reference, DescribeInstanceInformation. */
const NODES_PER_PAGE_MIN = 5;
const NODES_PER_PAGE_MAX = 50;
const NODES_PER_PAGE_DEFAULT = 10;
const FILTERS_MAX = 10;
const FILTER_VALUES_MAX = 100;

interface Filter {
  key: string;
  values: readonly string[];
}

export function describeInstanceInformation(deps: { registry: InstanceRegistry; pager: Pager }): JsonOperation {
  return (input, { caller, region, nowMs }) => {
    const itemsMax =
      input.integer("MaxResults", { min: NODES_PER_PAGE_MIN, max: NODES_PER_PAGE_MAX }) ?? NODES_PER_PAGE_DEFAULT;
    const nextToken = input.text("NextToken");
    const filters = readFilters(input);
    input.check();
    authorize(caller, {
      action: "ssm:DescribeInstanceInformation",
      resource: `arn:aws:ssm:${region}:${caller.account}:*`,
      region,
    });
    const tests = filters.map((filter) => filterTest(filter, nowMs));
    const page = deps.pager.page({
      items: deps.registry.list(caller.account, region),
      fits: (instance) => instance.definition.managed && tests.every((fits) => fits(instance)),
      keyOf: ({ definition }) => definition.id,
      itemsMax,
      nextToken,
      query: ["DescribeInstanceInformation", caller.account, region, filters],
    });
    if (page === undefined) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
    return { InstanceInformationList: page.items.map((item) => nodeJson(item, nowMs)), NextToken: page.nextToken };
  };
}

/** Two generations of the same thing: `Filters` (Key, Values), and `InstanceInformationFilterList` (key, valueSet). */
function readFilters(input: JsonInput): Filter[] {
  if (input.has("Filters") && input.has("InstanceInformationFilterList"))
    throw new AwsError("ValidationException", "Filters and InstanceInformationFilterList cannot be used together.");
  const values = { min: 1, max: FILTER_VALUES_MAX };
  const filters = [
    ...input.objects("Filters", { min: 0, max: FILTERS_MAX }).map((filter) => ({
      key: filter.requiredText("Key", { charsMin: 1 }),
      values: filter.texts("Values", values, { charsMin: 1 }),
    })),
    ...input.objects("InstanceInformationFilterList", { min: 0, max: FILTERS_MAX }).map((filter) => ({
      key: filter.requiredText("key", { charsMin: 1 }),
      values: filter.texts("valueSet", values, { charsMin: 1 }),
    })),
  ];
  const byTag = filters.filter(({ key }) => key === "tag-key" || key.startsWith("tag:"));
  if (byTag.length > 0 && byTag.length < filters.length)
    throw new AwsError("InvalidInstanceInformationFilterValue", "Tag filters cannot be combined with other filters.");
  return filters;
}

function filterTest({ key, values }: Filter, nowMs: number): (instance: RegisteredInstance) => boolean {
  if (key.startsWith("tag:")) {
    const name = key.slice("tag:".length);
    return ({ definition: { tags } }) => Object.hasOwn(tags, name) && values.includes(tags[name] as string);
  }
  if (key === "InstanceIds" && values.some((id) => !/^m?i-[0-9a-f]{8,17}$/.test(id)))
    throw new AwsError("InvalidInstanceId", "One of the instance ids is not valid.");
  const read = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  if (read === undefined) throw new AwsError("InvalidFilterKey", `The filter key ${key.slice(0, 128)} is not valid.`);
  return (instance) => read(instance, nowMs).some((actual) => values.includes(actual));
}

const READERS: Readonly<Record<string, (instance: RegisteredInstance, nowMs: number) => readonly string[]>> = {
  ActivationIds: (instance) => [activationId(instance) ?? ""],
  AgentVersion: (instance) => [agentVersion(instance)],
  AssociationStatus: () => [],
  IamRole: ({ definition }) => (definition.kind === "hybrid" ? [definition.nodeRole ?? NODE_ROLE_NAME] : []),
  InstanceIds: ({ definition }) => [definition.id],
  PingStatus: (instance, nowMs) => [pingStatus(instance, nowMs)],
  PlatformTypes: ({ report }) => [report.platformType ?? "Linux"],
  ResourceType: ({ definition }) => [resourceType(definition.kind)],
  "tag-key": ({ definition }) => Object.keys(definition.tags),
};

/** `tag:<key>` besides these. */
export const NODE_FILTER_KEYS: readonly string[] = Object.keys(READERS);

const resourceType = (kind: "ec2" | "hybrid"): string => (kind === "hybrid" ? "ManagedInstance" : "EC2Instance");

const agentVersion = ({ definition, report, claim }: RegisteredInstance): string =>
  claim?.agentVersion ?? report.agentVersion ?? definition.agentVersion;

/** Hybrid machines were registered by an activation; of a ready-made one its id is made from the machine's. */
function activationId({ definition }: RegisteredInstance): string | undefined {
  if (definition.kind !== "hybrid") return undefined;
  if (definition.activationId !== undefined) return definition.activationId;
  const hex = definition.id.slice("mi-".length).padEnd(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

function nodeJson(instance: RegisteredInstance, nowMs: number) {
  const { definition, report, launchedAtMs } = instance;
  const pingAtMs = lastPingAtMs(instance, nowMs);
  return {
    InstanceId: definition.id,
    PingStatus: pingStatus(instance, nowMs),
    LastPingDateTime: pingAtMs === undefined ? undefined : pingAtMs / 1000,
    AgentVersion: agentVersion(instance),
    IsLatestVersion: agentVersion(instance) === LATEST_AGENT_VERSION,
    PlatformType: report.platformType ?? "Linux",
    PlatformName: report.platformName ?? definition.platformName,
    PlatformVersion: report.platformVersion ?? definition.platformVersion,
    ResourceType: resourceType(definition.kind),
    IPAddress: report.ipAddress ?? definition.privateIp,
    ComputerName: report.computerName ?? definition.name,
    ...(definition.kind === "hybrid"
      ? {
          ActivationId: activationId(instance),
          IamRole: definition.nodeRole ?? NODE_ROLE_NAME,
          RegistrationDate: launchedAtMs / 1000,
          Name: definition.name,
        }
      : {}),
    SourceId: definition.id,
    SourceType: definition.kind === "hybrid" ? "AWS::SSM::ManagedInstance" : "AWS::EC2::Instance",
  };
}
