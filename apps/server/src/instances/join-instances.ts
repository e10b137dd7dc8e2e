/**
 * One list out of what EC2 and SSM each know. Pure. Everything here was written by strangers (names, tags, platform
 * strings): control characters are removed and lengths cut before anything else sees them.
 */
import type { Instance, InstanceState, UnreachableReason } from "@causeway/wire-contract/instances";

/** Longest name or tag value shown, in characters (architecture §8). */
export const TEXT_CHARACTERS_MAX = 256;
/** AWS allows 50 tags on a resource. */
export const TAGS_MAX = 50;

export interface Ec2Instance {
  id: string;
  state?: string | undefined;
  /** Why it has this state, in EC2's words. */
  stateReason?: string | undefined;
  /** It has an instance profile; undefined: not known. */
  hasProfile?: boolean | undefined;
  privateIp?: string | undefined;
  publicIp?: string | undefined;
  availabilityZone?: string | undefined;
  instanceType?: string | undefined;
  /** "windows", or nothing: EC2 knows no more. */
  platform?: string | undefined;
  tags: InstanceTags;
}

/** As AWS gives them. */
export type InstanceTags = readonly { key?: string | undefined; value?: string | undefined }[];

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
  /** Of a hybrid node whose tags were asked for: no list has them. */
  tags?: InstanceTags | undefined;
}

/** How far SSM's list was read: `asking`: a first pass is under way; `refused`: it could not be asked. */
export type SsmKnowledge = "asking" | "answered" | "refused";

/**
 * One machine, out of what each service said of it.
 *
 * @param machine undefined: EC2 does not know it, or could not be asked
 * @param node undefined: SSM does not know it, or was not (yet) asked
 * @returns undefined for what is no machine to list: a terminated one, which EC2 names for about an hour, or an unknown id
 */
export function joinInstance(
  id: string,
  machine: Ec2Instance | undefined,
  node: SsmInstance | undefined,
  ssm: SsmKnowledge,
): Instance | undefined {
  if (machine === undefined && node === undefined) return undefined;
  if (machine?.state === "terminated" || !/^(i|mi)-[0-9a-f]+$/.test(id)) return undefined;
  const tags = readTags(machine?.tags ?? node?.tags ?? []);
  const platform = plainText([node?.platformName, node?.platformVersion].filter(Boolean).join(" "));
  const platformType = plainText(node?.platformType ?? (machine?.platform === "windows" ? "Windows" : undefined));
  const state = stateOf(machine, node, ssm);
  const reason = reasonOf(state, machine, ssm);
  return {
    id,
    name: plainText(tags.Name ?? node?.name ?? node?.computerName) || id,
    kind: id.startsWith("mi-") ? "hybrid" : "ec2",
    state,
    ...(reason === undefined ? {} : { reason }),
    tags,
    ...given("ec2State", plainText(machine?.state)),
    ...given("stateReason", state === "stopped" ? plainText(machine?.stateReason) : ""),
    ...given("platform", platform),
    ...given("platformType", platformType),
    ...given("agentVersion", plainText(node?.agentVersion)),
    ...given("privateIp", plainText(machine?.privateIp ?? node?.ipAddress)),
    ...given("publicIp", plainText(machine?.publicIp)),
    ...given("availabilityZone", plainText(machine?.availabilityZone)),
    ...given("instanceType", plainText(machine?.instanceType)),
    ...(node?.lastPingAtMs === undefined ? {} : { lastPingAt: node.lastPingAtMs }),
  };
}

/** EC2's "it does not run" wins over SSM, whose ping status lags by minutes (aws-facts §1). */
function stateOf(machine: Ec2Instance | undefined, node: SsmInstance | undefined, ssm: SsmKnowledge): InstanceState {
  if (machine?.state !== undefined && machine.state !== "running" && machine.state !== "pending") return "stopped";
  if (node !== undefined) return node.pingStatus === "Online" ? "online" : "connection-lost";
  return ssm === "answered" ? "not-managed" : "unknown";
}

function reasonOf(
  state: InstanceState,
  machine: Ec2Instance | undefined,
  ssm: SsmKnowledge,
): UnreachableReason | undefined {
  switch (state) {
    case "online":
      return undefined;
    case "stopped":
      return "stopped";
    case "connection-lost":
      return "no-ping";
    case "not-managed":
      return machine?.hasProfile === false ? "no-instance-profile" : "not-registered";
    case "unknown":
      return ssm === "asking" ? "asking" : "not-asked";
    default:
      return state satisfies never;
  }
}

/** Both say the same of the same machine. */
export function sameInstance(one: Instance, other: Instance): boolean {
  return sameMembers({ ...one, tags: "" }, { ...other, tags: "" }) && sameMembers(one.tags, other.tags);
}

function sameMembers(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function readTags(tags: InstanceTags): Record<string, string> {
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
