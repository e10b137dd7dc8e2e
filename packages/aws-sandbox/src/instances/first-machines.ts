// Production in Ireland, and what was staging before it got an account of its own, in Virginia. Names and tags follow the habits of
// real fleets (environment, service, tier, team). These run from the start; the others of the fleet once somebody opens a shell.
import { AL2, DEBIAN, gatewayOf, machinesIn, RHEL, tags, UBUNTU } from "./define-instance.ts";
import type { FleetInstance } from "./fleet.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const ireland = machinesIn("eu-west-1");
const virginia = machinesIn("us-east-1");

const CHECKOUT = tags("prod", "checkout", "app", "payments");
const ORDERS = tags("prod", "orders", "app", "orders");

export const FIRST_MACHINES: readonly FleetInstance[] = [
  ireland("a", "m7g.large", "10.42.1.17", 41, { id: "i-0c41b7e92fa03d518", name: "checkout-api-01", tags: CHECKOUT }),
  ireland("b", "m7g.large", "10.42.2.23", 41, { id: "i-08f2a6d15c7b9e340", name: "checkout-api-02", tags: CHECKOUT }),
  ireland("a", "m7g.large", "10.42.1.58", 12, {
    id: "i-0a1f6c83e5d2b7940",
    name: "checkout-api-04",
    tags: CHECKOUT,
    ailing: true,
  }),
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
  gatewayOf("eu-west-1", "192.168.42.10", 512, {
    id: "mi-0482fd9a1c5e7b036",
    name: "store-042-gateway",
    tags: tags("prod", "store-gateway", "edge", "stores"),
    ...UBUNTU,
  }),
  gatewayOf("eu-west-1", "192.168.43.10", 498, {
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
