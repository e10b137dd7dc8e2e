// EC2's filters for DescribeInstances: all filters must fit, one value of each is enough, `*` and `?` are wildcards, case counts.
// Source: EC2 API Reference, DescribeInstances. Those that read what a sandbox machine has; any other is refused by name.
import { AwsError } from "../http/aws-error.ts";
import type { QueryFilter } from "../http/query-input.ts";
import { matchesWildcardText } from "../iam/wildcard.ts";
import type { RegisteredInstance } from "../instances/instance-registry.ts";
import { instanceShape } from "./instance-shape.ts";

/** Source: EC2 API Reference, "filters": at most 200 values per request. */
const FILTER_VALUES_MAX = 200;

type Reader = (instance: RegisteredInstance) => readonly string[];

const READERS: Readonly<Record<string, Reader>> = {
  architecture: (instance) => [instanceShape(instance).architecture],
  "availability-zone": ({ definition }) => [definition.availabilityZone],
  "image-id": (instance) => [instanceShape(instance).imageId],
  "instance-id": ({ definition }) => [definition.id],
  "instance-state-code": ({ state }) => [String(STATE_CODES[state])],
  "instance-state-name": ({ state }) => [state],
  "instance-type": ({ definition }) => [definition.instanceType],
  "owner-id": ({ definition }) => [definition.account],
  "private-dns-name": (instance) => [instanceShape(instance).privateDnsName],
  "private-ip-address": ({ definition }) => [definition.privateIp],
  "subnet-id": (instance) => [instanceShape(instance).subnetId],
  "tag-key": ({ definition }) => Object.keys(definition.tags),
  "tag-value": ({ definition }) => Object.values(definition.tags),
  "vpc-id": (instance) => [instanceShape(instance).vpcId],
};

export const EC2_FILTER_NAMES: readonly string[] = [...Object.keys(READERS), "tag:<key>"];

/** Source: EC2 API Reference, InstanceState. */
export const STATE_CODES = { running: 16, stopped: 80 } as const;

/** @throws AwsError InvalidParameterValue for a filter that does not exist here, FilterLimitExceeded beyond the bound */
export function instanceFilter(filters: readonly QueryFilter[]): (instance: RegisteredInstance) => boolean {
  const count = filters.reduce((sum, { values }) => sum + values.length, 0);
  if (count > FILTER_VALUES_MAX)
    throw new AwsError(
      "FilterLimitExceeded",
      `The maximum number of filter values specified on a single call is ${FILTER_VALUES_MAX}`,
    );
  const tests = filters.map(({ name, values }) => {
    const read = readerOf(name);
    return (instance: RegisteredInstance) =>
      read(instance).some((actual) => values.some((value) => matchesWildcardText(value, actual)));
  });
  return (instance) => tests.every((fits) => fits(instance));
}

function readerOf(name: string): Reader {
  if (name.startsWith("tag:")) {
    const key = name.slice("tag:".length);
    return ({ definition: { tags } }) => (Object.hasOwn(tags, key) ? [tags[key] as string] : []);
  }
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) throw new AwsError("InvalidParameterValue", `The filter '${name.slice(0, 128)}' is invalid`);
  return read;
}
