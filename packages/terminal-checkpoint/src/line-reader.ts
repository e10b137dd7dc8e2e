/** One stored line, cell by cell, in our words. */
import type { LinkBook } from "./links.ts";
import { type Pen, penOf } from "./pen.ts";
import { CELL_NUMBERS, CODEPOINT_MASK, IS_COMBINED, type Line, WIDTH_SHIFT } from "./terminal-internals.ts";

/** A cluster longer than this is cut, here and in the description. UTF-16 units. */
export const CELL_CHARACTERS_MAX = 64;

export class LineReader {
  readonly line: Line;
  readonly #links: LinkBook;

  constructor(line: Line, links: LinkBook) {
    this.line = line;
    this.#links = links;
  }

  /** "" for a cell that holds nothing: never written, erased, or the second half of a wide character. */
  text(x: number): string {
    const content = this.line._data[x * CELL_NUMBERS] ?? 0;
    if (content & IS_COMBINED) return cut(this.line._combined[x] ?? "");
    const code = content & CODEPOINT_MASK;
    return code === 0 ? "" : String.fromCodePoint(code);
  }

  /** 0: second half of a wide character. */
  width(x: number): number {
    return (this.line._data[x * CELL_NUMBERS] ?? 0) >> WIDTH_SHIFT;
  }

  pen(x: number): Pen {
    const { _data, _extendedAttrs } = this.line;
    const fg = _data[x * CELL_NUMBERS + 1] ?? 0;
    const bg = _data[x * CELL_NUMBERS + 2] ?? 0;
    return penOf({ fg, bg, extended: _extendedAttrs[x] }, this.#links);
  }

  /** Does the cell of column x+1 hold the same attributes? Cheap; may say no where the pens are equal. */
  hasSameAttributes(x: number, y: number): boolean {
    const { _data, _extendedAttrs } = this.line;
    const a = x * CELL_NUMBERS;
    const b = y * CELL_NUMBERS;
    return _data[a + 1] === _data[b + 1] && _data[a + 2] === _data[b + 2] && _extendedAttrs[x] === _extendedAttrs[y];
  }

  /** A wide character with both halves. */
  isWhole(x: number): boolean {
    return this.width(x) === 2 && x + 1 < this.line.length && this.width(x + 1) === 0 && this.text(x + 1) === "";
  }
}

function cut(text: string): string {
  if (text.length <= CELL_CHARACTERS_MAX) return text;
  const end = CELL_CHARACTERS_MAX - (isHighSurrogate(text.charCodeAt(CELL_CHARACTERS_MAX - 1)) ? 1 : 0);
  return text.slice(0, end);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
