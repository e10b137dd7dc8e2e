/** Rows of the list: recent ones, then groups by the tag `service`, or by kind where nobody uses that tag. Pure. */
import type { Instance } from "@causeway/wire-contract/instances";

/** Recently opened instances shown at the top (DESIGN §2). */
export const RECENT_MAX = 5;
const GROUP_TAG = "service";

export interface InstanceGroup {
  key: string;
  kind: "recent" | "tag" | "kind";
  /** What the group is called after the tag's name. */
  title: string;
  /** Beside the title, right: "7 of 7 online". */
  summary: string;
  instances: readonly Instance[];
}

export type ListRow =
  | { kind: "header"; key: string; group: InstanceGroup }
  | { kind: "instance"; key: string; group: InstanceGroup; instance: Instance; compact: boolean };

const byTitle = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** @param instances in the order they shall have inside their groups */
export function groupInstances(instances: readonly Instance[], recentIds: readonly string[]): InstanceGroup[] {
  const groups: InstanceGroup[] = [];
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const recent = recentIds.flatMap((id) => byId.get(id) ?? []).slice(0, RECENT_MAX);
  if (recent.length > 0)
    groups.push({ key: "recent", kind: "recent", title: "Recent", summary: "", instances: recent });
  const tagged = instances.some((instance) => serviceOf(instance) !== undefined);
  return [
    ...groups,
    ...(tagged ? groupBy(instances, "tag", serviceOf, "none") : groupBy(instances, "kind", kindOf, "")),
  ];
}

function groupBy(
  instances: readonly Instance[],
  kind: "tag" | "kind",
  titleOf: (instance: Instance) => string | undefined,
  without: string,
): InstanceGroup[] {
  const members = new Map<string | undefined, Instance[]>();
  for (const instance of instances) {
    const title = titleOf(instance);
    const group = members.get(title);
    if (group) group.push(instance);
    else members.set(title, [instance]);
  }
  return [...members]
    .sort(([a], [b]) => (a === undefined ? 1 : b === undefined ? -1 : byTitle.compare(a, b)))
    .map(([title, group]) => ({
      key: title === undefined ? `${kind} without` : `${kind}=${title}`,
      kind,
      title: title ?? without,
      summary: onlineSummary(group),
      instances: group,
    }));
}

function serviceOf({ tags }: Instance): string | undefined {
  return tags[GROUP_TAG] || undefined;
}

function kindOf({ kind }: Instance): string {
  return kind === "ec2" ? "EC2 instances" : "Hybrid nodes";
}

function onlineSummary(instances: readonly Instance[]): string {
  const online = instances.filter(({ state }) => state === "online").length;
  return `${online} of ${instances.length} online`;
}

/** One flat list for the virtual scroller; an instance that is also recent has two rows with different keys. */
export function listRows(groups: readonly InstanceGroup[]): ListRow[] {
  return groups.flatMap((group): ListRow[] => [
    { kind: "header", key: group.key, group },
    ...group.instances.map(
      (instance): ListRow => ({
        kind: "instance",
        key: `${group.kind === "recent" ? "recent " : ""}${instance.id}`,
        group,
        instance,
        compact: group.kind === "recent",
      }),
    ),
  ]);
}
