// What the company added since: web and search in production, Sydney, and the staging account. They have no process until somebody
// opens a shell there, except those that must show from the start why nobody can.
import { AL2, DEBIAN, gatewayOf, machinesIn, RHEL, tags, UBUNTU } from "./define-instance.ts";
import { type FleetInstance, STAGING_ACCOUNT } from "./fleet.ts";

const ireland = machinesIn("eu-west-1");
const virginia = machinesIn("us-east-1");
const sydney = machinesIn("ap-southeast-2");
const stageIreland = machinesIn("eu-west-1", STAGING_ACCOUNT);
const stageVirginia = machinesIn("us-east-1", STAGING_ACCOUNT);
const stageSydney = machinesIn("ap-southeast-2", STAGING_ACCOUNT);

const ASLEEP = { onDemand: true } as const;
const WEB = tags("prod", "web", "app", "storefront");
const STAGE_WEB = tags("staging", "web", "app", "storefront");

export const LATER_MACHINES: readonly FleetInstance[] = [
  ireland("a", "m7g.large", "10.42.1.151", 30, {
    id: "i-0a4d19c7e35b8f206",
    name: "web-front-01",
    tags: WEB,
    ...ASLEEP,
  }),
  ireland("b", "m7g.large", "10.42.2.152", 30, {
    id: "i-0c83e6b1d7f25a904",
    name: "web-front-02",
    tags: WEB,
    ...ASLEEP,
  }),
  ireland("c", "t2.large", "10.42.3.153", 2_340, {
    id: "i-05f0b7a2c94e6d138",
    name: "web-legacy-01",
    tags: tags("prod", "web", "app", "storefront"),
    ...AL2,
    agentVersion: "2.2.619.0",
  }),
  ireland("b", "r7g.large", "10.42.2.160", 77, {
    id: "i-0962e1d8b5c7f34a0",
    name: "reports-vault-01",
    tags: tags("prod", "reports", "db", "data-platform"),
    ...RHEL,
    nodeRole: "HarborReportsRole",
  }),

  virginia("a", "m7g.large", "10.80.1.151", 30, { id: "i-0b7c25f9e1a4d8036", name: "web-us-01", tags: WEB, ...ASLEEP }),
  virginia("b", "m7g.large", "10.80.2.152", 30, { id: "i-03e9d4a6c1b85f720", name: "web-us-02", tags: WEB, ...ASLEEP }),
  virginia("c", "m7g.large", "10.80.3.153", 2, {
    id: "i-0d16f8b3a5e7c2940",
    name: "web-us-03",
    tags: WEB,
    ...ASLEEP,
    nodeRole: "HarborRestrictedRole",
  }),

  sydney("a", "m7g.large", "10.112.1.11", 55, { id: "i-07a3c5e1f9b2d4860", name: "syd-web-01", tags: WEB, ...ASLEEP }),
  sydney("b", "m7g.large", "10.112.2.12", 55, { id: "i-0e8b6d2f4a1c95073", name: "syd-web-02", tags: WEB, ...ASLEEP }),
  sydney("a", "r7g.large", "10.112.1.40", 120, {
    id: "i-02d5f7c9b8e1a3640",
    name: "syd-ledger-01",
    tags: tags("prod", "ledger", "db", "payments"),
    ...RHEL,
    ...ASLEEP,
    nodeRole: "HarborLedgerRole",
  }),
  sydney("b", "t3.medium", "10.112.2.41", 120, {
    id: "i-0f1e3b5d7c9a82460",
    name: "syd-audit-01",
    tags: tags("prod", "audit", "app", "security"),
    ...ASLEEP,
    nodeRole: "HarborAuditRole",
  }),
  sydney("c", "c7g.xlarge", "10.112.3.42", 14, {
    id: "i-0b6a8c0e2d4f71953",
    name: "syd-batch-01",
    tags: tags("prod", "batch", "batch", "data-platform"),
    ...UBUNTU,
    ...ASLEEP,
    diskFull: true,
  }),
  gatewayOf("ap-southeast-2", "192.168.201.10", 260, {
    id: "mi-0c5e7a9b1d3f80264",
    name: "store-201-gateway",
    tags: tags("prod", "store-gateway", "edge", "stores"),
    ...UBUNTU,
    ...ASLEEP,
  }),

  stageIreland("a", "t3.medium", "10.43.1.11", 21, {
    id: "i-0a9c1e3d5b7f20486",
    name: "stage-web-01",
    tags: STAGE_WEB,
    ...ASLEEP,
  }),
  stageIreland("b", "t3.medium", "10.43.2.12", 21, {
    id: "i-04e2f6a8d0b1c3957",
    name: "stage-api-01",
    tags: tags("staging", "checkout", "app", "payments"),
    ...UBUNTU,
    ...ASLEEP,
  }),
  stageIreland("a", "t3.large", "10.43.1.40", 64, {
    id: "i-0d7b9f1a3c5e80264",
    name: "stage-db-01",
    tags: tags("staging", "orders", "db", "data-platform"),
    ...RHEL,
    ...ASLEEP,
  }),
  stageIreland("c", "t3.micro", "10.43.3.8", 410, {
    id: "i-06c8e0a2b4d1f3759",
    name: "stage-bastion-01",
    tags: tags("staging", "shared", "bastion", "network"),
    ...DEBIAN,
    ...ASLEEP,
  }),
  stageIreland("b", "t2.small", "10.43.2.60", 1_950, {
    id: "i-09f3b5d7e1c2a4860",
    name: "stage-legacy-01",
    tags: tags("staging", "billing", "app", "payments"),
    ...AL2,
    ...ASLEEP,
    users: ["ssm-user", "ec2-user"],
  }),

  stageVirginia("a", "c7g.xlarge", "10.81.1.11", 6, {
    id: "i-0e4a6c8f0b2d19375",
    name: "perf-load-01",
    tags: tags("staging", "perf", "batch", "storefront"),
    ...ASLEEP,
  }),
  stageVirginia("b", "c7g.xlarge", "10.81.2.12", 6, {
    id: "i-01b3d5f7a9c8e0264",
    name: "perf-load-02",
    tags: tags("staging", "perf", "batch", "storefront"),
    ...ASLEEP,
  }),
  stageVirginia("a", "m6i.2xlarge", "10.81.1.20", 6, {
    id: "i-0f5d7b9e1c3a80462",
    name: "perf-target-01",
    tags: tags("staging", "perf", "app", "storefront"),
    ...UBUNTU,
    ...ASLEEP,
  }),

  stageSydney("a", "t3.medium", "10.113.1.11", 33, {
    id: "i-08c0e2a4f6b1d3957",
    name: "standby-web-01",
    tags: STAGE_WEB,
    ...ASLEEP,
  }),
  stageSydney("c", "t3.micro", "10.113.3.8", 33, {
    id: "i-0c6e8a0b2d4f19573",
    name: "standby-bastion-01",
    tags: tags("staging", "shared", "bastion", "network"),
    ...ASLEEP,
  }),
  stageSydney("b", "t3.large", "10.113.2.12", 33, {
    id: "i-02e4a6c8d0f1b3579",
    name: "standby-db-01",
    tags: tags("staging", "orders", "db", "data-platform"),
    ...DEBIAN,
    ...ASLEEP,
  }),
];
