import { type Static, Type } from "typebox";
import { IdentityId } from "./identity.ts";
import { Problem } from "./problem.ts";

export const RegionId = Type.String({ pattern: "^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$", maxLength: 32 });

/**
 * - `online`, `connection-lost`: what SSM says of a managed node (its last ping may be minutes old);
 * - `stopped`: EC2 says it does not run; - `not-managed`: it runs, and SSM does not know it;
 * - `unknown`: SSM could not be asked, so nobody knows.
 */
export const InstanceState = Type.Union([
  Type.Literal("online"),
  Type.Literal("connection-lost"),
  Type.Literal("stopped"),
  Type.Literal("not-managed"),
  Type.Literal("unknown"),
]);
export type InstanceState = Static<typeof InstanceState>;

/**
 * Why nobody can open a shell there, as far as the two lists say; deeper causes are the diagnosis's.
 * - `stopped`: EC2 says that it does not run (`ec2State`, `stateReason`);
 * - `no-ping`: the agent is silent since `lastPingAt`;
 * - `no-instance-profile`: the machine has no role, so its agent cannot register;
 * - `not-registered`: it has a role, and SSM still does not know it: no agent, no route, or a role without permission;
 * - `asking`: SSM's list is being read; - `not-asked`: SSM could not be asked.
 */
export const UnreachableReason = Type.Union([
  Type.Literal("stopped"),
  Type.Literal("no-ping"),
  Type.Literal("no-instance-profile"),
  Type.Literal("not-registered"),
  Type.Literal("asking"),
  Type.Literal("not-asked"),
]);
export type UnreachableReason = Static<typeof UnreachableReason>;

export const Instance = Type.Object({
  /** `i-…` or `mi-…`. */
  id: Type.String(),
  /** Name tag, else computer name, else the id; control characters removed, 256 characters at most. */
  name: Type.String(),
  kind: Type.Union([Type.Literal("ec2"), Type.Literal("hybrid")]),
  state: InstanceState,
  /** Absent: it is online. */
  reason: Type.Optional(UnreachableReason),
  /** EC2's own word, when EC2 could be asked: running, stopped, … */
  ec2State: Type.Optional(Type.String()),
  platform: Type.Optional(Type.String({ description: "platform name and version, as SSM says it" })),
  platformType: Type.Optional(Type.String({ description: "Linux, Windows or MacOS" })),
  agentVersion: Type.Optional(Type.String()),
  privateIp: Type.Optional(Type.String()),
  publicIp: Type.Optional(Type.String()),
  availabilityZone: Type.Optional(Type.String()),
  /** EC2's words for a machine that does not run. */
  stateReason: Type.Optional(Type.String()),
  instanceType: Type.Optional(Type.String()),
  /** Milliseconds since the epoch. */
  lastPingAt: Type.Optional(Type.Number()),
  tags: Type.Record(Type.String(), Type.String()),
});
export type Instance = Static<typeof Instance>;

/**
 * One of the two services the list is joined from: `ok`, or what it said instead. `kept`: it was read to its end before, and
 * what it said then is still in the list.
 */
export const InstanceSource = Type.Object({
  ok: Type.Boolean(),
  problem: Type.Optional(Problem),
  kept: Type.Optional(Type.Literal(true)),
});
export type InstanceSource = Static<typeof InstanceSource>;

/** Sources that one page may watch at the same time: identities times regions. */
export const SOURCES_PER_PAGE_MAX = 64;

/** Where a list comes from: one identity in one region. */
export const SourceKey = Type.Object({ identityId: IdentityId, region: RegionId }, { additionalProperties: false });
export type SourceKey = Static<typeof SourceKey>;

export const ListInstancesQuery = Type.Object(
  { region: RegionId, identityId: Type.Optional(IdentityId) },
  { additionalProperties: false },
);
export type ListInstancesQuery = Static<typeof ListInstancesQuery>;

