/**
 * Elements of the list, made and written without React: thousands of rows scroll by, and each must cost the page no more than
 * the characters that differ from the row whose elements it takes over.
 */
import type { IconName } from "../../lib/icons.tsx";
import { SHAPE_LABELS, SHAPES, type StateShapeName } from "../../ui/state-shape.tsx";
import { matchedParts } from "./matched-text.ts";
import type { OptionFace } from "./row-face.ts";

const SVG = "http://www.w3.org/2000/svg";

export function part(tag: string, className = "", ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** Writes only what differs: what is written again makes the browser look at the element again. */
export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The text and nothing else. */
export function setText(element: Element, text: string): void {
  const { firstChild } = element;
  if (firstChild instanceof Text && firstChild === element.lastChild) {
    if (firstChild.data !== text) firstChild.data = text;
  } else element.textContent = text;
}

/** The text with what the filter matched of it marked, and what follows it. */
export function setMatched(element: Element, text: string, words: readonly string[], after = ""): void {
  const parts = words.length === 0 ? undefined : matchedParts(text, words);
  if (parts === undefined) {
    setText(element, text + after);
    return;
  }
  const [first, mark, last] = element.childNodes;
  if (first instanceof Text && mark instanceof HTMLElement && last instanceof Text) {
    first.data = parts[0];
    setText(mark, parts[1]);
    last.data = parts[2] + after;
  } else element.replaceChildren(parts[0], part("mark", "", parts[1]), parts[2] + after);
}

export function setOption(element: HTMLElement, { id, mark, position, count }: OptionFace): void {
  setAttribute(element, "id", id);
  setAttribute(element, "aria-selected", String(mark === "sel"));
  setAttribute(element, "aria-posinset", String(position));
  setAttribute(element, "aria-setsize", String(count));
}

export function setBox({ style }: HTMLElement, topPx: number, heightPx: number): void {
  const [top, height] = [`${topPx}px`, `${heightPx}px`];
  if (style.top !== top) style.top = top;
  if (style.height !== height) style.height = height;
}

/** What `Icon` draws, of the smallest size. */
export function iconOf(name: IconName): SVGElement {
  return svg({ class: "i xs", "aria-hidden": "true", focusable: "false" }, ["use", { href: `#icon-${name}` }]);
}

const shapes = new Map<StateShapeName, SVGElement>();

/** What `StateShape` draws. */
export function shapeElement(shape: StateShapeName): Node {
  let made = shapes.get(shape);
  if (made === undefined) {
    const label = SHAPE_LABELS[shape];
    made = svg({ class: `st ${shape}`, viewBox: "0 0 10 10", role: "img", "aria-label": label }, SHAPES[shape]);
    shapes.set(shape, made);
  }
  return made.cloneNode(true);
}

function svg(attributes: Record<string, string>, [tag, inner]: readonly [string, object]): SVGElement {
  const [element, child] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, tag)];
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  // as React calls them: strokeWidth
  for (const [name, value] of Object.entries(inner))
    child.setAttribute(
      name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`),
      String(value),
    );
  element.append(child);
  return element;
}
