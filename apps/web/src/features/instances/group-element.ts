/** A group in the document: a box around its rows, with its header, which is all that stands there while it is folded. */

import { foldKey, type InstanceGroup } from "./instance-groups.ts";
import { iconOf, part, setAttribute, setBox, setOption, setText } from "./list-parts.ts";
import { optionFace, type RowsLook } from "./row-face.ts";
import type { GroupBox, PlacedRow } from "./row-layout.ts";

const PICKED_ICONS = { favourites: "star", recent: "clock", all: "server" } as const;

export class GroupElement {
  readonly element: HTMLElement = part("div", "group-box");
  #header: HTMLElement | undefined;
  /** What the header stands for; without one when none of it is in view. */
  #row: PlacedRow["row"] | undefined;
  #words = "";

  constructor() {
    setAttribute(this.element, "role", "group");
  }

  get header(): HTMLElement | undefined {
    return this.#header;
  }

  /** @returns the group whose header holds the element, if it can be folded */
  foldedBy(target: Element): InstanceGroup | undefined {
    const group = this.#header?.contains(target) ? this.#row?.group : undefined;
    return group !== undefined && foldKey(group) !== undefined ? group : undefined;
  }

  /** @param header the group's header, or its folded self; undefined: only a row of it is wanted */
  show(box: GroupBox, header: PlacedRow | undefined, look: RowsLook): void {
    setAttribute(this.element, "aria-label", groupLabel(box.group));
    setBox(this.element, box.topPx, box.heightPx);
    this.#row = header?.row;
    if (header === undefined) {
      this.#header?.remove();
      this.#header = undefined;
      return;
    }
    this.#header ??= this.#begin();
    this.#drawHeader(this.#header, header, look);
  }

  #begin(): HTMLElement {
    const header = part("div");
    this.element.prepend(header);
    this.#words = "";
    return header;
  }

  #drawHeader(header: HTMLElement, { row, heightPx }: PlacedRow, look: RowsLook): void {
    const { group } = row;
    const folds = foldKey(group) !== undefined;
    const mark = row.kind === "folded" ? optionFace(row, look).mark : "";
    const classes = ["grp", folds && "folds", row.kind === "folded" && "folded", mark];
    setAttribute(header, "class", classes.filter(Boolean).join(" "));
    header.style.height = `${heightPx}px`;
    this.#drawWords(header, group);
    if (row.kind === "folded") {
      header.removeAttribute("aria-hidden");
      setAttribute(header, "role", "option");
      setAttribute(header, "title", "Unfold (→)");
      header.tabIndex = -1;
      setOption(header, optionFace(row, look));
      return;
    }
    // seen, not read: the group around the options carries the same words as its name
    setAttribute(header, "aria-hidden", "true");
    for (const name of OF_OPTIONS) header.removeAttribute(name);
    if (folds) setAttribute(header, "title", "Fold (←)");
    else header.removeAttribute("title");
  }

  /** A key in the filter, which changes nothing but numbers in most headers, writes only those. */
  #drawWords(header: HTMLElement, { kind, label, title, summary, folded }: InstanceGroup): void {
    const icon = kind === "favourites" || kind === "recent" || kind === "all" ? PICKED_ICONS[kind] : "down";
    const words = [icon, folded, label, title].join("\n");
    if (words !== this.#words) {
      const named =
        label === "" ? [part("b", "trunc", title)] : [part("b", "", label), " ", part("span", "trunc", title)];
      const counted = part("span", "end-aligned num", part("span", "sr", ", "), part("span"));
      const after = folded ? [part("span", "sr", ", folded")] : [];
      header.replaceChildren(iconOf(folded ? "right" : icon), ...named, counted, ...after);
      this.#words = words;
    }
    const counted = header.querySelector(".num > span:last-child");
    if (counted) setText(counted, summary);
  }
}

const OF_OPTIONS = ["role", "tabindex", "id", "aria-selected", "aria-posinset", "aria-setsize"];

/** What a screen reader says of the group: what its header shows. */
function groupLabel({ label, title, summary }: InstanceGroup): string {
  return [[label, title].filter(Boolean).join(" "), summary].filter(Boolean).join(", ");
}
