/** One row in the document. Another instance that comes into its place takes over its elements. */
import type { IconName } from "../../lib/icons.tsx";
import { iconOf, part, setAttribute, setBox, setMatched, setOption, shapeElement } from "./list-parts.ts";
import { type RowFace, type RowsLook, rowFace } from "./row-face.ts";
import type { PlacedInstance } from "./row-layout.ts";

export class RowElement {
  readonly element: HTMLElement = part("div");
  readonly compact: boolean;
  readonly #name = part("span", "nm");
  readonly #second = part("span", "mt trunc");
  readonly #end = part("span", "end");
  #shape: Node = part("span");
  #placed: PlacedInstance | undefined;
  #look: RowsLook | undefined;
  #face: RowFace | undefined;
  #isMet = false;

  constructor(compact: boolean) {
    this.compact = compact;
    const texts = part("span", "trunc", this.#name, ...(compact ? [] : [this.#second]));
    this.element.append(this.#shape, texts);
    setAttribute(this.element, "role", "option");
    this.element.tabIndex = -1;
  }

  /** What it shows, and where. */
  get placed(): PlacedInstance | undefined {
    return this.#placed;
  }

  /** @param boxTopPx where the row's group begins in the list */
  show(placed: PlacedInstance, look: RowsLook): void {
    const before = this.#placed;
    // while somebody scrolls, nearly all are what they were
    if (look === this.#look && before !== undefined && isSame(before, placed)) return;
    if (before?.row.key !== placed.row.key) this.#isMet = false;
    this.#placed = placed;
    setBox(this.element, placed.topPx - placed.box.topPx, placed.heightPx);
    this.#draw(rowFace(placed.row, look), look.words);
    this.#look = look;
  }

  /** What a pointer finds in a row is made when one comes: most rows scroll by and are never met. */
  meet(): void {
    if (this.#isMet || this.#face === undefined) return;
    this.#isMet = true;
    this.#drawEnd(this.#face);
  }

  #draw(face: RowFace, words: readonly string[]): void {
    const before = this.#face;
    const { element } = this;
    setOption(element, face);
    setAttribute(element, "class", face.classes);
    setAttribute(element, "title", face.title);
    if (before?.shape !== face.shape) {
      const shape = shapeElement(face.shape);
      element.replaceChild(shape, this.#shape);
      this.#shape = shape;
    }
    setMatched(this.#name, face.name, words);
    if (!this.compact) setMatched(this.#second, face.instanceId, words, face.afterId);
    this.#drawEnd(face);
    this.#face = face;
  }

  #drawEnd({ note, isWarning, openCount, favourite, place, mark }: RowFace): void {
    const ends: Node[] = [];
    if (note !== "") ends.push(part("span", isWarning ? "warn-text" : "", note));
    if (openCount > 0) {
      const count = part("span", "tabcount", iconOf("terminal"), String(openCount), part("span", "sr", " open here"));
      count.title = `${openCount} open here`;
      ends.push(count);
    }
    if (this.#isMet || mark === "sel") ends.push(actsOf(openCount > 0, favourite));
    if (place !== "") ends.push(part("span", "mono t11", place));
    if (ends.length > 0) this.element.append(this.#end);
    else this.#end.remove();
    this.#end.replaceChildren(...ends);
  }
}

/** For pointers only: each has its key. Shown while the row is pointed at, or marked and the keyboard is in the list. */
function actsOf(isOpen: boolean, favourite: boolean): HTMLElement {
  const acts = part("span", "row-acts");
  setAttribute(acts, "aria-hidden", "true");
  if (isOpen) acts.append(act("another", "plus", "Open another session (Shift+Enter)"));
  acts.append(act("details", "info", "Details (i)"));
  const star = act("favourite", "star", favourite ? "No longer a favourite (f)" : "Favourite (f)");
  if (favourite) star.classList.add("on");
  acts.append(star);
  return acts;
}

function act(name: string, icon: IconName, title: string): HTMLElement {
  const element = part("span", "row-act", iconOf(icon));
  setAttribute(element, "data-act", name);
  element.title = title;
  return element;
}

/** The same instance as it was then, in the same place. */
function isSame(one: PlacedInstance, other: PlacedInstance): boolean {
  return (
    one.topPx === other.topPx &&
    one.heightPx === other.heightPx &&
    one.row.group === other.row.group &&
    one.row.instance === other.row.instance
  );
}
