/**
 * Where each row of the grouped list stands. Row heights are fixed, so a handful of numbers per group say it all: twenty
 * thousand rows cost nothing until they are in view. Pure.
 */
import type { InstanceGroup } from "./instance-groups.ts";
import type { ListedInstance } from "./instance-index.ts";

export interface RowHeights {
  header: number;
  full: number;
  compact: number;
}

/** The header of a folded group is a row to stand on: otherwise no key could unfold it. */
export type ListRow =
  | { kind: "folded"; key: string; group: InstanceGroup; option: number }
  | { kind: "header"; key: string; group: InstanceGroup }
  | { kind: "instance"; key: string; group: InstanceGroup; instance: ListedInstance; option: number };

export interface PlacedRow {
  row: ListRow;
  /** In the list. */
  topPx: number;
  heightPx: number;
  box: GroupBox;
}

export type PlacedInstance = PlacedRow & { row: ListRow & { kind: "instance" } };

/** Where a group stands, its header included. */
export interface GroupBox {
  group: InstanceGroup;
  /** From 0. */
  number: number;
  topPx: number;
  heightPx: number;
}

interface PlacedGroup extends GroupBox {
  /** Of its rows; the header stands above. */
  rowPx: number;
  /** Instances shown of it: none while it is folded. */
  rows: number;
  /** Options in the groups before. */
  firstOption: number;
  options: number;
}

export class RowLayout {
  readonly heightPx: number;
  /** Instances and folded groups; instances with two rows count twice. */
  readonly optionCount: number;
  readonly #groups: readonly PlacedGroup[];
  readonly #headerPx: number;

  constructor(groups: readonly InstanceGroup[], heights: RowHeights) {
    const placed: PlacedGroup[] = [];
    let topPx = 0;
    let firstOption = 0;
    for (const group of groups) {
      const rowPx = group.compact ? heights.compact : heights.full;
      const rows = group.folded ? 0 : group.count;
      const options = group.folded ? 1 : group.count;
      const heightPx = heights.header + rows * rowPx;
      placed.push({ group, number: placed.length, topPx, heightPx, rowPx, rows, firstOption, options });
      topPx += heightPx;
      firstOption += options;
    }
    this.#groups = placed;
    this.#headerPx = heights.header;
    this.heightPx = topPx;
    this.optionCount = firstOption;
  }

  /** The row with this number, counted over all groups. */
  option(number: number): PlacedRow | undefined {
    const group = this.#groups.findLast(({ firstOption }) => firstOption <= number);
    return group && this.#place(group, number - group.firstOption);
  }

  /** @returns the number of the row with this key; undefined when it is not shown */
  optionOf(key: string): number | undefined {
    for (const { group, rows, firstOption } of this.#groups) {
      if (group.folded && foldedKey(group) === key) return firstOption;
      for (let number = 0; number < rows; number++) {
        const instance = group.at(number);
        if (instance !== undefined && keyOf(group, instance) === key) return firstOption + number;
      }
    }
    return undefined;
  }

  /** Rows that touch this part of the list, in order, each group's after its header, which stays in view as long as they. */
  between(fromPx: number, toPx: number): PlacedRow[] {
    const rows: PlacedRow[] = [];
    for (let number = this.#firstBelow(fromPx); number < this.#groups.length; number++) {
      const group = this.#groups[number] as PlacedGroup;
      const { topPx, rowPx, rows: count } = group;
      const rowsTopPx = topPx + this.#headerPx;
      if (topPx >= toPx) break;
      const folded = group.group.folded ? this.#place(group, 0) : undefined;
      if (folded) {
        rows.push(folded);
        continue;
      }
      const row: ListRow = { kind: "header", key: group.group.key, group: group.group };
      rows.push({ row, topPx, heightPx: this.#headerPx, box: group });
      const first = Math.max(0, Math.floor((fromPx - rowsTopPx) / rowPx));
      const end = Math.min(count, Math.ceil((toPx - rowsTopPx) / rowPx));
      for (let index = first; index < end; index++) {
        const placed = this.#place(group, index);
        if (placed) rows.push(placed);
      }
    }
    return rows;
  }

  /** @returns the number of the first group that ends below this place; there may be as many groups as instances */
  #firstBelow(px: number): number {
    let [low, high] = [0, this.#groups.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { topPx, heightPx } = this.#groups[middle] as PlacedGroup;
      if (topPx + heightPx <= px) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #place(box: PlacedGroup, index: number): PlacedRow | undefined {
    const { group, topPx, rowPx, firstOption, options } = box;
    if (index < 0 || index >= options) return undefined;
    if (group.folded) {
      const row: ListRow = { kind: "folded", key: foldedKey(group), group, option: firstOption };
      return { row, topPx, heightPx: this.#headerPx, box };
    }
    const instance = group.at(index);
    if (instance === undefined) return undefined;
    const row: ListRow = {
      kind: "instance",
      key: keyOf(group, instance),
      group,
      instance,
      option: firstOption + index,
    };
    return { row, topPx: topPx + this.#headerPx + index * rowPx, heightPx: rowPx, box };
  }
}

/** Key of the row that stands for a folded group. */
export function foldedKey({ key }: InstanceGroup): string {
  return `folded ${key}`;
}

function keyOf(group: InstanceGroup, instance: ListedInstance): string {
  return group.compact ? `${group.kind} ${instance.key}` : instance.key;
}
