/**
 * The whole state of a terminal as bytes for a new one of the same size. The order matters: saved cursors first (they may
 * lie above the screen), then the normal screen with its scrollback, the alternate screen over it, and last what changes
 * how text is printed. It holds no query: nothing in it makes a terminal answer. (?1004h makes a focused page report.)
 */
import { ASCII_LETTER, type CharsetNames, encodeUnder } from "./charsets.ts";
import { LineReader } from "./line-reader.ts";
import { LineWriter } from "./line-writer.ts";
import type { LinkBook } from "./links.ts";
import type { MarkBook, PlacedMark } from "./mark-book.ts";
import { modeSequences } from "./modes.ts";
import type { ChangedColors } from "./palette.ts";
import { currentPen, isErasure, isLinkSaved, type Pen, PLAIN_PEN, penOf } from "./pen.ts";
import { SequenceWriter, widthOf } from "./sequence-writer.ts";
import type { Internals, ScreenBuffer } from "./terminal-internals.ts";

/** A title is cut to this many UTF-16 units. */
export const TITLE_CHARACTERS_MAX = 1_024;
/** Of UTF-8. At the bound the oldest lines of the scrollback are left out. */
export const CHECKPOINT_BYTES_MAX = 16 * 1024 * 1024;
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const CHECKPOINT_UNITS_MAX = Math.floor(CHECKPOINT_BYTES_MAX / 3);

export interface CheckpointSource {
  readonly internals: Internals;
  readonly links: LinkBook;
  readonly colors: ChangedColors;
  readonly charsets: CharsetNames;
  readonly marks: MarkBook;
}

export interface WrittenCheckpoint {
  readonly text: string;
  /** Cells that could only be written as blanks; see `LineWriter`. */
  readonly approximatedCells: number;
}

/** @param scrollbackLines at most this many lines above the screen */
export function writeCheckpoint(source: CheckpointSource, scrollbackLines: number): WrittenCheckpoint {
  let lines = Math.min(scrollbackLines, source.internals._bufferService.buffers.normal.ybase);
  for (;;) {
    const written = new CheckpointWriter(source, lines).write();
    if (written.text.length <= CHECKPOINT_UNITS_MAX || lines === 0) return written;
    lines = Math.floor((lines * CHECKPOINT_UNITS_MAX) / written.text.length / 1.1);
  }
}

class CheckpointWriter {
  readonly #source: CheckpointSource;
  readonly #core: Internals;
  readonly #out: SequenceWriter;
  readonly #cols: number;
  readonly #rows: number;
  readonly #scrollbackLines: number;
  #approximatedCells = 0;

  constructor(source: CheckpointSource, scrollbackLines: number) {
    this.#source = source;
    this.#core = source.internals;
    this.#out = new SequenceWriter(source.internals.unicodeService);
    this.#cols = source.internals._bufferService.cols;
    this.#rows = source.internals._bufferService.rows;
    this.#scrollbackLines = scrollbackLines;
  }

