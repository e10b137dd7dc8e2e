/**
 * The commercial regions of AWS that are on by default in every account, with AWS's own names: what is offered when
 * CAUSEWAY_REGIONS is not set. Others (opt-in, GovCloud, China) are offered by naming them there.
 * Source: AWS General Reference, "Regions, Availability Zones, and Local Zones".
 */
export const REGION_NAMES: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "sa-east-1": "South America (São Paulo)",
  "eu-central-1": "Europe (Frankfurt)",
  "eu-west-1": "Europe (Ireland)",
  "eu-west-2": "Europe (London)",
  "eu-west-3": "Europe (Paris)",
  "eu-north-1": "Europe (Stockholm)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
  "ap-northeast-3": "Asia Pacific (Osaka)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
};

export const DEFAULT_REGIONS: readonly string[] = Object.keys(REGION_NAMES);

/** AWS's name of the region, else its id. */
export function regionName(id: string): string {
  return REGION_NAMES[id] ?? id;
}
