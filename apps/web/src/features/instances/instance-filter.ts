/**
 * The filter of the instance list. Words match name, id, address, platform and tag values, and all must match.
 * `key=value`, `state:…` and `region:…` are conditions: values of one key are alternatives, keys must all hold.
 * Pure; 20,000 instances are indexed once and filtered in a few milliseconds a key.
 */
import type { Instance, InstanceState } from "@causeway/wire-contract/instances";

export type Condition =
  | { kind: "tag"; key: string; value: string }
  | { kind: "state"; state: InstanceState }
  | { kind: "region"; region: string };

export interface Filter {
  words: readonly string[];
  conditions: readonly Condition[];
}

/** Longer filters are cut: nobody types them. Characters and tokens. */
export const FILTER_LENGTH_MAX = 200;
export const FILTER_TOKENS_MAX = 20;

const STATE_WORDS: Readonly<Record<string, InstanceState>> = {
  online: "online",
  lost: "connection-lost",
  "connection-lost": "connection-lost",
  stopped: "stopped",
  unmanaged: "not-managed",
  "not-managed": "not-managed",
  unknown: "unknown",
};
const STATE_NAMES: Readonly<Record<InstanceState, string>> = {
  online: "online",
  "connection-lost": "lost",
  stopped: "stopped",
  "not-managed": "unmanaged",
  unknown: "unknown",
};

export function parseFilter(text: string): Filter {
  const tokens = text.slice(0, FILTER_LENGTH_MAX).split(/\s+/).filter(Boolean).slice(0, FILTER_TOKENS_MAX);
  const words: string[] = [];
  const conditions: Condition[] = [];
  for (const token of tokens) {
    const condition = parseCondition(token);
    if (condition) conditions.push(condition);
    else words.push(token.toLowerCase());
  }
  return { words, conditions };
}

function parseCondition(token: string): Condition | undefined {
  const tag = /^([^=]+)=(.*)$/.exec(token);
  if (tag) return { kind: "tag", key: tag[1] ?? "", value: tag[2] ?? "" };
  const [, name, value = ""] = /^(state|region):(.+)$/i.exec(token) ?? [];
  if (name?.toLowerCase() === "region") return { kind: "region", region: value.toLowerCase() };
  const state = name === undefined ? undefined : STATE_WORDS[value.toLowerCase()];
  return state && { kind: "state", state };
}

/** The same text that `parseFilter` reads: for the chip, for the address bar. */
export function formatCondition(condition: Condition): string {
  if (condition.kind === "tag") return `${condition.key}=${condition.value}`;
  return condition.kind === "state" ? `state:${STATE_NAMES[condition.state]}` : `region:${condition.region}`;
}

export function sameCondition(one: Condition, other: Condition): boolean {
  return formatCondition(one).toLowerCase() === formatCondition(other).toLowerCase();
}

export interface IndexedInstance {
  instance: Instance;
  /** Everything a word may match, in lower case, one thing per line. */
  haystack: string;
}

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** In natural order of the names (2 before 10); equal names by id, so that the order never jumps. */
export function indexInstances(instances: readonly Instance[]): IndexedInstance[] {
  return instances
    .map((instance) => ({ instance, haystack: haystackOf(instance) }))
    .sort((a, b) => byName.compare(a.instance.name, b.instance.name) || (a.instance.id < b.instance.id ? -1 : 1));
}

function haystackOf({ name, id, privateIp, platform, availabilityZone, tags }: Instance): string {
  return [name, id, privateIp, platform, availabilityZone, ...Object.values(tags)]
    .filter((part) => part !== undefined)
    .join("\n")
    .toLowerCase();
}

/** Keeps the order of the index. An unfinished `key=val` being typed matches every value that begins so. */
export function filterInstances(
  index: readonly IndexedInstance[],
  chips: readonly Condition[],
  typed: Filter,
): Instance[] {
  const exact = groupByKey(chips);
  const begun = typed.conditions;
  const result: Instance[] = [];
  for (const { instance, haystack } of index)
    if (
      typed.words.every((word) => haystack.includes(word)) &&
      exact.every((alternatives) => alternatives.some((condition) => holds(instance, condition, false))) &&
      begun.every((condition) => holds(instance, condition, true))
    )
      result.push(instance);
  return result;
}

function groupByKey(conditions: readonly Condition[]): Condition[][] {
  const groups = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const key = condition.kind === "tag" ? `tag ${condition.key.toLowerCase()}` : condition.kind;
    groups.set(key, [...(groups.get(key) ?? []), condition]);
  }
  return [...groups.values()];
}

function holds(instance: Instance, condition: Condition, unfinished: boolean): boolean {
  if (condition.kind === "region") return true; // changes where we look, not what of it is shown
  if (condition.kind === "state") return instance.state === condition.state;
  const wantedKey = condition.key.toLowerCase();
  const wanted = condition.value.toLowerCase();
  for (const key in instance.tags) {
    if (key.toLowerCase() !== wantedKey) continue;
    const value = (instance.tags[key] ?? "").toLowerCase();
    return unfinished || wanted === "" ? value.startsWith(wanted) : value === wanted;
  }
  return false;
}
