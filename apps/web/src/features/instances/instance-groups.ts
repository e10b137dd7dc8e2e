/**
 * How the list is grouped. Instances are put into the order of their groups once; a filter then only leaves some out
 * (./list-filter.ts). Pure.
 */
import type { IndexedInstance, ListedInstance } from "./instance-index.ts";
import { naturalKey } from "./instance-index.ts";

/** Recently opened instances shown at the top (DESIGN §2). */
export const RECENT_MAX = 5;
const USUAL_TAG = "service";

/** How the list is grouped: `tag:<key>`, `account`, `region`, `none`; undefined: by `service` where somebody uses it. */
export type GroupBy = string | undefined;

export interface GroupHead {
  key: string;
  kind: "favourites" | "recent" | "tag" | "kind" | "place" | "all";
  /** What the group is called: before its title, "service". */
  label: string;
  title: string;
  /** One line a row, and a second row for the same instance elsewhere. */
  compact: boolean;
}

/** What is shown of a group. */
export interface InstanceGroup extends GroupHead {
  /** Beside the title, right: "7 of 7 online". */
  summary: string;
  count: number;
  /** Only its header is shown. */
  folded?: boolean;
  /** @param number 0 to `count` - 1 */
  at(number: number): ListedInstance | undefined;
}

/** What a person folded, in her own words for it: the same group of another list is folded too. Undefined: it cannot be. */
export function foldKey({ kind, label, key }: GroupHead): string | undefined {
  return kind === "tag" || kind === "kind" || kind === "place" ? `${label} ${key}` : undefined;
}

/** All instances, one group after the other. */
export interface GroupedIndex {
  entries: readonly IndexedInstance[];
  /** Of each entry, its position in the index; undefined: the same. */
  positions: Uint32Array | undefined;
  groups: readonly { head: GroupHead /** In `entries`. */; start: number; end: number }[];
}

/** @param index in the order that instances shall have inside their groups */
export function groupIndex(index: readonly IndexedInstance[], groupBy: GroupBy): GroupedIndex {
  if (groupBy === "none")
    return {
      entries: index,
      positions: undefined,
      groups: index.length === 0 ? [] : [whole("all", "Instances", index.length)],
    };
  if (groupBy === "account") return grouped(index, "place", "account", ({ account }) => account);
  if (groupBy === "region") return grouped(index, "place", "region", ({ region }) => region);
  if (groupBy?.startsWith("tag:")) return byTag(index, groupBy.slice("tag:".length));
  const tagged = index.some(({ instance }) => instance.tags[USUAL_TAG]);
  return tagged ? byTag(index, USUAL_TAG) : grouped(index, "kind", "", ({ kind }) => KINDS[kind]);
}

/**
 * A group of rows that stand in their own groups as well.
 *
 * @param refs of the instances, in the order to show; those that are not in the list are left out
 */
export function pickedGroup(
  kind: "favourites" | "recent",
  refs: readonly string[],
  byRef: ReadonlyMap<string, ListedInstance>,
  countMax: number,
  /** @param shown the references of those that are listed */
  summaryOf: (shown: readonly string[]) => string = () => "",
): InstanceGroup[] {
  const listed = refs.filter((ref) => byRef.has(ref)).slice(0, countMax);
  const instances = listed.flatMap((ref) => byRef.get(ref) ?? []);
  const title = kind === "recent" ? "Recent" : "Favourites";
  const head = { key: kind, kind, label: "", title, compact: true };
  const at = (number: number): ListedInstance | undefined => instances[number];
  return instances.length === 0 ? [] : [{ ...head, summary: summaryOf(listed), count: instances.length, at }];
}

/** The instances that these references name, as far as they are listed. */
export function instancesByRef(
  index: readonly IndexedInstance[],
  refs: ReadonlySet<string>,
): ReadonlyMap<string, ListedInstance> {
  const found = new Map<string, ListedInstance>();
  if (refs.size > 0) for (const { ref, instance } of index) if (refs.has(ref)) found.set(ref, instance);
  return found;
}

const KINDS = { ec2: "EC2 instances", hybrid: "Hybrid nodes" } as const;

function byTag(index: readonly IndexedInstance[], tag: string): GroupedIndex {
  return grouped(index, "tag", tag, ({ tags }) => (Object.hasOwn(tags, tag) ? tags[tag] || undefined : undefined));
}

function grouped(
  index: readonly IndexedInstance[],
  kind: "tag" | "kind" | "place",
  label: string,
  titleOf: (instance: ListedInstance) => string | undefined,
): GroupedIndex {
  const members = new Map<string | undefined, number[]>();
  let last: { title: string | undefined; group: number[] } | undefined;
  for (let position = 0; position < index.length; position++) {
    const title = titleOf((index[position] as IndexedInstance).instance);
    // neighbours by name are mostly neighbours in their group
    if (last === undefined || last.title !== title) last = { title, group: members.get(title) ?? [] };
    if (last.group.length === 0) members.set(title, last.group);
    last.group.push(position);
  }
  const sorted = [...members]
    .map(([title, group]) => ({ title, group, sortKey: title === undefined ? "\uffff" : naturalKey(title) }))
    .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1));
  const positions = new Uint32Array(index.length);
  let start = 0;
  const groups = sorted.map(({ title, group }) => {
    const key = title === undefined ? `${kind} without` : `${kind}=${title}`;
    const head: GroupHead = { key, kind, label, title: title ?? "none", compact: false };
    const end = start + group.length;
    const placed = { head, start, end };
    positions.set(group, start);
    start = end;
    return placed;
  });
  return { entries: inOrder(index, positions), positions, groups };
}

/** @param index in which every instance reads as the one at its place that was grouped (`readsTheSame`) */
export function groupedAgain(grouped: GroupedIndex, index: readonly IndexedInstance[]): GroupedIndex {
  return { ...grouped, entries: grouped.positions === undefined ? index : inOrder(index, grouped.positions) };
}

function inOrder(index: readonly IndexedInstance[], positions: Uint32Array): readonly IndexedInstance[] {
  const entries = new Array<IndexedInstance>(positions.length);
  for (let number = 0; number < positions.length; number++)
    entries[number] = index[positions[number] as number] as IndexedInstance;
  return entries;
}

function whole(kind: "all", title: string, end: number) {
  return { head: { key: kind, kind, label: "", title, compact: false } satisfies GroupHead, start: 0, end };
}
