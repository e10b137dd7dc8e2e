/**
 * The filter of the instance list. Words match name, id, address, platform, account, region and tag values, and all must match.
 * `key=value`, `state:…` and `region:…` are conditions: values of one key are alternatives, keys must all hold.
 * Pure; instances are prepared once (./instance-index.ts), so that a key costs a few milliseconds with 20,000 of them.
 */
import type { InstanceState } from "@causeway/wire-contract/instances";
import type { IndexedInstance } from "./instance-index.ts";

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

/** Keeps the order of the index. An unfinished `key=val` being typed matches every value that begins so. */
export function filterInstances(
  index: readonly IndexedInstance[],
  chips: readonly Condition[],
  typed: Filter,
): readonly IndexedInstance[] {
  const tests = [
    ...groupByKey(chips).map((alternatives) => anyOf(alternatives.map((condition) => testOf(condition, false)))),
    ...typed.conditions.map((condition) => testOf(condition, true)),
  ];
  const { words } = typed;
  if (tests.length === 0 && words.length === 0) return index;
  return index.filter((entry) => {
    for (const word of words) if (!entry.haystack.includes(word)) return false;
    for (const test of tests) if (!test(entry)) return false;
    return true;
  });
}

function groupByKey(conditions: readonly Condition[]): Condition[][] {
  const groups = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const key = condition.kind === "tag" ? `tag ${condition.key.toLowerCase()}` : condition.kind;
    groups.set(key, [...(groups.get(key) ?? []), condition]);
  }
  return [...groups.values()];
}

type Test = (entry: IndexedInstance) => boolean;

function anyOf(tests: readonly Test[]): Test {
  return (entry) => tests.some((test) => test(entry));
}

function testOf(condition: Condition, unfinished: boolean): Test {
  if (condition.kind === "region") return () => true; // changes where we look, not what of it is shown
  if (condition.kind === "state") return ({ instance }) => instance.state === condition.state;
  const line = `\n${condition.key.toLowerCase()}=${condition.value.toLowerCase()}`;
  const wanted = unfinished || condition.value === "" ? line : `${line}\n`;
  return ({ tagLines }) => tagLines.includes(wanted);
}
