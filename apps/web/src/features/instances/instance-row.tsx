import { type FunctionComponent, memo, useState } from "react";
import { Icon } from "../../lib/icons.tsx";
import { StateShape } from "../../ui/state-shape.tsx";
import type { ListedInstance } from "./instance-index.ts";
import { shapeOf, shortZone } from "./instance-words.ts";
import { MatchedText } from "./matched-text.tsx";

interface RowProps {
  id: string;
  /** Key of the row, for the clicks that the listbox handles. */
  rowKey: string;
  instance: ListedInstance;
  severalPlaces: boolean;
  /** Whose list it stands in, where several are shown. */
  identityWord: string | undefined;
  compact: boolean;
  /** `sel`: marked, or the active tab's; `next`: the one a key would start from, shown while the keyboard is here. */
  mark: "sel" | "next" | undefined;
  /** Tabs of this page on this instance. */
  openCount: number;
  favourite: boolean;
  words: readonly string[];
  /** At its end, for whatever is not simply online; in words, so that time alone draws nothing. */
  note: string;
  /** Why nobody can open a shell there; empty when one can. */
  reason: string;
  /** From 0, of `count`. */
  option: number;
  count: number;
  /** In its group. */
  topPx: number;
  heightPx: number;
}

/** Left and right of a row, in px. */
const INSET_PX = 6;

/** One option of the list. Keys and clicks are the listbox's. Drawn anew only when what it shows has changed: every key asks. */
export const InstanceRow: FunctionComponent<RowProps> = memo(function InstanceRow({
  id,
  rowKey,
  instance,
  severalPlaces,
  identityWord,
  compact,
  mark,
  openCount,
  favourite,
  words,
  note,
  reason,
  option,
  count,
  topPx,
  heightPx,
}: RowProps) {
  // most rows scroll by and are never met: what a pointer finds in one is made when it comes, half of its elements
  const [met, setMet] = useState(false);
  const acts = met || mark === "sel";
  // one region is named by the scope bar; of several each row names its own
  const zone = severalPlaces
    ? (instance.availabilityZone ?? instance.region)
    : shortZone(instance.availabilityZone, instance.region);
  const quiet = instance.state !== "online";
  const classes = ["it", compact ? "one" : "", quiet ? "off" : "", mark ?? ""].filter(Boolean).join(" ");
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      data-row={rowKey}
      aria-selected={mark === "sel"}
      aria-posinset={option + 1}
      aria-setsize={count}
      className={classes}
      style={{ top: topPx, height: heightPx, left: INSET_PX, right: INSET_PX }}
      title={[instance.platform, reason].filter(Boolean).join(" · ")}
      onPointerEnter={() => setMet(true)}
    >
      <StateShape shape={shapeOf(instance)} />
      <span className="trunc">
        <span className="nm">
          <MatchedText text={instance.name} words={words} />
        </span>
        {!compact && (
          <span className="mt trunc">
            <MatchedText text={instance.id} words={words} />
            {zone && ` · ${zone}`}
            {identityWord && ` · ${identityWord}`}
          </span>
        )}
      </span>
      {(note || openCount > 0 || acts || (compact && zone)) && (
        <span className="end">
          {note && <span className={instance.state === "connection-lost" ? "warn-text" : ""}>{note}</span>}
          {openCount > 0 && (
            <span className="tabcount" title={`${openCount} open here`}>
              <Icon name="terminal" size="xs" />
              {openCount}
              <span className="sr"> open here</span>
            </span>
          )}
          {acts && <RowActs isOpen={openCount > 0} favourite={favourite} />}
          {compact && zone && <span className="mono t11">{[zone, identityWord].filter(Boolean).join(" · ")}</span>}
        </span>
      )}
    </div>
  );
}, showsTheSame);

/** What a row shows of its instance by itself. */
const FIELDS_SHOWN = ["id", "name", "kind", "state", "availabilityZone", "region", "platform"] as const;

/** A new ping of an instance that is online is nothing to draw. */
function showsTheSame(before: RowProps, after: RowProps): boolean {
  const keys = Object.keys(after) as (keyof RowProps)[];
  return (
    keys.every((key) => key === "instance" || before[key] === after[key]) &&
    FIELDS_SHOWN.every((field) => before.instance[field] === after.instance[field])
  );
}

/** For pointers only: each has its key. Shown while the row is pointed at, or marked and the keyboard is in the list. */
function RowActs({ isOpen, favourite }: { isOpen: boolean; favourite: boolean }) {
  return (
    <span className="row-acts" aria-hidden="true">
      {isOpen && (
        <span className="row-act" data-act="another" title="Open another session (Shift+Enter)">
          <Icon name="plus" size="xs" />
        </span>
      )}
      <span className="row-act" data-act="details" title="Details (i)">
        <Icon name="info" size="xs" />
      </span>
      <span
        className={favourite ? "row-act on" : "row-act"}
        data-act="favourite"
        title={favourite ? "No longer a favourite (f)" : "Favourite (f)"}
      >
        <Icon name="star" size="xs" />
      </span>
    </span>
  );
}
