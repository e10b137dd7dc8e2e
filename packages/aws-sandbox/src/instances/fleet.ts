// The machines that exist when the sandbox starts, as plain data: what EC2 and SSM say of them, and which of them really run.
// Names and tags follow the habits of real fleets (environment, service, tier, team). There is no Windows machine: every shell
// here is a real Linux shell, and a listing must not promise another one.

export interface FleetInstance {
  /** `i-` or `mi-` and 17 hex digits. */
  id: string;
  region: string;
  account: string;
  /** Name tag, and host name in the prompt. */
  name: string;
  tags: Readonly<Record<string, string>>;
  /** What EC2 says. A hybrid machine is not known to EC2 and counts as running. */
  state: "running" | "stopped";
  /** Registered with Systems Manager. */
  managed: boolean;
  /** false: the agent is not connected, though SSM remembers it ("connection lost"). */
  online: boolean;
  kind: "ec2" | "hybrid";
  /** As SSM reports them. */
  platformName: string;
  platformVersion: string;
  agentVersion: string;
  /** Empty for hybrid machines, like the availability zone. */
  instanceType: string;
  privateIp: string;
  availabilityZone: string;
  /** How long before the sandbox's start the machine was launched or registered. */
  launchedMsAgo: number;
  /** How long before the sandbox's start a machine that is not online was heard last. */
  lastPingMsAgo?: number;
  /** Online, and without an agent of its own until somebody opens a shell there. */
  onDemand?: boolean;
}

/** The one account of the default fleet. */
export const DEFAULT_ACCOUNT = "111122223333";
export const DEFAULT_REGIONS: readonly string[] = ["eu-west-1", "us-east-1"];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Only these have an agent and a shell from the start; the others are only listed. */
export const hasMachine = (instance: FleetInstance): boolean =>
  instance.managed && instance.online && instance.state === "running" && instance.onDemand !== true;

/** ARN as IAM and StartSession name it. Source: Service Authorization Reference, AWS Systems Manager. */
export const instanceArn = (instance: Pick<FleetInstance, "id" | "region" | "account">): string =>
  instance.id.startsWith("mi-")
    ? `arn:aws:ssm:${instance.region}:${instance.account}:managed-instance/${instance.id}`
    : `arn:aws:ec2:${instance.region}:${instance.account}:instance/${instance.id}`;

type Definition = Partial<FleetInstance> & Pick<FleetInstance, "id" | "name" | "tags">;

const AL2023 = { platformName: "Amazon Linux", platformVersion: "2023", agentVersion: "3.3.2299.0" };
const AL2 = { platformName: "Amazon Linux", platformVersion: "2", agentVersion: "3.2.2303.0" };
const UBUNTU = { platformName: "Ubuntu", platformVersion: "22.04", agentVersion: "3.3.987.0" };
const DEBIAN = { platformName: "Debian GNU/Linux", platformVersion: "12", agentVersion: "3.3.1611.0" };
const RHEL = { platformName: "Red Hat Enterprise Linux", platformVersion: "9.4", agentVersion: "3.2.2222.0" };

const ireland = (az: string, type: string, ip: string, days: number, rest: Definition): FleetInstance =>
  instance("eu-west-1", az, type, ip, days, rest);
const virginia = (az: string, type: string, ip: string, days: number, rest: Definition): FleetInstance =>
  instance("us-east-1", az, type, ip, days, rest);

/** A machine in a shop's cellar, registered by activation. */
const gateway = (ip: string, days: number, rest: Definition): FleetInstance => ({
  ...instance("eu-west-1", "", "", ip, days, rest),
  availabilityZone: "",
  kind: "hybrid",
});

function instance(region: string, az: string, type: string, ip: string, days: number, rest: Definition): FleetInstance {
  return {
    region,
    account: DEFAULT_ACCOUNT,
    state: "running",
    managed: true,
    online: true,
    kind: "ec2",
    ...AL2023,
    instanceType: type,
    privateIp: ip,
    availabilityZone: `${region}${az}`,
    launchedMsAgo: days * DAY_MS,
    ...rest,
    tags: { Name: rest.name, ...rest.tags },
  };
}

