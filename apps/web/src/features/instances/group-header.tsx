/** What stands above the rows of a group, and all that stands there while it is folded. Clicks and keys are the listbox's. */
import type { CSSProperties } from "react";
import { Icon } from "../../lib/icons.tsx";
import { foldKey, type InstanceGroup } from "./instance-groups.ts";

const PICKED_ICONS = { favourites: "star", recent: "clock", all: "server" } as const;

/** Seen, not read: the group around the options carries the same words as its name. */
export function GroupHeader({ group, style }: { group: InstanceGroup; style: CSSProperties }) {
  const folds = foldKey(group) !== undefined;
  return (
    <div
      className={folds ? "grp folds" : "grp"}
      style={style}
      aria-hidden="true"
      data-group={folds ? group.key : undefined}
      title={folds ? "Fold (←)" : undefined}
    >
      <HeaderWords group={group} />
    </div>
  );
}

interface FoldedProps {
  id: string;
  group: InstanceGroup;
  mark: "sel" | "next" | undefined;
  /** From 0, of `count`. */
  option: number;
  count: number;
  heightPx: number;
}

/** An option like the rows that it stands for, so that keys come to it and open it. */
export function FoldedGroup({ id, group, mark, option, count, heightPx }: FoldedProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={mark === "sel"}
      aria-posinset={option + 1}
      aria-setsize={count}
      className={["grp folds folded", mark ?? ""].join(" ").trimEnd()}
      style={{ height: heightPx }}
      data-group={group.key}
      title="Unfold (→)"
    >
      <HeaderWords group={group} />
      <span className="sr">, folded</span>
    </div>
  );
}

/** What a screen reader says of the group: what its header shows. */
export function groupLabel({ label, title, summary }: InstanceGroup): string {
  return [[label, title].filter(Boolean).join(" "), summary].filter(Boolean).join(", ");
}

function HeaderWords({ group }: { group: InstanceGroup }) {
  const { kind, label, title, summary, folded } = group;
  const icon = kind === "favourites" || kind === "recent" || kind === "all" ? PICKED_ICONS[kind] : "down";
  return (
    <>
      <Icon name={folded ? "right" : icon} size="xs" />
      {label === "" ? (
        <b className="trunc">{title}</b>
      ) : (
        <>
          <b>{label}</b> <span className="trunc">{title}</span>
        </>
      )}
      <span className="end-aligned num">
        <span className="sr">, </span>
        {summary}
      </span>
    </>
  );
}
