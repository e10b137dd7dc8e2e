/**
 * A fleet as large as somebody asks for: the ready-made machines first, then made ones. Pure, and the same for the same number, so that
 * links, favourites and tests find their machines again. A made machine has no process until its first shell is opened.
 */
import { hash } from "node:crypto";
import { DEFAULT_FLEET } from "./default-fleet.ts";
import { DEFAULT_ACCOUNT, DEFAULT_REGIONS, type FleetInstance } from "./fleet.ts";

/** As many as the largest real accounts have in one region; more would only be more of the same. */
export const FLEET_SIZE_MAX = 20_000;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const SERVICES = [
  "account",
  "billing",
  "catalog",
  "checkout",
  "events",
  "fraud",
  "gateway",
  "identity",
  "inventory",
  "invoicing",
  "ledger",
  "media",
  "notify",
  "orders",
  "pricing",
  "profile",
  "ranking",
  "reports",
  "returns",
  "search",
  "sessions",
  "shipping",
  "stock",
  "warehouse",
] as const;
const TIERS = ["app", "app", "app", "worker", "worker", "db", "proxy", "batch"] as const;
const TEAMS = ["payments", "orders", "data-platform", "network", "stores", "search"] as const;
const ENVIRONMENTS = ["prod", "prod", "prod", "staging", "dev"] as const;
const TYPES = ["m7g.large", "c7g.xlarge", "t3.medium", "t4g.small", "m6i.2xlarge", "r7g.large"] as const;
const SYSTEMS = [
  { platformName: "Amazon Linux", platformVersion: "2023", agentVersion: "3.3.2299.0" },
  { platformName: "Amazon Linux", platformVersion: "2", agentVersion: "3.2.2303.0" },
  { platformName: "Ubuntu", platformVersion: "22.04", agentVersion: "3.3.987.0" },
  { platformName: "Debian GNU/Linux", platformVersion: "12", agentVersion: "3.3.1611.0" },
] as const;

/** One in so many of the made machines stands in the second region. */
const SECOND_REGION_EVERY = 10;

/**
 * @param size machines in all regions together, 0 to FLEET_SIZE_MAX
 * @throws RangeError beyond
 */
export function fleetOf(size: number): readonly FleetInstance[] {
  if (!Number.isInteger(size) || size < 0 || size > FLEET_SIZE_MAX)
    throw new RangeError(`a fleet has 0 to ${FLEET_SIZE_MAX} machines, not ${size}`);
  const fleet = DEFAULT_FLEET.slice(0, size);
  for (let number = fleet.length; number < size; number++) fleet.push(madeInstance(number));
  return fleet;
}

function madeInstance(number: number): FleetInstance {
  // random-looking numbers that belong to this machine
  const traits = hash("sha256", `machine ${number}`, "buffer");
  const trait = (at: number): number => traits.readUInt16BE(at * 2);
  const service = pick(SERVICES, trait(0));
  const tier = pick(TIERS, trait(1));
  const env = pick(ENVIRONMENTS, trait(2));
  const region = DEFAULT_REGIONS[number % SECOND_REGION_EVERY === 0 ? 1 : 0] ?? "";
  const name = `${service}-${tier}-${String(number).padStart(5, "0")}`;
  return {
    id: `i-${traits.toString("hex", 15, 24).slice(0, 17)}`,
    region,
    account: DEFAULT_ACCOUNT,
    name,
    tags: { Name: name, env, service, tier, team: pick(TEAMS, trait(3)) },
    kind: "ec2",
    instanceType: pick(TYPES, trait(4)),
    ...pick(SYSTEMS, trait(5)),
    // 10.96.0.0 and on: the ready-made ones have 10.42 and 10.80
    privateIp: `10.${96 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`,
    availabilityZone: `${region}${pick(["a", "b", "c"], trait(6))}`,
    launchedMsAgo: (1 + (trait(7) % 400)) * DAY_MS,
    ...conditionOf(trait(12) % 100, trait(13)),
  };
}

type Condition = Pick<FleetInstance, "state" | "managed" | "online"> &
  Partial<Pick<FleetInstance, "lastPingMsAgo" | "onDemand">>;

/** Of a hundred machines four are stopped, two lost and two never registered. */
function conditionOf(percent: number, trait: number): Condition {
  const lastPingMsAgo = (15 + (trait % 3_000)) * MINUTE_MS;
  if (percent < 4) return { state: "stopped", managed: true, online: false, lastPingMsAgo };
  if (percent < 6) return { state: "running", managed: true, online: false, lastPingMsAgo };
  if (percent < 8) return { state: "running", managed: false, online: false };
  return { state: "running", managed: true, online: true, onDemand: true };
}

function pick<Item>(items: readonly Item[], trait: number): Item {
  return items[trait % items.length] as Item;
}
