import { type Static, Type } from "typebox";
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

export const Instance = Type.Object({
  /** `i-…` or `mi-…`. */
  id: Type.String(),
  /** Name tag, else computer name, else the id; control characters removed, 256 characters at most. */
  name: Type.String(),
  kind: Type.Union([Type.Literal("ec2"), Type.Literal("hybrid")]),
  state: InstanceState,
  /** EC2's own word, when EC2 could be asked: running, stopped, … */
  ec2State: Type.Optional(Type.String()),
  platform: Type.Optional(Type.String({ description: "platform name and version, as SSM says it" })),
  platformType: Type.Optional(Type.String({ description: "Linux, Windows or MacOS" })),
  agentVersion: Type.Optional(Type.String()),
  privateIp: Type.Optional(Type.String()),
  availabilityZone: Type.Optional(Type.String()),
  instanceType: Type.Optional(Type.String()),
  /** Milliseconds since the epoch. */
  lastPingAt: Type.Optional(Type.Number()),
  tags: Type.Record(Type.String(), Type.String()),
});
export type Instance = Static<typeof Instance>;

/** One of the two services the list is joined from: `ok`, or what it said instead. */
export const InstanceSource = Type.Object({ ok: Type.Boolean(), problem: Type.Optional(Problem) });
export type InstanceSource = Static<typeof InstanceSource>;

export const ListInstancesQuery = Type.Object({ region: RegionId }, { additionalProperties: false });
export type ListInstancesQuery = Static<typeof ListInstancesQuery>;

export const InstanceList = Type.Object({
  region: Type.String(),
  instances: Type.Array(Instance),
  sources: Type.Object({ ec2: InstanceSource, ssm: InstanceSource }),
  /** true: there are more instances than `INSTANCES_MAX`; the rest is not in the list. */
  truncated: Type.Boolean(),
  fetchedAt: Type.Number({ description: "milliseconds since the epoch" }),
});
export type InstanceList = Static<typeof InstanceList>;
