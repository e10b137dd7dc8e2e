import { AwsError } from "../http/aws-error.ts";
import type { QueryOperation } from "../http/operation.ts";
import { authorize } from "../iam/principal.ts";
import { matchesWildcardText } from "../iam/wildcard.ts";
import { refuseDryRun } from "./dry-run.ts";

interface Region {
  regionName: string;
  regionEndpoint: string;
  optInStatus: string;
}

/** Each filter reads one member. Source: EC2 API Reference, DescribeRegions. */
const FILTERS: Readonly<Record<string, (region: Region) => string>> = {
  "region-name": (region) => region.regionName,
  endpoint: (region) => region.regionEndpoint,
  "opt-in-status": (region) => region.optInStatus,
};

export const REGION_FILTER_NAMES: readonly string[] = Object.keys(FILTERS);

export function describeRegions(deps: { regions: readonly string[] }): QueryOperation {
  const all: readonly Region[] = deps.regions.map((name) => ({
    regionName: name,
    regionEndpoint: `ec2.${name}.amazonaws.com`,
    optInStatus: "opt-in-not-required",
  }));
  return (input, { caller, region }) => {
    authorize(caller, { action: "ec2:DescribeRegions", region });
    refuseDryRun(input);
    const names = input.texts("RegionName");
    const unknown = names.filter((name) => !deps.regions.includes(name));
    if (unknown.length > 0)
      throw new AwsError("InvalidParameterValue", `Invalid value '${unknown.join(", ").slice(0, 256)}' for region.`);
    const filters = input.filters().map(({ name, values }) => {
      const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
      if (read === undefined)
        throw new AwsError("InvalidParameterValue", `The filter '${name.slice(0, 128)}' is invalid`);
      return (candidate: Region) => values.some((value) => matchesWildcardText(value, read(candidate)));
    });
    const regionInfo = all
      .filter(({ regionName }) => names.length === 0 || names.includes(regionName))
      .filter((candidate) => filters.every((fits) => fits(candidate)));
    return { regionInfo: regionInfo.map((entry) => ({ ...entry })) };
  };
}
