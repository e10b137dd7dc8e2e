/**
 * What a filter says. Words match name, id, address, platform, account, region and tag values, and all must match.
 * `key=value`, `state:…`, `region:…`, `account:…` and `platform:…` are conditions: values of one key are alternatives, keys must
 * all hold. Pure. Which rows are shown for it, and how fast: ./list-filter.ts.
 */
import type { InstanceState } from "@causeway/wire-contract/instances";
import type { IndexedInstance } from "./instance-index.ts";

export type Condition =
  | { kind: "tag"; key: string; value: string }
  | { kind: "state"; state: InstanceState }
  /** Begins so; of a platform: holds this. In lower case. */
  | { kind: "region" | "account" | "platform"; value: string };

export interface Filter {
  words: readonly string[];
  conditions: readonly Condition[];
  /** `state:on`, `region:`: what is about to become a condition leaves nothing out yet. */
  unfinished: readonly string[];
}

export const NO_FILTER: Filter = { words: [], conditions: [], unfinished: [] };

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
  const unfinished: string[] = [];
  for (const token of tokens) {
    const condition = parseCondition(token);
    if (condition) conditions.push(condition);
    else (isUnfinished(token.toLowerCase()) ? unfinished : words).push(token.toLowerCase());
  }
  return { words, conditions, unfinished };
}

function isUnfinished(token: string): boolean {
  const [, name, value = ""] = /^(state|region|account|platform):(.*)$/.exec(token) ?? [];
  if (name !== "state") return name !== undefined && value === "";
  return Object.keys(STATE_WORDS).some((word) => word.startsWith(value));
}

function parseCondition(token: string): Condition | undefined {
  const tag = /^([^=]+)=(.*)$/.exec(token);
  if (tag) return { kind: "tag", key: tag[1] ?? "", value: tag[2] ?? "" };
  const [, name = "", value = ""] = /^(state|region|account|platform):(.+)$/.exec(token.toLowerCase()) ?? [];
  if (name === "region" || name === "account" || name === "platform") return { kind: name, value };
  const state = STATE_WORDS[value];
  return state && { kind: "state", state };
}

/** The same text that `parseFilter` reads: for the chip, for the address bar. */
export function formatCondition(condition: Condition): string {
  if (condition.kind === "tag") return `${condition.key}=${condition.value}`;
  return `${condition.kind}:${condition.kind === "state" ? STATE_NAMES[condition.state] : condition.value}`;
}

export function sameCondition(one: Condition, other: Condition): boolean {
  return formatCondition(one).toLowerCase() === formatCondition(other).toLowerCase();
}

/** What is looked at: the texts that words are looked for in, the lines of all tags, or one of the others. */
export type Column = "words" | "tags" | "state" | "region" | "account" | "accountName" | "platform";

/** One question to one text of an instance. */
export interface Search {
  column: Column;
  how: "holds" | "begins" | "is";
  needle: string;
}

/**
 * The questions that a filter asks: an instance fits if it fits any of each group. An unfinished `key=val` being typed fits every
 * value that begins so, a chip the whole value.
 */
export function searchesOf(chips: readonly Condition[], typed: Filter): Search[][] {
  return [
    ...typed.words.map((needle): Search[] => [{ column: "words", how: "holds", needle }]),
    ...groupByKey(chips).map((alternatives) => alternatives.map((condition) => searchOf(condition, false))),
    ...typed.conditions.map((condition) => [searchOf(condition, true)]),
  ];
}

export function textOf({ instance, haystack, tagLines, platform }: IndexedInstance, column: Column): string {
  if (column === "words") return haystack;
  if (column === "tags") return tagLines;
  if (column === "accountName") return instance.accountName?.toLowerCase() ?? "";
  return column === "platform" ? platform : instance[column];
}

export function fitsText(text: string, { how, needle }: Search): boolean {
  if (how === "is") return text === needle;
  return how === "begins" ? text.startsWith(needle) : text.includes(needle);
}

/** Keeps the order of the index. */
export function filterInstances(
  index: readonly IndexedInstance[],
  chips: readonly Condition[],
  typed: Filter,
): readonly IndexedInstance[] {
  const groups = searchesOf(chips, typed);
  return index.filter((entry) =>
    groups.every((searches) => searches.some((search) => fitsText(textOf(entry, search.column), search))),
  );
}

/** Whether every instance that fits `narrow` fits `wide`, as far as one can say without looking: both as typed. */
export function isNarrower(narrow: Filter, wide: Filter): boolean {
  return (
    wide.words.every((word) => narrow.words.some((other) => other.includes(word))) &&
    wide.conditions.every((condition) => {
      const text = formatCondition(condition).toLowerCase();
      const begins = condition.kind !== "state";
      return narrow.conditions.some((other) => {
        const otherText = formatCondition(other).toLowerCase();
        return other.kind === condition.kind && (begins ? otherText.startsWith(text) : otherText === text);
      });
    })
  );
}

function groupByKey(conditions: readonly Condition[]): Condition[][] {
  const groups = new Map<string, Condition[]>();
  for (const condition of conditions) {
    const key = condition.kind === "tag" ? `tag ${condition.key.toLowerCase()}` : condition.kind;
    groups.set(key, [...(groups.get(key) ?? []), condition]);
  }
  return [...groups.values()];
}

function searchOf(condition: Condition, unfinished: boolean): Search {
  const { kind } = condition;
  if (kind === "state") return { column: kind, how: "is", needle: condition.state };
  if (kind === "tag") {
    const line = `\n${condition.key.toLowerCase()}=${condition.value.toLowerCase()}`;
    return { column: "tags", how: "holds", needle: unfinished || condition.value === "" ? line : `${line}\n` };
  }
  const column = kind === "account" && /\D/.test(condition.value) ? "accountName" : kind;
  return { column, how: kind === "platform" ? "holds" : "begins", needle: condition.value };
}
