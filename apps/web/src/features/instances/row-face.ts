/** What a row of the list shows, as plain values: ./row-element.ts writes into the document what of them has changed. Pure. */
import type { StateShapeName } from "../../ui/state-shape.tsx";
import { instanceRef } from "./instance-ref.ts";
import { reasonText, shapeOf, shortZone, stateNote } from "./instance-words.ts";
import type { PlacedInstance } from "./row-layout.ts";

/** What rows show beside their own instance. */
export interface RowsLook {
  listId: string;
  /** Options in the whole list. */
  optionMax: number;
  severalPlaces: boolean;
  /** Of several identities: what each row says of its own, by identity. */
  identityWords: ReadonlyMap<string, string>;
  openCounts: ReadonlyMap<string, number>;
  favourites: ReadonlySet<string>;
  /** What the filter matched. */
  words: readonly string[];
  /** The server's clock, in milliseconds since the epoch. */
  nowMs: number;
  markedKey: string | undefined;
  activeKey: string | undefined;
}

/** Of any option: a row, or the header that stands for a folded group. */
export interface OptionFace {
  id: string;
  /** `sel`: marked, or the active tab's; `next`: the one a key would start from, shown while the keyboard is here. */
  mark: "sel" | "next" | "";
  /** From 1, of `count`. */
  position: number;
  count: number;
}

export interface RowFace extends OptionFace {
  classes: string;
  title: string;
  shape: StateShapeName;
  name: string;
  /** The second line of a full row: the instance's id, and what follows it. */
  instanceId: string;
  afterId: string;
  /** At its end, for whatever is not simply online. */
  note: string;
  isWarning: boolean;
  /** Tabs of this page on this instance. */
  openCount: number;
  favourite: boolean;
  /** At the end of a compact row. */
  place: string;
}

export function optionFace(row: { key: string; option: number }, look: RowsLook): OptionFace {
  const mark = row.key === look.markedKey ? "sel" : row.key === look.activeKey ? "next" : "";
  return { id: rowId(look.listId, row.key), mark, position: row.option + 1, count: look.optionMax };
}

export function rowFace(row: PlacedInstance["row"], look: RowsLook): RowFace {
  const { instance, group } = row;
  const { state, availabilityZone, region, platform } = instance;
  const ref = instanceRef(instance);
  const option = optionFace(row, look);
  // one region is named by the scope bar, and a group's by its header; of several each row names its own
  const namesPlace = look.severalPlaces && !(group.kind === "place" && group.label === "region");
  const zone = namesPlace ? (availabilityZone ?? region) : shortZone(availabilityZone, region);
  const places = [zone, look.identityWords.get(instance.identityId)].filter(Boolean);
  const classes = ["it", group.compact && "one", state !== "online" && "off", option.mark];
  return {
    ...option,
    classes: classes.filter(Boolean).join(" "),
    title: [platform, reasonText(instance, look.nowMs)].filter(Boolean).join(" · "),
    shape: shapeOf(instance),
    name: instance.name,
    instanceId: instance.id,
    afterId: places.map((place) => ` · ${place}`).join(""),
    note: stateNote(instance, look.nowMs),
    isWarning: state === "connection-lost",
    openCount: look.openCounts.get(ref) ?? 0,
    favourite: look.favourites.has(ref),
    place: group.compact && zone ? places.join(" · ") : "",
  };
}

/** Id of a row's element. */
export function rowId(listId: string, key: string): string {
  return `${listId}-${key.replace(/[^A-Za-z0-9-]/g, "_")}`;
}