  write(): WrittenCheckpoint {
    const { normal, alt, active } = this.#core._bufferService.buffers;
    const out = this.#out;
    out.control("\x1b[20l"); // a reset leaves this mode as it was
    this.#saveCursor(normal, normal.savedY - (normal.ybase - this.#scrollbackLines));
    this.#tabStops(normal);
    this.#content(normal, normal.ybase - this.#scrollbackLines);
    if (active === normal) {
      out.control("\x1b[?47h");
      this.#saveCursor(alt, alt.savedY);
      out.control("\x1b[?47l");
    } else {
      out.setPen(PLAIN_PEN);
      out.control(scrollRegion(normal, this.#rows));
      this.#cursorOfNormal(normal, 0);
      out.control("\x1b[?47h");
      out.savesIn = "alternate";
      // writing may need the saved cursor; but one past the last column takes an empty line to save
      if (alt.savedX >= this.#cols) this.#saveCursor(alt, alt.savedY);
      this.#tabStops(alt);
      this.#content(alt, 0);
      if (alt.savedX < this.#cols) this.#saveCursor(alt, alt.savedY);
    }
    this.#modes();
    this.#finish(active);
    return { text: out.toString(), approximatedCells: this.#approximatedCells };
  }

  /** @param savedY line of the saved cursor, counted from the first line written; may lie above or below the screen */
  #saveCursor(buffer: ScreenBuffer, savedY: number): void {
    const { savedX, savedCharset, savedCurAttrData } = buffer;
    const pen = penOf({ ...savedCurAttrData, extended: undefined }, this.#source.links);
    const line = Math.max(0, savedY);
    const isInLink = isLinkSaved(savedCurAttrData);
    const isScratch = buffer !== this.#core._bufferService.buffers.normal;
    const isFirst =
      savedX === 0 && line === 0 && savedCharset === undefined && isErasure(pen) && pen.bg === 0 && !isInLink;
    if (isFirst && !isScratch) return;
    const isNormal = buffer === this.#core._bufferService.buffers.normal;
    const scrolled = isNormal ? Math.max(0, line - (this.#rows - 1)) : 0;
    const row = Math.min(line - scrolled, this.#rows - 1);
    const out = this.#out;
    out.setPen(PLAIN_PEN);
    if (scrolled > 0) out.control(`\x1b[${this.#rows};1H${"\n".repeat(scrolled)}`);
    out.control(position(row, Math.min(savedX, this.#cols - 1)));
    if (savedX >= this.#cols) out.ascii("x");
    out.setPen((pen.fg & UNDERLINE) === 0 ? pen : { ...pen, underlineStyle: 1 });
    if (isInLink) out.control("\x1b]8;;about:blank\x1b\\");
    out.control(`\x1b(${this.#source.charsets.letterOf(savedCharset)}\x1b7\x1b(${ASCII_LETTER}`);
    if (isInLink) out.control("\x1b]8;;\x1b\\");
    out.setPen(PLAIN_PEN);
    if (scrolled > 0) out.control("\x1b[3J");
    if (savedX >= this.#cols) out.control(`${position(row, this.#cols - 1)}\x1b[X`);
  }

  #content(buffer: ScreenBuffer, firstLine: number): void {
    const out = this.#out;
    const writer = new LineWriter(out, this.#core.unicodeService, this.#cols);
    const end = Math.min(buffer.lines.length, buffer.ybase + this.#rows);
    const isNormal = buffer === this.#core._bufferService.buffers.normal;
    const marks: ReadonlyMap<number, readonly PlacedMark[]> = isNormal ? this.#source.marks.byLine() : new Map();
    for (let index = firstLine; index < end; index++) {
      const line = buffer.lines.get(index);
      if (!line) break;
      const reader = new LineReader(line, this.#source.links);
      const wraps = index + 1 < end && buffer.lines.get(index + 1)?.isWrapped === true;
      if (index > firstLine) writer.next(reader, wraps, marks.get(index));
      else {
        if (line.isWrapped) this.#wrapFirstLine();
        out.control("\x1b[H");
        writer.first(reader, wraps, marks.get(index));
      }
    }
    this.#approximatedCells += writer.approximated;
  }

  /** The line before it is gone, so one is written, wrapped at the bottom, scrolled to the top, and its start dropped. */
  #wrapFirstLine(): void {
    const out = this.#out;
    out.setPen(PLAIN_PEN);
    out.control(position(this.#rows - 1, this.#cols - 1));
    out.ascii("xx");
    out.control(`${"\n".repeat(this.#rows - 1)}\x1b[3J\x1b[H\x1b[X`);
  }

  /** On a line still blank: a stop may have been set past the last column, where only printing leads. */
  #tabStops(buffer: ScreenBuffer): void {
    const stops = stopsWithin(buffer, this.#cols + 1);
    if (stops.every((column, index) => column === index * 8) && stops.length === Math.ceil(this.#cols / 8)) return;
    this.#out.control("\x1b[H\x1b[3g");
    for (const column of stops) {
      this.#out.control(`\x1b[${column + 1}G`);
      if (column === this.#cols) this.#out.ascii("x");
      this.#out.control("\x1bH");
    }
    if (stops.at(-1) === this.#cols) this.#out.control(`\x1b[${this.#cols}G\x1b[X`);
  }

  /** The cursor may stand past the last column: it comes there by way of the alternate screen, which changes no cell. */
  #cursorOfNormal(normal: ScreenBuffer, originRow: number): void {
    if (normal.x < this.#cols) this.#out.control(position(normal.y - originRow, normal.x));
    else this.#out.control(`\x1b[?47h${position(normal.y, this.#cols - 1)}x\x1b[?47l`);
  }

  #modes(): void {
    const out = this.#out;
    out.control(this.#source.colors.toSequences());
    out.control(`\x1b]2;${title(this.#core._inputHandler._windowTitle)}\x1b\\`);
    out.control(`\x1b]1;${title(this.#core._inputHandler._iconName)}\x1b\\`);
    out.control(modeSequences(this.#core));
  }

  #finish(active: ScreenBuffer): void {
    const out = this.#out;
    const { origin, wraparound } = this.#core.coreService.decPrivateModes;
    const { insertMode } = this.#core.coreService.modes;
    const tail = readTail(this.#source);
    const pen = currentPen(this.#core._inputHandler._curAttrData, this.#source.links);
    const needsRestore = isCharsetRestored(this.#core);
    out.setPen(PLAIN_PEN);
    if (needsRestore) out.control(`${this.#charsets()}\x1b8\x1b[m`);
    out.control(scrollRegion(active, this.#rows));
    if (origin) out.control("\x1b[?6h");
    this.#cursor(active, origin ? active.scrollTop : 0, tail);
    if (!needsRestore) out.control(this.#charsets());
    if (this.#core.optionsService.rawOptions.convertEol) out.control("\x1b[20h");
    if (insertMode) out.control("\x1b[4h");
    if (!wraparound) out.control("\x1b[?7l");
    if (this.#core.coreService.decPrivateModes.synchronizedOutput) out.control("\x1b[?2026h");
    out.setPen(pen);
    if (tail) out.cell(tail.encoded);
  }

  #cursor(active: ScreenBuffer, originRow: number, tail: Tail | undefined): void {
    const out = this.#out;
    const { normal } = this.#core._bufferService.buffers;
    if (tail) {
      out.control(position(active.y - originRow, active.x - tail.width));
      // printed again at the very end, which in insert mode moves the rest of the line back to where it was
      if (this.#core.coreService.modes.insertMode) out.control(`\x1b[${this.#insertedBy(tail)}P`);
    } else if (active.x < this.#cols) out.control(position(active.y - originRow, active.x));
    else if (active === normal) this.#cursorOfNormal(normal, originRow);
    else {
      const line = active.lines.get(active.ybase + active.y);
      if (!line) return;
      const reader = new LineReader(line, this.#source.links);
      const lead = reader.width(this.#cols - 1) === 0 ? this.#cols - 2 : this.#cols - 1;
      out.control(position(active.y - originRow, lead));
      out.setPen(reader.pen(lead));
      out.cell(reader.text(lead));
    }
  }

  /** Columns that insert mode makes room for: those of the first character alone, what joins it overwrites. */
  #insertedBy(tail: Tail): number {
    return widthOf(this.#core.unicodeService.charProperties(tail.text.codePointAt(0) ?? 0, 0));
  }

  #charsets(): string {
    const { _charsets, glevel } = this.#core._charsetService;
    const letter = (level: number) => this.#source.charsets.letterOf(_charsets[level]);
    const shift = ["\x0f", "\x0e", "\x1bn", "\x1bo"][glevel] ?? "\x0f";
    return `\x1b(${letter(0)}\x1b)${letter(1)}\x1b*${letter(2)}\x1b+${letter(3)}${shift}`;
  }
}

const UNDERLINE = 0x10000000;

/** The character or cluster before the cursor that the next one may still join. */
export interface Tail {
  readonly width: number;
  readonly pen: Pen;
  readonly text: string;
  /** As it must be sent while the current charset is in use. */
  readonly encoded: string;
}

/** @returns undefined when the last thing parsed was not printed, or is not found before the cursor */
export function readTail({ internals, links }: CheckpointSource): Tail | undefined {
  const { precedingJoinState } = internals._inputHandler._parser;
  const { active } = internals._bufferService.buffers;
  const width = widthOf(precedingJoinState);
  const line = active.lines.get(active.ybase + active.y);
  if (precedingJoinState === 0 || !line || width > active.x) return undefined;
  const reader = new LineReader(line, links);
  const x = active.x - width;
  if (reader.width(x) !== width || reader.text(x) === "" || (width === 2 && !reader.isWhole(x))) return undefined;
  const encoded = encodeUnder(internals._charsetService.charset, reader.text(x));
  return encoded === undefined ? undefined : { width, pen: reader.pen(x), text: reader.text(x), encoded };
}

/** In use is not what the designations say, because restoring a cursor brought another one back. */
export function isCharsetRestored({ _charsetService }: Internals): boolean {
  return _charsetService.charset !== _charsetService._charsets[_charsetService.glevel];
}

export function stopsWithin(buffer: ScreenBuffer, cols: number): number[] {
  return Object.keys(buffer.tabs)
    .map(Number)
    .filter((column) => buffer.tabs[column] && column < cols)
    .sort((a, b) => a - b);
}

export function title(text: string): string {
  return text.slice(0, TITLE_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, "");
}

function scrollRegion(buffer: ScreenBuffer, rows: number): string {
  const isWhole = buffer.scrollTop === 0 && buffer.scrollBottom === rows - 1;
  return isWhole ? "" : `\x1b[${buffer.scrollTop + 1};${buffer.scrollBottom + 1}r`;
}

function position(row: number, column: number): string {
  return `\x1b[${row + 1};${column + 1}H`;
}
