/**
 * Instances, prepared once so that every key of the filter is cheap: what words match in one string, tags in another, and
 * a key that sorts as people count. Changes are merged in; nothing is sorted anew. Pure.
 */
import type { Instance } from "@causeway/wire-contract/instances";
import { instanceRef } from "./instance-ref.ts";

/** An instance and where it was listed: the same machine seen by two identities is two rows. */
export interface ListedInstance extends Instance {
  key: string;
  identityId: string;
  account: string;
  accountName?: string;
  region: string;
}

export interface IndexedInstance {
  instance: ListedInstance;
  /** `account/region/id`, the same for every identity that sees it. */
  ref: string;
  /** Everything a word may match, in lower case, one thing per line. */
  haystack: string;
  /** Platform name, version and type, in lower case. */
  platform: string;
  /** "\nkey=value\n" of every tag, in lower case. */
  tagLines: string;
  sortKey: string;
}

/** What a word may match, beside the values of tags. */
const WORD_FIELDS = [
  "name",
  "id",
  "privateIp",
  "publicIp",
  "platform",
  "platformType",
  "availabilityZone",
  "account",
  "accountName",
  "region",
] as const satisfies readonly (keyof ListedInstance)[];

export function indexInstance(instance: ListedInstance): IndexedInstance {
  const { name, platform, platformType, tags } = instance;
  const words = WORD_FIELDS.flatMap((field) => instance[field] || []);
  const lines = [""];
  for (const key in tags) {
    const value = tags[key] ?? "";
    words.push(value);
    lines.push(`${key}=${value}`);
  }
  lines.push("");
  // joined, not added up: an added-up string is put together by the first search, within somebody's keystroke
  return {
    instance,
    ref: instanceRef(instance),
    haystack: words.join("\n").toLowerCase(),
    platform: [platform, platformType].join("\n").toLowerCase(),
    tagLines: lines.join("\n").toLowerCase(),
    sortKey: `${naturalKey(name)}\u0000${instance.key}`,
  };
}

/** One finds, orders and groups the one like the other: they differ in state and ping at most, as they do every minute. */
export function readsTheSame(one: ListedInstance, other: ListedInstance): boolean {
  for (const field of FIELDS_READ) if (one[field] !== other[field]) return false;
  const keys = Object.keys(one.tags);
  return keys.length === Object.keys(other.tags).length && keys.every((key) => one.tags[key] === other.tags[key]);
}

/** What an index, a group or a tag menu is made of, beside the tags. */
const FIELDS_READ = ["key", "kind", ...WORD_FIELDS] as const satisfies readonly (keyof ListedInstance)[];

/**
 * @param index in order
 * @param changed each reads as the one of its key in the index: nothing moves
 * @returns a new index; the one given when nothing changes
 */
export function withChanged(
  index: readonly IndexedInstance[],
  changed: readonly IndexedInstance[],
): readonly IndexedInstance[] {
  if (changed.length === 0) return index;
  const after = [...index];
  for (const entry of changed) after[placeOf(index, entry.sortKey)] = entry;
  return after;
}

/** @returns the place of the first whose key is not before this one, from a place on */
function placeOf(index: readonly IndexedInstance[], sortKey: string, from = 0): number {
  let [low, high] = [from, index.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((index[middle] as IndexedInstance).sortKey < sortKey) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Texts in the order of their keys are in the order people expect: whatever the case, 2 before 10. */
export function naturalKey(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, "").padStart(12, "0"));
}

/**
 * @param index in order
 * @param changed new and changed ones, in any order, each key once
 * @param gone keys that are no more
 * @returns a new index in order; the one given when nothing changes
 */
export function mergeIndex(
  index: readonly IndexedInstance[],
  changed: readonly IndexedInstance[],
  gone: ReadonlySet<string>,
): readonly IndexedInstance[] {
  if (changed.length === 0 && gone.size === 0) return index;
  const replaced = new Set(gone);
  for (const { instance } of changed) replaced.add(instance.key);
  const sorted = [...changed].sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
  const kept = index.filter(({ instance }) => !replaced.has(instance.key));
  const merged: IndexedInstance[] = [];
  let next = 0;
  // where each belongs is looked up: to compare it with all takes three times as long
  for (const entry of sorted) {
    const end = placeOf(kept, entry.sortKey, next);
    while (next < end) merged.push(kept[next++] as IndexedInstance);
    merged.push(entry);
  }
  while (next < kept.length) merged.push(kept[next++] as IndexedInstance);
  return merged;
}
