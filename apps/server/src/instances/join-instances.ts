/**
 * One list out of what EC2 and SSM each know. Pure. Everything here was written by strangers (names, tags, platform
 * strings): control characters are removed and lengths cut before anything else sees them.
 */
import type { Instance, InstanceState } from "@causeway/wire-contract/instances";

/** Longest name or tag value shown, in characters (architecture §8). */
export const TEXT_CHARACTERS_MAX = 256;
/** AWS allows 50 tags on a resource. */
export const TAGS_MAX = 50;

export interface Ec2Instance {
  id: string;
  state?: string | undefined;
  privateIp?: string | undefined;
  availabilityZone?: string | undefined;
  instanceType?: string | undefined;
  /** "windows", or nothing: EC2 knows no more. */
  platform?: string | undefined;
  tags: readonly { key?: string | undefined; value?: string | undefined }[];
}

export interface SsmInstance {
  id: string;
  pingStatus?: string | undefined;
  lastPingAtMs?: number | undefined;
  agentVersion?: string | undefined;
  platformType?: string | undefined;
  platformName?: string | undefined;
  platformVersion?: string | undefined;
  ipAddress?: string | undefined;
  /** The name a hybrid node was activated with. */
  name?: string | undefined;
  computerName?: string | undefined;
}

/**
 * @param ec2 undefined: EC2 could not be asked
 * @param ssm undefined: SSM could not be asked
 * @param instancesMax the rest is left out, and `truncated` says so
 */
export function joinInstances(
  ec2: readonly Ec2Instance[] | undefined,
  ssm: readonly SsmInstance[] | undefined,
  instancesMax: number,
): { instances: Instance[]; truncated: boolean } {
  const managed = new Map((ssm ?? []).map((node) => [node.id, node]));
  const machines = new Map((ec2 ?? []).map((machine) => [machine.id, machine]));
  const ids = [...new Set([...machines.keys(), ...managed.keys()])];
  const instances = ids
    // A terminated machine stays in EC2's answer for about an hour; nobody can open it.
    .filter((id) => machines.get(id)?.state !== "terminated" && /^(i|mi)-[0-9a-f]+$/.test(id))
    .map((id) => join(id, machines.get(id), managed.get(id), ssm !== undefined))
    .sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  return { instances: instances.slice(0, instancesMax), truncated: instances.length > instancesMax };
}

function join(
  id: string,
  machine: Ec2Instance | undefined,
  node: SsmInstance | undefined,
  ssmAnswered: boolean,
): Instance {
  const tags = readTags(machine?.tags ?? []);
  const platform = plainText([node?.platformName, node?.platformVersion].filter(Boolean).join(" "));
  const platformType = plainText(node?.platformType ?? (machine?.platform === "windows" ? "Windows" : undefined));
  return {
    id,
    name: plainText(tags.Name ?? node?.name ?? node?.computerName) || id,
    kind: id.startsWith("mi-") ? "hybrid" : "ec2",
    state: stateOf(machine, node, ssmAnswered),
    tags,
    ...given("ec2State", plainText(machine?.state)),
    ...given("platform", platform),
    ...given("platformType", platformType),
    ...given("agentVersion", plainText(node?.agentVersion)),
    ...given("privateIp", plainText(machine?.privateIp ?? node?.ipAddress)),
    ...given("availabilityZone", plainText(machine?.availabilityZone)),
    ...given("instanceType", plainText(machine?.instanceType)),
    ...(node?.lastPingAtMs === undefined ? {} : { lastPingAt: node.lastPingAtMs }),
  };
}

/** EC2's "it does not run" wins over SSM, whose ping status lags by minutes (aws-facts §1). */
function stateOf(machine: Ec2Instance | undefined, node: SsmInstance | undefined, ssmAnswered: boolean): InstanceState {
  if (machine?.state !== undefined && machine.state !== "running" && machine.state !== "pending") return "stopped";
  if (!ssmAnswered) return "unknown";
  if (node === undefined) return "not-managed";
  return node.pingStatus === "Online" ? "online" : "connection-lost";
}

function readTags(tags: Ec2Instance["tags"]): Record<string, string> {
  const entries = tags
    .slice(0, TAGS_MAX)
    .map(({ key, value }) => [plainText(key), plainText(value)] as const)
    .filter(([key]) => key !== "");
  return Object.fromEntries(entries); // own properties only, also for a tag named __proto__
}

/** C0, DEL, C1, and the characters that reorder or hide text (bidi controls, zero width). */
const INVISIBLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Without control characters, at most `TEXT_CHARACTERS_MAX` characters, never half a surrogate pair. */
export function plainText(value: string | undefined): string {
  const clean = (value ?? "").replace(INVISIBLE, "");
  return clean.length <= TEXT_CHARACTERS_MAX ? clean : [...clean].slice(0, TEXT_CHARACTERS_MAX).join("");
}

function given<K extends string>(key: K, value: string): { [P in K]?: string } {
  return value === "" ? {} : ({ [key]: value } as { [P in K]?: string });
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true, sensitivity: "base" });
}