export const InstanceList = Type.Object({
  region: Type.String(),
  instances: Type.Array(Instance),
  sources: Type.Object({ ec2: InstanceSource, ssm: InstanceSource }),
  /** true: there are more instances than `INSTANCES_PER_SOURCE_MAX`; the rest is not in the list. */
  truncated: Type.Boolean(),
  fetchedAt: Type.Number({ description: "milliseconds since the epoch" }),
});
export type InstanceList = Static<typeof InstanceList>;

/** How a list stands; goes to the page whenever it changes. */
export const SourceStatus = Type.Object({
  /** `loading`: never complete yet; `complete`: as of `fetchedAt`; `failed`: neither service answered, ever. */
  phase: Type.Union([Type.Literal("loading"), Type.Literal("complete"), Type.Literal("failed")]),
  /** A pass over AWS's pages is under way. */
  refreshing: Type.Boolean(),
  /** Instances known so far, and how many there may be: what the last pass found; absent: nobody knows yet. */
  loaded: Type.Integer({ minimum: 0 }),
  about: Type.Optional(Type.Integer({ minimum: 0 })),
  truncated: Type.Boolean(),
  ec2: InstanceSource,
  ssm: InstanceSource,
  /** End of the last complete pass, milliseconds since the epoch. */
  fetchedAt: Type.Optional(Type.Number()),
  /** The last pass was refused or slowed down: when the next one begins, milliseconds since the epoch. */
  nextTryAt: Type.Optional(Type.Number()),
});
export type SourceStatus = Static<typeof SourceStatus>;

/** A feature that needs a certain agent. */
export const AgentFeature = Type.Object({
  name: Type.String(),
  /** Lowest agent version, e.g. "3.1.1374.0". */
  needs: Type.String(),
  /** Absent: the agent's version is not known. */
  met: Type.Optional(Type.Boolean()),
});
export type AgentFeature = Static<typeof AgentFeature>;

export const InstanceParams = Type.Object(
  { instanceId: Type.String({ pattern: "^(i|mi)-[0-9a-f]{8,17}$" }) },
  { additionalProperties: false },
);

/** Everything known of one machine, asked of AWS when somebody opens its details. */
export const InstanceDetail = Type.Object({
  instance: Instance,
  /** What EC2 adds; absent: EC2 does not know the machine, or could not be asked. */
  ec2: Type.Optional(
    Type.Object({
      imageId: Type.Optional(Type.String()),
      vpcId: Type.Optional(Type.String()),
      subnetId: Type.Optional(Type.String()),
      privateDns: Type.Optional(Type.String()),
      publicIp: Type.Optional(Type.String()),
      architecture: Type.Optional(Type.String()),
      instanceProfileArn: Type.Optional(Type.String()),
      launchedAt: Type.Optional(Type.Number({ description: "milliseconds since the epoch" })),
    }),
  ),
  /** What SSM adds; absent: SSM does not know the machine, or could not be asked. */
  agent: Type.Optional(
    Type.Object({
      isLatest: Type.Optional(Type.Boolean()),
      computerName: Type.Optional(Type.String()),
      activationId: Type.Optional(Type.String()),
      iamRole: Type.Optional(Type.String()),
      registeredAt: Type.Optional(Type.Number({ description: "milliseconds since the epoch" })),
    }),
  ),
  /** GetConnectionStatus, asked once for this answer. */
  connection: Type.Object({
    status: Type.Union([Type.Literal("connected"), Type.Literal("not-connected"), Type.Literal("unknown")]),
    problem: Type.Optional(Problem),
  }),
  features: Type.Array(AgentFeature),
  /** `tags`: of a hybrid node, whose tags are asked for here and in no list; absent: they came with the machine. */
  sources: Type.Object({ ec2: InstanceSource, ssm: InstanceSource, tags: Type.Optional(InstanceSource) }),
  fetchedAt: Type.Number({ description: "milliseconds since the epoch" }),
});
export type InstanceDetail = Static<typeof InstanceDetail>;
