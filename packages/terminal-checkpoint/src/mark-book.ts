/**
 * Where a shell marked its commands (OSC 133 and 633), so that a checkpoint marks them again at the same places: whoever reads
 * it finds the same prompts, outputs and ends. What a mark means is the reader's; here only what it may replace is known.
 *
 * Source: gitlab.freedesktop.org/Per_Bothner/specifications, proposals/semantic-prompts.md; code.visualstudio.com/docs/terminal/shell-integration.
 */
import type headless from "@xterm/headless";
import type { Internals } from "./terminal-internals.ts";

type Terminal = InstanceType<typeof headless.Terminal>;
type Marker = NonNullable<ReturnType<Terminal["registerMarker"]>>;

/** At the bound the oldest goes. Each costs the emulator a place that it moves with every line that scrolls out. */
export const MARKS_MAX = 900;
/** Longest mark that is kept, in characters: real ones are shorter. */
export const MARK_CHARACTERS_MAX = 100;

const MARK_OSCS = [133, 633];
/** A prompt begins or ends, an output begins or ends. Command lines (`633;E`) are not kept. */
const KEPT = /^([ABCDNP])(?:;[\x20-\x7e]*)?$/;
/** A prompt on the right, or of a further line of one command. */
const SECONDARY = /;k=[rsc](?:;|$)/;

interface Mark {
  sequence: string;
  kind: string;
  marker: Marker;
  /** Before it in its line, over all rows that it is wrapped to: another width does not change that. */
  characters: number;
}

/** One mark where it is to be written. */
export interface PlacedMark {
  /** Cells before it; as many as there are columns: behind the last one. */
  readonly column: number;
  readonly sequence: string;
}

export class MarkBook {
  readonly #terminal: Terminal;
  readonly #buffers: Internals["_bufferService"];
  #marks: Mark[] = [];

  constructor(terminal: Terminal, internals: Internals) {
    this.#terminal = terminal;
    this.#buffers = internals._bufferService;
    for (const osc of MARK_OSCS)
      terminal.parser.registerOscHandler(osc, (data) => {
        this.#handle(osc, data);
        return true;
      });
    terminal.parser.registerEscHandler({ final: "c" }, () => {
      this.#drop(this.#marks.splice(0));
      return false; // the emulator's own handler goes on
    });
  }

  /** Those of the normal screen and its scrollback by line, each line's in the order of their columns. */
  byLine(): ReadonlyMap<number, readonly PlacedMark[]> {
    const lines = new Map<number, PlacedMark[]>();
    let last = { line: -1, column: 0 };
    for (const { marker, characters, sequence } of this.#marks) {
      if (marker.isDisposed || marker.line < 0) continue;
      const place = this.#placeOf(marker.line, characters);
      // one that came later but stands before is of a screen that was drawn over: the reader could not tell
      if (place.line < last.line || (place.line === last.line && place.column < last.column)) continue;
      last = place;
      const here = lines.get(place.line) ?? [];
      here.push({ column: place.column, sequence });
      lines.set(place.line, here);
    }
    return lines;
  }

  #handle(osc: number, data: string): void {
    const { active, normal } = this.#buffers.buffers;
    const kind = data.length <= MARK_CHARACTERS_MAX ? KEPT.exec(data)?.[1] : undefined;
    if (kind === undefined || SECONDARY.test(data) || active !== normal) return;
    const last = this.#marks.at(-1);
    if (last !== undefined && isPrompt(last.kind)) {
      if (kind === "B") return;
      if (isPrompt(kind)) this.#drop(this.#marks.splice(-1)); // drawn anew, or nothing was run at it
    }
    const marker = this.#terminal.registerMarker(0);
    if (marker === undefined) return;
    const mark = { sequence: `\x1b]${osc};${data}\x1b\\`, kind, marker, characters: this.#charactersBefore() };
    this.#marks.push(mark);
    if (this.#marks.length > MARKS_MAX) this.#drop(this.#marks.splice(0, 1));
  }

  #drop(marks: readonly Mark[]): void {
    for (const { marker } of marks) marker.dispose();
  }

  #charactersBefore(): number {
    const { normal } = this.#terminal.buffer;
    const row = normal.baseY + normal.cursorY;
    let characters = this.#lengthOf(row, normal.cursorX);
    for (let at = row; at > 0 && normal.getLine(at)?.isWrapped; at--) characters += this.#lengthOf(at - 1);
    return characters;
  }

  #placeOf(markerLine: number, characters: number): { line: number; column: number } {
    const { normal } = this.#terminal.buffer;
    let line = markerLine;
    if (characters === 0) return { line, column: 0 };
    while (line > 0 && normal.getLine(line)?.isWrapped) line--;
    let left = characters;
    for (; normal.getLine(line + 1)?.isWrapped && left > this.#lengthOf(line); line++) left -= this.#lengthOf(line);
    let column = 0;
    while (column < this.#terminal.cols && this.#lengthOf(line, column) < left) column++;
    return { line, column };
  }

  /** Characters of a row, or of its first columns. */
  #lengthOf(row: number, columns: number = this.#terminal.cols): number {
    return this.#terminal.buffer.normal.getLine(row)?.translateToString(false, 0, columns).length ?? 0;
  }
}

function isPrompt(kind: string): boolean {
  return kind === "A" || kind === "N" || kind === "P";
}
