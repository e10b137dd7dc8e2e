/**
 * The rows in the document. A row that stays where it is stays the same element; one that leaves gives its elements to one that
 * comes, in its place in the document as well: while somebody scrolls, nothing is added, removed or moved there.
 */
import { GroupElement } from "./group-element.ts";
import { putInOrder } from "./in-order.ts";
import type { InstanceGroup } from "./instance-groups.ts";
import { RowElement } from "./row-element.ts";
import type { RowsLook } from "./row-face.ts";
import type { GroupBox, PlacedInstance, PlacedRow } from "./row-layout.ts";

/** Rows that scrolled out of what is drawn and that nobody needs yet: they stay where they are; at the bound they go. */
export const LOOSE_ROWS_MAX = 8;
/** Rows and groups outside the document that are kept for a longer list: Backspace; at the bound they go. */
export const SPARE_MAX = 64;

interface Section {
  box: GroupBox;
  header: PlacedRow | undefined;
  rows: PlacedInstance[];
}

export class DrawnRows {
  readonly #body: Element;
  /** By where they stand in the list, in px. */
  #rows = new Map<number, RowElement>();
  /** By the number of the group. */
  #groups = new Map<number, GroupElement>();
  readonly #spareRows: RowElement[] = [];
  readonly #spareGroups: GroupElement[] = [];

  /** @param body empty, and nobody else's */
  constructor(body: Element) {
    this.#body = body;
  }

  /** Elements in the document. */
  get size(): number {
    return this.#rows.size;
  }

  /**
   * @param placed in order
   * @param isScrolled of a list that is shown already: elements need not stand in order until `show` comes without
   */
  show(placed: readonly PlacedRow[], look: RowsLook, isScrolled: boolean): void {
    const sections = sectionsOf(placed);
    const free = this.#freeRows(placed);
    const leftGroups = this.#freeGroups(sections);
    for (const section of sections) {
      const group = this.#groups.get(section.box.number) ?? this.#addGroup(section.box.number);
      group.show(section.box, section.header, look);
      for (const row of section.rows) {
        const { compact } = row.row.group;
        const element =
          this.#rows.get(row.topPx) ??
          taken(free, compact) ??
          taken(this.#spareRows, compact) ??
          new RowElement(compact);
        this.#rows.set(row.topPx, element);
        element.show(row, look);
        if (element.element.parentNode !== group.element) group.element.append(element.element);
      }
    }
    this.#leave(free, leftGroups, isScrolled);
    if (!isScrolled) this.#order(sections);
  }

  /** The body is as empty as it was. */
  clear(): void {
    this.#body.replaceChildren();
    this.#rows.clear();
    this.#groups.clear();
  }

  /** @returns the instance's row that holds the element */
  rowAt(target: Element): PlacedInstance["row"] | undefined {
    return this.#elementAt(target)?.placed?.row;
  }

  /** @returns the group whose header holds the element, if it can be folded */
  headerAt(target: Element): InstanceGroup | undefined {
    for (const group of this.#groups.values()) {
      const found = group.foldedBy(target);
      if (found) return found;
    }
    return undefined;
  }

  /** A pointer is at the element. */
  meet(target: Element): void {
    this.#elementAt(target)?.meet();
  }

  #elementAt(target: Element): RowElement | undefined {
    for (const row of this.#rows.values()) if (row.element.contains(target)) return row;
    return undefined;
  }

  /** @returns rows that stand where none is wanted */
  #freeRows(placed: readonly PlacedRow[]): RowElement[] {
    const compactAt = new Map<number, boolean>();
    for (const { row, topPx } of placed) if (row.kind === "instance") compactAt.set(topPx, row.group.compact);
    const free: RowElement[] = [];
    for (const [topPx, element] of this.#rows)
      if (compactAt.get(topPx) !== element.compact) {
        this.#rows.delete(topPx);
        free.push(element);
      }
    return free;
  }

  /** Boxes of groups that are not shown become those of groups that are. @returns what is left of them */
  #freeGroups(sections: readonly Section[]): GroupElement[] {
    const wanted = new Set(sections.map(({ box }) => box.number));
    const free: GroupElement[] = [];
    for (const [number, group] of this.#groups)
      if (!wanted.has(number)) {
        this.#groups.delete(number);
        free.push(group);
      }
    for (const number of wanted) {
      const group = this.#groups.has(number) ? undefined : free.pop();
      if (group) this.#groups.set(number, group);
    }
    return free;
  }

  #addGroup(number: number): GroupElement {
    const group = this.#spareGroups.pop() ?? new GroupElement();
    this.#groups.set(number, group);
    this.#body.append(group.element);
    return group;
  }

  #leave(rows: readonly RowElement[], groups: readonly GroupElement[], isScrolled: boolean): void {
    let loose = 0;
    for (const row of rows) {
      const { placed } = row;
      const isInPlace = placed && this.#groups.get(placed.box.number)?.element === row.element.parentNode;
      if (isScrolled && isInPlace && loose++ < LOOSE_ROWS_MAX) this.#rows.set(placed.topPx, row);
      else {
        row.element.remove();
        if (this.#spareRows.length < SPARE_MAX) this.#spareRows.push(row);
      }
    }
    for (const group of groups) {
      group.element.remove();
      if (this.#spareGroups.length < SPARE_MAX) this.#spareGroups.push(group);
    }
  }

  #order(sections: readonly Section[]): void {
    const boxes: Element[] = [];
    for (const { box, rows } of sections) {
      const group = this.#groups.get(box.number) as GroupElement;
      boxes.push(group.element);
      const elements = rows.map(({ topPx }) => (this.#rows.get(topPx) as RowElement).element);
      putInOrder(group.element, group.header === undefined ? elements : [group.header, ...elements]);
    }
    putInOrder(this.#body, boxes);
  }
}

function taken(rows: RowElement[], compact: boolean): RowElement | undefined {
  const place = rows.findLastIndex((row) => row.compact === compact);
  return place < 0 ? undefined : rows.splice(place, 1)[0];
}

function sectionsOf(placed: readonly PlacedRow[]): readonly Section[] {
  const sections: Section[] = [];
  for (const each of placed) {
    let section = sections.at(-1);
    if (section?.box !== each.box) {
      section = { box: each.box, header: undefined, rows: [] };
      sections.push(section);
    }
    if (isInstance(each)) section.rows.push(each);
    else section.header = each;
  }
  return sections;
}

function isInstance(placed: PlacedRow): placed is PlacedInstance {
  return placed.row.kind === "instance";
}
