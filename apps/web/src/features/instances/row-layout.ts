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

export type ListRow =
  | { kind: "header"; key: string; group: InstanceGroup }
  | { kind: "instance"; key: string; group: InstanceGroup; instance: ListedInstance; option: number };

export interface PlacedRow {
  row: ListRow;
  topPx: number;
  heightPx: number;
}

interface PlacedGroup {
  group: InstanceGroup;
  topPx: number;
  /** Of its rows; the header stands above. */
  rowPx: number;
  /** Options (instances) in the groups before. */
  firstOption: number;
}

export class RowLayout {
  readonly heightPx: number;
  /** Instances; those with two rows count twice. */
  readonly optionCount: number;
  readonly #groups: readonly PlacedGroup[];
  readonly #headerPx: number;

  constructor(groups: readonly InstanceGroup[], heights: RowHeights) {
    const placed: PlacedGroup[] = [];
    let topPx = 0;
    let firstOption = 0;
    for (const group of groups) {
      const rowPx = group.compact ? heights.compact : heights.full;
      placed.push({ group, topPx, rowPx, firstOption });
      topPx += heights.header + group.count * rowPx;
      firstOption += group.count;
    }
    this.#groups = placed;
    this.#headerPx = heights.header;
    this.heightPx = topPx;
    this.optionCount = firstOption;
  }

  /** The instance row with this number, counted over all groups. */
  option(number: number): PlacedRow | undefined {
    const group = this.#groups.findLast(({ firstOption }) => firstOption <= number);
    return group && this.#place(group, number - group.firstOption);
  }

  /** @returns the number of the row with this key; undefined when it is not shown */
  optionOf(key: string): number | undefined {
    for (const { group, firstOption } of this.#groups) {
      for (let number = 0; number < group.count; number++) {
        const instance = group.at(number);
        if (instance !== undefined && keyOf(group, instance) === key) return firstOption + number;
      }
    }
    return undefined;
  }

  /** Where a group stands, its header included. @throws Error for a group that is not of this list */
  boxOf(group: InstanceGroup): { topPx: number; heightPx: number } {
    const placed = this.#groups.find((each) => each.group === group);
    if (placed === undefined) throw new Error(`the group ${group.key} is not in the list`);
    return { topPx: placed.topPx, heightPx: this.#headerPx + group.count * placed.rowPx };
  }

  /** Rows that touch this part of the list, in order, each group's after its header, which stays in view as long as they. */
  between(fromPx: number, toPx: number): PlacedRow[] {
    const rows: PlacedRow[] = [];
    for (const group of this.#groups) {
      const { topPx, rowPx } = group;
      const rowsTopPx = topPx + this.#headerPx;
      const count = group.group.count;
      if (topPx >= toPx) break;
      if (rowsTopPx + count * rowPx <= fromPx) continue;
      const row: ListRow = { kind: "header", key: group.group.key, group: group.group };
      rows.push({ row, topPx, heightPx: this.#headerPx });
      const first = Math.max(0, Math.floor((fromPx - rowsTopPx) / rowPx));
      const end = Math.min(count, Math.ceil((toPx - rowsTopPx) / rowPx));
      for (let index = first; index < end; index++) {
        const placed = this.#place(group, index);
        if (placed) rows.push(placed);
      }
    }
    return rows;
  }

  #place({ group, topPx, rowPx, firstOption }: PlacedGroup, index: number): PlacedRow | undefined {
    const instance = group.at(index);
    if (instance === undefined) return undefined;
    const row: ListRow = {
      kind: "instance",
      key: keyOf(group, instance),
      group,
      instance,
      option: firstOption + index,
    };
    return { row, topPx: topPx + this.#headerPx + index * rowPx, heightPx: rowPx };
  }
}

function keyOf(group: InstanceGroup, instance: ListedInstance): string {
  return group.compact ? `${group.kind} ${instance.key}` : instance.key;
}
