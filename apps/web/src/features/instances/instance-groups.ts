/** What the list shows, in which order: favourites, recent ones, then everything in groups. Pure. */
import type { IndexedInstance, ListedInstance } from "./instance-index.ts";
import { naturalKey } from "./instance-index.ts";

/** Recently opened instances shown at the top (DESIGN §2). */
export const RECENT_MAX = 5;
const USUAL_TAG = "service";

/** How the list is grouped: `tag:<key>`, `account`, `region`, `none`; undefined: by `service` where somebody uses it. */
export type GroupBy = string | undefined;

export interface InstanceGroup {
  key: string;
  kind: "favourites" | "recent" | "tag" | "kind" | "place" | "all";
  /** What the group is called: before its title, "service". */
  label: string;
  title: string;
  /** Beside the title, right: "7 of 7 online". */
  summary: string;
  instances: readonly ListedInstance[];
  /** One line a row, and a second row for the same instance elsewhere. */
  compact: boolean;
}

/** @param shown in the order that instances shall have inside their groups */
export function groupInstances(shown: readonly IndexedInstance[], groupBy: GroupBy): InstanceGroup[] {
  if (shown.length === 0) return [];
  if (groupBy === "none") return [groupOf("all", "all", "", "Instances", shown)];
  if (groupBy === "account") return grouped(shown, "place", "account", ({ account }) => account);
  if (groupBy === "region") return grouped(shown, "place", "region", ({ region }) => region);
  if (groupBy?.startsWith("tag:")) return byTag(shown, groupBy.slice("tag:".length));
  const tagged = shown.some(({ instance }) => instance.tags[USUAL_TAG]);
  return tagged ? byTag(shown, USUAL_TAG) : grouped(shown, "kind", "", ({ kind }) => KINDS[kind]);
}

/**
 * A group of rows that stand in their own groups as well.
 *
 * @param keys of the instances, in the order to show; those that are not in the list are left out
 */
export function pickedGroup(
  kind: "favourites" | "recent",
  keys: readonly string[],
  byRef: ReadonlyMap<string, ListedInstance>,
  countMax: number,
): InstanceGroup[] {
  const instances = keys.flatMap((key) => byRef.get(key) ?? []).slice(0, countMax);
  const title = kind === "recent" ? "Recent" : "Favourites";
  return instances.length === 0 ? [] : [{ key: kind, kind, label: "", title, summary: "", instances, compact: true }];
}

const KINDS = { ec2: "EC2 instances", hybrid: "Hybrid nodes" } as const;

function byTag(shown: readonly IndexedInstance[], tag: string): InstanceGroup[] {
  return grouped(shown, "tag", tag, ({ tags }) => (Object.hasOwn(tags, tag) ? tags[tag] || undefined : undefined));
}

function grouped(
  shown: readonly IndexedInstance[],
  kind: "tag" | "kind" | "place",
  label: string,
  titleOf: (instance: ListedInstance) => string | undefined,
): InstanceGroup[] {
  const members = new Map<string | undefined, IndexedInstance[]>();
  for (const entry of shown) {
    const title = titleOf(entry.instance);
    const group = members.get(title);
    if (group) group.push(entry);
    else members.set(title, [entry]);
  }
  return [...members]
    .map(([title, group]) => ({ title, group, sortKey: title === undefined ? "\uffff" : naturalKey(title) }))
    .sort((a, b) => (a.sortKey < b.sortKey ? -1 : 1))
    .map(({ title, group }) =>
      groupOf(title === undefined ? `${kind} without` : `${kind}=${title}`, kind, label, title ?? "none", group),
    );
}

function groupOf(
  key: string,
  kind: InstanceGroup["kind"],
  label: string,
  title: string,
  members: readonly IndexedInstance[],
): InstanceGroup {
  let online = 0;
  const instances = members.map(({ instance }) => {
    if (instance.state === "online") online += 1;
    return instance;
  });
  return { key, kind, label, title, summary: `${online} of ${instances.length} online`, instances, compact: false };
}
