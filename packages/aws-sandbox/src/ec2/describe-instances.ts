import { AwsError } from "../http/aws-error.ts";
import type { QueryOperation } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import type { QueryInput } from "../http/query-input.ts";
import type { XmlValue } from "../http/xml.ts";
import { NODE_ROLE_NAME } from "../iam/node-roles.ts";
import { authorize } from "../iam/principal.ts";
import type { InstanceRegistry, RegisteredInstance } from "../instances/instance-registry.ts";
import { refuseDryRun } from "./dry-run.ts";
import { instanceFilter, STATE_CODES } from "./instance-filters.ts";
import { instanceShape } from "./instance-shape.ts";

/** Source: EC2 API Reference, DescribeInstances: 5 to 1,000; without MaxResults everything that fits, here the same 1,000. */
const INSTANCES_PER_PAGE_MIN = 5;
const INSTANCES_PER_PAGE_MAX = 1_000;

export function describeInstances(deps: { registry: InstanceRegistry; pager: Pager }): QueryOperation {
  return (input, { caller, region }) => {
    authorize(caller, { action: "ec2:DescribeInstances", region });
    refuseDryRun(input);
    const ids = input.texts("InstanceId");
    const itemsMax = pageSize(input, ids);
    const fits = instanceFilter(input.filters());
    const known = deps.registry.list(caller.account, region);
    const isHere = ({ definition }: RegisteredInstance) => definition.kind === "ec2";
    const chosen = ids.length === 0 ? known : chooseById(ids, known.filter(isHere));
    const page = deps.pager.page({
      items: chosen,
      fits: (instance) => isHere(instance) && fits(instance),
      keyOf: ({ definition }) => definition.id,
      itemsMax,
      nextToken: input.text("NextToken"),
      query: ["DescribeInstances", caller.account, region, input.filters()],
    });
    if (page === undefined) throw new AwsError("InvalidParameterValue", "Unable to parse pagination token");
    return { reservationSet: page.items.map(reservation), nextToken: page.nextToken };
  };
}

function pageSize(input: QueryInput, ids: readonly string[]): number {
  const asked = input.integer("MaxResults");
  if (asked === undefined) return INSTANCES_PER_PAGE_MAX;
  if (ids.length > 0)
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameter instancesSet cannot be used with the parameter maxResults",
    );
  if (asked < INSTANCES_PER_PAGE_MIN || asked > INSTANCES_PER_PAGE_MAX)
    throw new AwsError(
      "InvalidParameterValue",
      `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value ${asked < INSTANCES_PER_PAGE_MIN ? `greater than ${INSTANCES_PER_PAGE_MIN}` : `less than ${INSTANCES_PER_PAGE_MAX}`}.`,
    );
  return asked;
}

/** An id that is no id, and one that nobody has, fail the whole call, as in EC2. */
export function chooseById(ids: readonly string[], known: readonly RegisteredInstance[]): RegisteredInstance[] {
  const malformed = ids.find((id) => !/^i-[0-9a-f]{8}([0-9a-f]{9})?$/.test(id));
  if (malformed !== undefined)
    throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${malformed.slice(0, 128)}"`);
  const missing = ids.filter((id) => !known.some(({ definition }) => definition.id === id));
  if (missing.length > 0)
    throw new AwsError(
      "InvalidInstanceID.NotFound",
      missing.length === 1
        ? `The instance ID '${missing[0]}' does not exist`
        : `The instance IDs '${missing.join(", ")}' do not exist`,
    );
  return known.filter(({ definition }) => ids.includes(definition.id));
}

function reservation(instance: RegisteredInstance): XmlValue {
  return {
    reservationId: instanceShape(instance).reservationId,
    ownerId: instance.definition.account,
    groupSet: [],
    instancesSet: [instanceXml(instance)],
  };
}

function instanceXml(instance: RegisteredInstance): XmlValue {
  const { definition, state, launchedAtMs } = instance;
  const shape = instanceShape(instance);
  const launchTime = new Date(launchedAtMs).toISOString();
  const stopped = state === "stopped";
  return {
    instanceId: definition.id,
    imageId: shape.imageId,
    instanceState: { code: STATE_CODES[state], name: state },
    privateDnsName: shape.privateDnsName,
    dnsName: "",
    reason: stopped ? "User initiated" : "",
    amiLaunchIndex: 0,
    productCodes: [],
    instanceType: definition.instanceType,
    launchTime,
    placement: { availabilityZone: definition.availabilityZone, groupName: "", tenancy: "default" },
    monitoring: { state: "disabled" },
    subnetId: shape.subnetId,
    vpcId: shape.vpcId,
    privateIpAddress: definition.privateIp,
    sourceDestCheck: true,
    groupSet: [],
    ...(stopped
      ? {
          stateReason: {
            code: "Client.UserInitiatedShutdown",
            message: "Client.UserInitiatedShutdown: User initiated shutdown",
          },
        }
      : {}),
    architecture: shape.architecture,
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/xvda",
    blockDeviceMapping: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeId: shape.rootVolumeId, status: "attached", attachTime: launchTime, deleteOnTermination: true },
      },
    ],
    virtualizationType: "hvm",
    tagSet: Object.entries(definition.tags).map(([key, value]) => ({ key, value })),
    hypervisor: "xen",
    networkInterfaceSet: [],
    // An EC2 machine that SSM does not know lacks exactly this, and a diagnosis can find it.
    ...(definition.managed
      ? {
          iamInstanceProfile: {
            arn: `arn:aws:iam::${definition.account}:instance-profile/${definition.nodeRole ?? NODE_ROLE_NAME}`,
            id: "AIPAQ3EGWZNODEROLE7YT",
          },
        }
      : {}),
    ebsOptimized: true,
    enaSupport: true,
    platformDetails: "Linux/UNIX",
    usageOperation: "RunInstances",
  };
}
