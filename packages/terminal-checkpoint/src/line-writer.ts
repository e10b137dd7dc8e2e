/**
 * Writes one line's cells into a blank line of the reading terminal, exactly: what was erased stays erased (also with a
 * background), what was never written is skipped, wide characters and clusters are printed whole, and a line that wraps
 * does so by printing past its end, the only way to mark it. Over 300 lines: the ways to make a cell share one cursor.
 */
import type { LineReader } from "./line-reader.ts";
import type { PlacedMark } from "./mark-book.ts";
import { isErasure, isOddCellPen, isSamePen, type Pen, PLAIN_PEN } from "./pen.ts";
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
  readonly #clusterWidths = new Map<string, number>();
  #previous: LineReader | undefined;
  /** Column of the cursor; `cols`: the next character wraps. */
  #column = 0;
  /** A column that holds one of our own characters until it is written or erased. */
  #dirty = -1;
  #approximated = 0;

  constructor(out: SequenceWriter, unicode: Internals["unicodeService"], cols: number) {
    this.#out = out;
    this.#unicode = unicode;
    this.#cols = cols;
  }

  /**
   * Cells that no sequence found leads to, written as blanks: halves of wide characters in places where only chains of
   * the emulator's own faults put them.
   */
  get approximated(): number {
    return this.#approximated;
  }

  /** The first line; `wraps`: the one below continues it. The cursor stands in column 0 of a blank one. */
  first(line: LineReader, wraps: boolean, marks: readonly PlacedMark[] = []): void {
    this.#column = 0;
    this.#body(line, 0, wraps, marks);
  }

  /** The line below the one written last. */
  next(line: LineReader, wraps: boolean, marks: readonly PlacedMark[] = []): void {
    const { isWrapped } = line.line;
    let start = 0;
    if (!isWrapped) this.#lineFeed();
    else if (this.#canFlowInto(line)) start = this.#flowInto(line);
    else this.#forceWrap();
    this.#body(line, start, wraps, marks);
  }

  #lineFeed(): void {
    if (hasBackground(this.#out.pen)) this.#out.setPen(PLAIN_PEN); // a new line takes the background
    this.#out.control("\r\n");
    this.#column = 0;
  }

  /** Does printing the first character wrap by itself and leave the line before as it was? */
  #canFlowInto(line: LineReader): boolean {
    if (!this.#isPrintable(line, 0) || isOddCellPen(line.pen(0))) return false;
    if (this.#column === this.#cols) return true;
    // a wide character that does not fit empties the last cell with its own attributes
    const last = this.#cols - 1;
    if (line.width(0) !== 2 || this.#column !== last || !this.#previous || !isEmpty(this.#previous, last)) return false;
    return isSamePen(this.#previous.pen(last), line.pen(0));
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

  /** Wraps with a character of our own, and takes it back. */
  #forceWrap(): void {
    const last = this.#cols - 1;
    if (this.#column === this.#cols) {
      this.#out.setPen(PLAIN_PEN);
      this.#out.ascii(NARROW);
    } else {
      // one that does not fit leaves the last cell empty, with these attributes
      this.#move(last);
      this.#out.setPen(this.#previous && isEmpty(this.#previous, last) ? this.#previous.pen(last) : PLAIN_PEN);
      this.#out.cell(WIDE);
    }
    this.#out.setPen(PLAIN_PEN);
    this.#out.control(`\r\x1b[${this.#cols}X`);
    this.#column = 0;
  }

  #body(line: LineReader, start: number, wraps: boolean, marks: readonly PlacedMark[]): void {
    let marked = 0;
    this.#previous = line;
    const last = this.#cols - 1;
    const isLastLeft = wraps && isEmpty(line, last); // wrapping empties it
    for (let x = start; x < (isLastLeft ? last : this.#cols); ) {
      for (; (marks[marked]?.column ?? this.#cols) <= x; marked++) this.#mark(marks[marked], x);
      const limit = marks[marked]?.column ?? this.#cols;
      const run = this.#asciiRun(line, x, limit);
      if (run > 0) x += run;
      else if (this.#isPrintable(line, x)) {
        this.#move(x);
        this.#out.setPen(line.pen(x));
        this.#out.cell(line.text(x));
        if (line.width(x) === 2 && !isSamePen(line.pen(x), line.pen(x + 1))) this.#approximated += 1;
        x += line.width(x);
        this.#column = x;
      } else if (x === last - 1 && this.#isOverprinted(line)) {
        this.#overprint(line);
        x = this.#cols;
      } else if (isOrphan(line, x) && isErased(line, x - 1)) {
        this.#orphan(line, x);
        x += 1;
      } else if (isInked(line, x) && !isLastLeft && isInkedToEnd(line, x, last)) {
        this.#inkToEnd(line, x);
        x = this.#cols;
      } else if (isInked(line, x)) {
        this.#ink(line.pen(x), x);
        x += 1;
      } else x += this.#erase(line, x, limit);
    }
    for (; marked < marks.length; marked++) this.#mark(marks[marked], this.#column === this.#cols ? this.#cols : last);
    if (isLastLeft && this.#dirty === last) this.#column = -1; // not past the end: to be emptied first
    this.#dirty = -1;
  }

  /** What a shell said when the cursor stood there: it changes no cell. */
  #mark(mark: PlacedMark | undefined, x: number): void {
    if (mark === undefined) return;
    this.#move(x);
    this.#out.control(mark.sequence);
  }

  /** @param limit the column that it ends before */
  #asciiRun(line: LineReader, start: number, limit: number): number {
    const { _data } = line.line;
    let text = "";
    let x = start;
    for (; x < Math.min(limit, this.#cols); x++) {
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

  /** @param limit the column that it ends before @returns how many cells from `x` on are empty alike */
  #erase(line: LineReader, x: number, limit: number): number {
    const pen = isEmpty(line, x) ? line.pen(x) : PLAIN_PEN;
    if (!isErased(line, x)) this.#approximated += 1;
    let count = 1;
    while (x + count < Math.min(limit, this.#cols) && line.hasSameAttributes(x, x + count) && isEmpty(line, x + count))
      count++;
    const isBlank = !hasBackground(pen);
    if (!isBlank || this.#dirty === x) {
      this.#move(x);
      this.#out.setPen(isBlank ? PLAIN_PEN : { ...PLAIN_PEN, bg: pen.bg });
      this.#out.control(isBlank || count === 1 ? "\x1b[X" : `\x1b[${count}X`);
    }
    if (this.#dirty === x) this.#dirty = -1;
    return count;
  }

  /** Without wrapping, what follows a wide character at the edge takes its second half, and the first stays as it is. */
  #overprint(line: LineReader): void {
    const lead = this.#cols - 2;
    this.#move(lead);
    this.#out.control("\x1b[?7l");
    this.#out.setPen(line.pen(lead));
    this.#out.cell(line.text(lead));
    this.#out.control("\x1b\\");
    this.#out.setPen(line.pen(lead + 1));
    // a wide one that does not fit is not printed, but empties the half
    const isEmptied = isEmpty(line, lead + 1);
    this.#out.cell(isEmptied ? WIDE : line.text(lead + 1));
    this.#out.control("\x1b[?7h");
    this.#column = isEmptied ? lead + 1 : this.#cols;
  }

  #isOverprinted(line: LineReader): boolean {
    const last = this.#cols - 1;
    const isCovered = isEmpty(line, last) || (line.width(last) === 1 && this.#isPrintable(line, last));
    return (
      isCovered && !isOddCellPen(line.pen(last)) && line.width(last - 1) === 2 && this.#width(line.text(last - 1)) === 2
    );
  }

  /** The second half of a wide character that was shifted away from the first: "insert character" between them does it. */
  #orphan(line: LineReader, x: number): void {
    const first = Math.max(x - 2, 0);
    this.#out.control(goTo(first));
    this.#out.setPen(line.pen(x));
    this.#out.cell(WIDE);
    this.#out.control(goTo(first + 1));
    this.#out.setPen(PLAIN_PEN);
    this.#out.control(x === 1 ? "\x1b[@\r\x1b[P" : "\x1b[@");
    if (x > 1) this.#rewrite(line, x - 2);
    this.#rewrite(line, x - 1);
    this.#column = -1;
  }

  /** From the last cell to the left: overwriting the first half empties the second one, and spoils only what follows. */
  #inkToEnd(line: LineReader, start: number): void {
    const last = this.#cols - 1;
    for (let x = last; x >= Math.max(start, 1); x--) {
      this.#out.control(goTo(x - 1));
      this.#out.setPen(line.pen(x));
      this.#out.cell(WIDE);
      this.#out.control(goTo(x - 1));
      this.#out.ascii(NARROW);
    }
    this.#rewrite(line, Math.max(start - 1, 0));
    this.#out.control(goTo(last));
    this.#column = last;
  }

  #rewrite(line: LineReader, x: number): void {
    const lead = line.width(x) === 0 && x > 0 ? x - 1 : x;
    this.#out.control(goTo(lead));
    if (this.#isPrintable(line, lead)) {
      this.#out.setPen(line.pen(lead));
      this.#out.cell(line.text(lead));
    } else {
      if (!isErased(line, lead)) this.#approximated += 1;
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
    return this.#width(text) === width;
  }

  #width(text: string): number {
    let width = this.#clusterWidths.get(text);
    if (width === undefined) {
      if (this.#clusterWidths.size >= CLUSTERS_KEPT_MAX) this.#clusterWidths.clear();
      width = clusterWidth(this.#unicode, text);
      this.#clusterWidths.set(text, width);
    }
    return width;
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

function isErased(line: LineReader, x: number): boolean {
  return x >= 0 && isEmpty(line, x) && isErasure(line.pen(x));
}

function isOrphan(line: LineReader, x: number): boolean {
  return line.width(x) === 0 && line.text(x) === "";
}

function isInkedToEnd(line: LineReader, start: number, last: number): boolean {
  for (let x = start; x <= last; x++) if (!isInked(line, x)) return false;
  return true;
}

function hasBackground(pen: Pen): boolean {
  return (pen.bg & COLOR_BITS) !== 0;
}
