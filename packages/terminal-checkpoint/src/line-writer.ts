/**
 * Writes one line's cells into a blank line of the reading terminal, exactly: what was erased stays erased (also with a
 * background), what was never written is skipped, wide characters and clusters are printed whole, and a line that wraps
 * does so by printing past its end, the only way to mark it.
 */
import type { LineReader } from "./line-reader.ts";
import { isErasure, isSamePen, type Pen, PLAIN_PEN } from "./pen.ts";
import { joinStateAfter, joins, type SequenceWriter, widthOf } from "./sequence-writer.ts";
import { CELL_NUMBERS, type Internals, WIDTH_SHIFT } from "./terminal-internals.ts";

/** Half of it, overwritten, leaves an empty cell that has all attributes of its pen. */
const WIDE = "\u3000";
const NARROW = "x";
const COLOR_BITS = 0x3ffffff;
/** Clusters whose width is remembered; at the bound all are measured anew. */
const CLUSTERS_KEPT_MAX = 10_000;

export class LineWriter {
  readonly #out: SequenceWriter;
  readonly #unicode: Internals["unicodeService"];
  readonly #cols: number;
  readonly #rows: number;
  readonly #clusterWidths = new Map<string, number>();
  #previous: LineReader | undefined;
  /** Column of the cursor; `cols`: the next character wraps. */
  #column = 0;
  /** A column that holds one of our own characters until it is written or erased. */
  #dirty = -1;

  constructor(out: SequenceWriter, unicode: Internals["unicodeService"], size: { cols: number; rows: number }) {
    this.#out = out;
    this.#unicode = unicode;
    this.#cols = size.cols;
    this.#rows = size.rows;
  }

  /** The first line: the cursor stands in column 0 of a blank one. */
  first(line: LineReader): void {
    this.#column = 0;
    this.#body(line, 0);
  }

