/** Writes the ready-made machines down shortly: what most of them share is said here once. */
import { LATEST_AGENT_VERSION } from "./agent-version.ts";
import { DEFAULT_ACCOUNT, type FleetInstance } from "./fleet.ts";

const DAY_MS = 24 * 3_600_000;

type System = Pick<FleetInstance, "platformName" | "platformVersion" | "agentVersion">;
type Definition = Partial<FleetInstance> & Pick<FleetInstance, "id" | "name" | "tags">;

/** What SSM says of a system: of the machines that say nothing else. */
const AL2023: System = { platformName: "Amazon Linux", platformVersion: "2023", agentVersion: LATEST_AGENT_VERSION };
export const AL2: System = { platformName: "Amazon Linux", platformVersion: "2", agentVersion: "3.2.2303.0" };
export const UBUNTU: System = { platformName: "Ubuntu", platformVersion: "22.04", agentVersion: "3.3.987.0" };
export const DEBIAN: System = { platformName: "Debian GNU/Linux", platformVersion: "12", agentVersion: "3.3.1611.0" };
export const RHEL: System = {
  platformName: "Red Hat Enterprise Linux",
  platformVersion: "9.4",
  agentVersion: "3.2.2222.0",
};

/** Tiers whose services answer over HTTP. */
const WEB_TIERS: readonly (string | undefined)[] = ["app", "web", "api", "proxy", "edge"];

type Place = (az: string, type: string, ip: string, days: number, rest: Definition) => FleetInstance;

/** EC2 machines of one region; `days` since the launch. */
export const machinesIn =
  (region: string, account: string = DEFAULT_ACCOUNT): Place =>
  (az, type, ip, days, rest) => ({
    region,
    account,
    state: "running",
    managed: true,
    online: true,
    kind: "ec2",
    ...AL2023,
    instanceType: type,
    privateIp: ip,
    availabilityZone: `${region}${az}`,
    launchedMsAgo: days * DAY_MS,
    ...(WEB_TIERS.includes(rest.tags.tier) ? { hasWeb: true as const } : {}),
    ...rest,
    tags: { Name: rest.name, ...rest.tags },
  });

/** A machine in a shop's cellar, registered by activation. */
export const gatewayOf = (region: string, ip: string, days: number, rest: Definition): FleetInstance => ({
  ...machinesIn(region)("", "", ip, days, rest),
  availabilityZone: "",
  kind: "hybrid",
});

export const tags = (env: string, service: string, tier: string, team: string): Record<string, string> => ({
  env,
  service,
  tier,
  team,
});
