/**
 * The rows that are drawn already, as React elements: while somebody scrolls, a row that stays in view is the same element and
 * costs nothing, whatever else the list has to think of for it. One object for each look of the list.
 */
import type { ReactElement } from "react";
import { FoldedGroup, GroupHeader } from "./group-header.tsx";
import { instanceRef } from "./instance-ref.ts";
import { InstanceRow } from "./instance-row.tsx";
import { reasonText, stateNote } from "./instance-words.ts";
import type { PlacedRow } from "./row-layout.ts";

/** Rows that are remembered: a screen of them many times over; at the bound all are forgotten, and drawn anew as they are seen. */
export const DRAWN_ROWS_MAX = 1_000;

/** What rows show beside their own instance. */
export interface RowsLook {
  listId: string;
  /** Options in the whole list. */
  optionMax: number;
  severalPlaces: boolean;
  identityWords: ReadonlyMap<string, string>;
  openCounts: ReadonlyMap<string, number>;
  favourites: ReadonlySet<string>;
  words: readonly string[];
  nowMs: number;
  markedKey: string | undefined;
  activeKey: string | undefined;
}

export class DrawnRows {
  readonly #look: RowsLook;
  readonly #drawn = new Map<string, { placed: PlacedRow; element: ReactElement }>();

  constructor(look: RowsLook) {
    this.#look = look;
  }

  get size(): number {
    return this.#drawn.size;
  }

  /** @param boxTopPx where the row's group begins in the list */
  row(placed: PlacedRow, boxTopPx: number): ReactElement {
    const key = `${placed.row.kind} ${placed.row.key}`;
    const known = this.#drawn.get(key);
    if (known !== undefined && isSamePlace(known.placed, placed)) return known.element;
    if (this.#drawn.size >= DRAWN_ROWS_MAX) this.#drawn.clear();
    const element = this.#draw(placed, placed.topPx - boxTopPx);
    this.#drawn.set(key, { placed, element });
    return element;
  }

  /** @param topPx in its group */
  #draw({ row, heightPx }: PlacedRow, topPx: number): ReactElement {
    const look = this.#look;
    if (row.kind === "header") return <GroupHeader key={topPx} group={row.group} style={{ height: heightPx }} />;
    const common = {
      id: rowId(look.listId, row.key),
      mark: row.key === look.markedKey ? ("sel" as const) : row.key === look.activeKey ? ("next" as const) : undefined,
      option: row.option,
      count: look.optionMax,
      heightPx,
    };
    if (row.kind === "folded") return <FoldedGroup key={topPx} group={row.group} {...common} />;
    const { instance, group } = row;
    const ref = instanceRef(instance);
    return (
      <InstanceRow
        // by place: what comes into the place of another takes over its elements
        key={topPx}
        rowKey={row.key}
        instance={instance}
        // its group's header names the region already
        severalPlaces={look.severalPlaces && !(group.kind === "place" && group.label === "region")}
        identityWord={look.identityWords.get(instance.identityId)}
        compact={group.compact}
        openCount={look.openCounts.get(ref) ?? 0}
        favourite={look.favourites.has(ref)}
        words={look.words}
        note={stateNote(instance, look.nowMs)}
        reason={reasonText(instance, look.nowMs)}
        topPx={topPx}
        {...common}
      />
    );
  }
}

/** The same row of the same instance, as it was then, in the same place. */
function isSamePlace(one: PlacedRow, other: PlacedRow): boolean {
  if (one.topPx !== other.topPx || one.heightPx !== other.heightPx || one.row.group !== other.row.group) return false;
  return one.row.kind !== "instance" || (other.row.kind === "instance" && one.row.instance === other.row.instance);
}

/** Id of a row's element. */
export function rowId(listId: string, key: string): string {
  return `${listId}-${key.replace(/[^A-Za-z0-9-]/g, "_")}`;
}