  /** The line below the one written last. */
  next(line: LineReader): void {
    const { isWrapped } = line.line;
    let start = 0;
    if (!isWrapped) this.#lineFeed();
    else if (this.#canFlowInto(line)) start = this.#flowInto(line);
    else this.#forceWrap();
    this.#body(line, start);
  }

  #lineFeed(): void {
    if (hasBackground(this.#out.pen)) this.#out.setPen(PLAIN_PEN); // a new line takes the background
    this.#out.control("\r\n");
    this.#column = 0;
  }

  /** Does printing the first character wrap by itself and leave the line before as it was? */
  #canFlowInto(line: LineReader): boolean {
    if (!this.#isPrintable(line, 0)) return false;
    if (this.#column === this.#cols) return true;
    return line.width(0) === 2 && this.#column === this.#cols - 1 && this.#previous !== undefined
      ? isInked(this.#previous, this.#cols - 1) && isSamePen(this.#previous.pen(this.#cols - 1), line.pen(0))
      : false;
  }

  /** @returns the column after the first character */
  #flowInto(line: LineReader): number {
    const pen = line.pen(0);
    this.#out.setPen(pen);
    this.#out.cell(line.text(0));
    this.#column = line.width(0);
    if (hasBackground(pen)) {
      // where wrapping scrolled, the new line took the background
      this.#out.setPen(PLAIN_PEN);
      this.#out.control("\x1b[K");
    }
    return this.#column;
  }

  /** Wraps with characters of our own, then takes them back. */
  #forceWrap(): void {
    const isAtEnd = this.#column === this.#cols;
    this.#out.setPen(PLAIN_PEN);
    if (!isAtEnd) {
      this.#out.control(goTo(this.#cols - 1));
      this.#out.ascii(NARROW);
    }
    this.#out.ascii(NARROW);
    if (!isAtEnd && this.#rows > 1 && this.#previous) {
      this.#out.control(`\x1b[A${goTo(this.#cols - 1)}`);
      this.#emptyLastCell(this.#previous);
      this.#out.control("\x1b[B");
    }
    this.#out.setPen(PLAIN_PEN);
    this.#out.control("\r\x1b[X");
    this.#column = 0;
  }

  #body(line: LineReader, start: number): void {
    this.#previous = line;
    for (let x = start; x < this.#cols; ) {
      const run = this.#asciiRun(line, x);
      if (run > 0) x += run;
      else if (this.#isPrintable(line, x)) {
        this.#move(x);
        this.#out.setPen(line.pen(x));
        this.#out.cell(line.text(x));
        x += line.width(x);
        this.#column = x;
      } else if (isInked(line, x)) {
        if (x < this.#cols - 1) this.#ink(line.pen(x), x);
        x += 1;
      } else x += this.#erase(line, x);
    }
    const last = this.#cols - 1;
    const isFlowing = this.#column === last; // a wide character that wraps empties the cell itself
    if (isInked(line, last) && !(isFlowing && this.#dirty < 0)) this.#emptyLastCell(line);
    this.#dirty = -1;
  }

  #asciiRun(line: LineReader, start: number): number {
    const { _data } = line.line;
    let text = "";
    let x = start;
    for (; x < this.#cols; x++) {
      const content = _data[x * CELL_NUMBERS] ?? 0;
      const code = content - (1 << WIDTH_SHIFT);
      if (code < 0x20 || code > 0x7e || (x > start && !line.hasSameAttributes(start, x))) break;
      text += String.fromCharCode(code);
    }
    if (text === "") return 0;
    this.#move(start);
    this.#out.setPen(line.pen(start));
    this.#out.ascii(text);
    this.#column = x;
    return x - start;
  }

  /** An empty cell that still has a foreground or flags. */
  #ink(pen: Pen, x: number): void {
    this.#move(x);
    this.#out.setPen(pen);
    this.#out.cell(WIDE);
    this.#out.control(goTo(x + 1));
    this.#out.ascii(NARROW);
    this.#column = x + 2;
    this.#dirty = x + 1;
  }

  /** @returns how many cells from `x` on are empty alike */
  #erase(line: LineReader, x: number): number {
    const pen = line.text(x) === "" && line.width(x) === 1 ? line.pen(x) : PLAIN_PEN;
    let count = 1;
    while (x + count < this.#cols && line.hasSameAttributes(x, x + count) && isEmpty(line, x + count)) count++;
    const isBlank = !hasBackground(pen);
    if (!isBlank || this.#dirty === x) {
      this.#move(x);
      this.#out.setPen(isBlank ? PLAIN_PEN : { ...PLAIN_PEN, bg: pen.bg });
      this.#out.control(isBlank || count === 1 ? "\x1b[X" : `\x1b[${count}X`);
    }
    if (this.#dirty === x) this.#dirty = -1;
    return count;
  }

  /** Leaves the cursor in this line, not past its end. */
  #emptyLastCell(line: LineReader): void {
    const last = this.#cols - 1;
    const pen = isEmpty(line, last) ? line.pen(last) : PLAIN_PEN;
    if (isErasure(pen)) {
      this.#out.control(goTo(last));
      this.#out.setPen(pen);
      this.#out.control("\x1b[X");
    } else {
      this.#out.control(goTo(last - 1));
      this.#out.setPen(pen);
      this.#out.cell(WIDE);
      this.#out.control(goTo(last - 1));
      this.#out.ascii(NARROW);
      this.#rewrite(line, last - 1);
    }
    this.#column = last;
    this.#out.control(goTo(last));
  }

  #rewrite(line: LineReader, x: number): void {
    const lead = line.width(x) === 0 && x > 0 ? x - 1 : x;
    this.#out.control(goTo(lead));
    if (this.#isPrintable(line, lead)) {
      this.#out.setPen(line.pen(lead));
      this.#out.cell(line.text(lead));
    } else {
      this.#out.setPen(isErasure(line.pen(lead)) ? line.pen(lead) : PLAIN_PEN);
      this.#out.control("\x1b[X");
    }
  }

  #move(x: number): void {
    if (this.#column === x) return;
    this.#out.control(goTo(x));
    this.#column = x;
  }

  /** Text that takes the width it has when it is printed alone. */
  #isPrintable(line: LineReader, x: number): boolean {
    const text = line.text(x);
    const width = line.width(x);
    if (text === "" || width === 0 || (width === 2 && !line.isWhole(x))) return false;
    let printed = this.#clusterWidths.get(text);
    if (printed === undefined) {
      if (this.#clusterWidths.size >= CLUSTERS_KEPT_MAX) this.#clusterWidths.clear();
      printed = clusterWidth(this.#unicode, text);
      this.#clusterWidths.set(text, printed);
    }
    return printed === width;
  }
}

/** Columns that `text` takes when it is printed after a control; 0 when it is not one cluster. */
export function clusterWidth(unicode: Internals["unicodeService"], text: string): number {
  let state = 0;
  for (const character of text) {
    const after = joinStateAfter(unicode, character, state);
    if (state !== 0 && !joins(after)) return 0;
    state = after;
  }
  return widthOf(state);
}

function goTo(column: number): string {
  return `\x1b[${column + 1}G`;
}

function isEmpty(line: LineReader, x: number): boolean {
  return line.width(x) === 1 && line.text(x) === "";
}

function isInked(line: LineReader, x: number): boolean {
  return isEmpty(line, x) && !isErasure(line.pen(x));
}

function hasBackground(pen: Pen): boolean {
  return (pen.bg & COLOR_BITS) !== 0;
}