const tags = (env: string, service: string, tier: string, team: string) => ({ env, service, tier, team });
const CHECKOUT = tags("prod", "checkout", "app", "payments");
const ORDERS = tags("prod", "orders", "app", "orders");

export const DEFAULT_FLEET: readonly FleetInstance[] = [
  ireland("a", "m7g.large", "10.42.1.17", 41, { id: "i-0c41b7e92fa03d518", name: "checkout-api-01", tags: CHECKOUT }),
  ireland("b", "m7g.large", "10.42.2.23", 41, { id: "i-08f2a6d15c7b9e340", name: "checkout-api-02", tags: CHECKOUT }),
  ireland("a", "m7g.large", "10.42.1.58", 12, { id: "i-0a1f6c83e5d2b7940", name: "checkout-api-04", tags: CHECKOUT }),
  ireland("b", "t4g.small", "10.42.2.90", 203, {
    id: "i-0e5b20f97d4c1a386",
    name: "checkout-cron-01",
    tags: tags("prod", "checkout", "batch", "payments"),
    ...AL2,
  }),
  ireland("a", "c7g.xlarge", "10.42.1.101", 88, {
    id: "i-03b8d1f50e96c27a4",
    name: "orders-worker-01",
    tags: ORDERS,
    ...UBUNTU,
  }),
  ireland("b", "c7g.xlarge", "10.42.2.102", 88, {
    id: "i-0f7429ac3be81d065",
    name: "orders-worker-02",
    tags: ORDERS,
    ...UBUNTU,
    online: false,
    lastPingMsAgo: 14 * MINUTE_MS,
  }),
  ireland("c", "t3.micro", "10.42.3.8", 367, {
    id: "i-06e0c95d8f1a4b273",
    name: "orders-db-bastion",
    tags: tags("prod", "orders", "bastion", "data-platform"),
    ...DEBIAN,
  }),
  ireland("a", "t3.medium", "10.42.1.77", 9, {
    id: "i-0b92f4e7a610d85c3",
    name: "orders-migrate-01",
    tags: tags("prod", "orders", "batch", "orders"),
    ...RHEL,
    state: "stopped",
    online: false,
    lastPingMsAgo: 3 * DAY_MS,
  }),
  ireland("b", "c7gn.large", "10.42.2.11", 130, {
    id: "i-0d84c2a91be6f5037",
    name: "edge-proxy-11",
    tags: tags("prod", "edge", "proxy", "network"),
    ...DEBIAN,
  }),
  ireland("b", "m6i.2xlarge", "10.42.2.140", 5, {
    id: "i-01d7c3e8b4f95a620",
    name: "batch-nightly-02",
    tags: tags("prod", "batch", "batch", "data-platform"),
    managed: false,
    online: false,
  }),
  gateway("192.168.42.10", 512, {
    id: "mi-0482fd9a1c5e7b036",
    name: "store-042-gateway",
    tags: tags("prod", "store-gateway", "edge", "stores"),
    ...UBUNTU,
  }),
  gateway("192.168.43.10", 498, {
    id: "mi-07c1e8b3f92d5a604",
    name: "store-043-gateway",
    tags: tags("prod", "store-gateway", "edge", "stores"),
    ...UBUNTU,
    online: false,
    lastPingMsAgo: 3 * HOUR_MS,
  }),
  virginia("a", "t3.medium", "10.80.1.21", 19, {
    id: "i-04c7a0e6d35b98f12",
    name: "stg-checkout-01",
    tags: tags("staging", "checkout", "app", "payments"),
    ...UBUNTU,
  }),
  virginia("b", "t3.medium", "10.80.2.22", 19, {
    id: "i-09b3f8d2c6a17e450",
    name: "stg-checkout-02",
    tags: tags("staging", "checkout", "app", "payments"),
    ...UBUNTU,
  }),
  virginia("a", "t3.large", "10.80.1.40", 64, {
    id: "i-0527e9b1f4d8c36a0",
    name: "stg-orders-db",
    tags: tags("staging", "orders", "db", "data-platform"),
    ...RHEL,
  }),
  virginia("c", "t3.small", "10.80.3.6", 240, {
    id: "i-0e16d4b7a938c5f02",
    name: "stg-bastion",
    tags: tags("staging", "shared", "bastion", "network"),
    ...AL2,
  }),
];
