/**
 * A terminal's state as a comparable value, for tests. It is read from the terminal itself, never from a checkpoint, and
 * says the same of two terminals that no later output could tell apart.
 */

import type { CheckpointSource } from "./checkpoint-writer.ts";
import { stopsWithin, title } from "./checkpoint-writer.ts";
import { LineReader } from "./line-reader.ts";
import { currentPen, type Pen, penOf } from "./pen.ts";
import { joinKind, LINK_NAME_PREFIX, widthOf } from "./sequence-writer.ts";
import type { ScreenBuffer } from "./terminal-internals.ts";

export interface BufferDescription {
  /** Lines above the screen. */
  readonly scrollbackLines: number;
  /** Oldest first, each as text with its attributes; begins with "~" where it continues the line above. */
  readonly lines: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number };
  readonly scrollRegion: readonly [top: number, bottom: number];
  readonly tabStops: readonly number[];
}

export interface SavedCursorDescription {
  readonly x: number;
  /** Counted from the first line described. */
  readonly y: number;
  readonly attributes: string;
  readonly charset: string;
}

export interface TerminalDescription {
  readonly cols: number;
  readonly rows: number;
  readonly screen: "normal" | "alternate";
  readonly normal: BufferDescription;
  /** Undefined while it is not shown: then it is empty. */
  readonly alternate: BufferDescription | undefined;
  readonly savedCursors: { readonly normal: SavedCursorDescription; readonly alternate: SavedCursorDescription };
  readonly pen: string;
  readonly charsets: { readonly inUse: string; readonly level: number; readonly designated: readonly string[] };
  readonly modes: Readonly<Record<string, string | boolean | undefined>>;
  readonly title: string;
  readonly iconName: string;
  readonly colors: readonly (readonly [number, string])[];
  /** What the next character may join: kind and width of the cluster before it; undefined: nothing. */
  readonly cluster: { readonly kind: number; readonly width: number } | undefined;
}

export function describeTerminal(source: CheckpointSource, what: "all" | "screen"): TerminalDescription {
  const { internals, charsets, colors } = source;
  const { _bufferService, _charsetService, _inputHandler, coreService, coreMouseService, optionsService } = internals;
  const { normal, alt, active } = _bufferService.buffers;
  const writer = new Describer(source, what);
  const join = _inputHandler._parser.precedingJoinState;
  return {
    cols: _bufferService.cols,
    rows: _bufferService.rows,
    screen: active === normal ? "normal" : "alternate",
    normal: writer.buffer(normal),
    alternate: active === alt ? writer.buffer(alt) : undefined,
    savedCursors: { normal: writer.savedCursor(normal), alternate: writer.savedCursor(alt) },
    pen: writer.pen(currentPen(_inputHandler._curAttrData, source.links)),
    charsets: {
      inUse: charsets.letterOf(_charsetService.charset),
      level: _charsetService.glevel,
      designated: [0, 1, 2, 3].map((level) => charsets.letterOf(_charsetService._charsets[level])),
    },
    modes: {
      ...coreService.decPrivateModes,
      ...coreService.modes,
      isCursorHidden: coreService.isCursorHidden,
      mouseProtocol: coreMouseService.activeProtocol,
      mouseEncoding: coreMouseService.activeEncoding,
      convertEol: optionsService.rawOptions.convertEol,
      cursorBlinkOption: optionsService.rawOptions.cursorBlink,
    },
    title: title(_inputHandler._windowTitle),
    iconName: title(_inputHandler._iconName),
    colors: colors.describe(),
    cluster: join === 0 ? undefined : { kind: joinKind(join), width: widthOf(join) },
  };
}

class Describer {
  readonly #source: CheckpointSource;
  readonly #isScreenOnly: boolean;
  /** Links by the order in which they are met: their numbers differ from terminal to terminal. */
  readonly #linkNames = new Map<string, string>();

  constructor(source: CheckpointSource, what: "all" | "screen") {
    this.#source = source;
    this.#isScreenOnly = what === "screen";
  }

  buffer(buffer: ScreenBuffer): BufferDescription {
    const lines: string[] = [];
    for (let index = this.#firstLine(buffer); index < buffer.lines.length; index++) {
      const line = buffer.lines.get(index);
      if (line) lines.push(this.#line(new LineReader(line, this.#source.links)));
    }
    return {
      scrollbackLines: buffer.ybase - this.#firstLine(buffer),
      lines,
      cursor: { x: buffer.x, y: buffer.y },
      scrollRegion: [buffer.scrollTop, buffer.scrollBottom],
      tabStops: stopsWithin(buffer, this.#source.internals._bufferService.cols + 1),
    };
  }

  savedCursor(buffer: ScreenBuffer): SavedCursorDescription {
    const { savedX, savedY, savedCharset, savedCurAttrData } = buffer;
    const isExtended = (savedCurAttrData.bg & HAS_EXTENDED) !== 0;
    return {
      x: savedX,
      y: Math.max(0, savedY - this.#firstLine(buffer)),
      attributes: `${isExtended} ${this.pen(penOf({ ...savedCurAttrData, extended: undefined }, this.#source.links))}`,
      charset: this.#source.charsets.letterOf(savedCharset),
    };
  }

  pen(pen: Pen): string {
    const { fg, bg, underlineStyle, underlineColor, linkNumber, link } = pen;
    if (fg === 0 && bg === 0 && underlineStyle === 0 && underlineColor === 0 && !link) return "";
    const colors = [fg, bg, underlineStyle, underlineColor].map((value) => value.toString(16)).join(",");
    return link ? `${colors} ${this.#linkName(linkNumber, link.id, link.uri)}` : colors;
  }

  #linkName(number: number, id: string, uri: string): string {
    const isNamed = id !== "" && !id.startsWith(LINK_NAME_PREFIX);
    const key = isNamed ? `${id};${uri}` : String(number);
    let name = this.#linkNames.get(key);
    if (name === undefined) {
      name = `link ${this.#linkNames.size} ${isNamed ? id : ""} ${uri}`;
      this.#linkNames.set(key, name);
    }
    return name;
  }

  #line(line: LineReader): string {
    let description = line.line.isWrapped ? "~" : "|";
    let before = "";
    for (let x = 0; x < line.line.length; x++) {
      const pen = x > 0 && line.hasSameAttributes(x - 1, x) ? before : this.pen(line.pen(x));
      if (pen !== before) description += `{${pen}}`;
      before = pen;
      const text = line.text(x);
      description += text === "" ? (line.width(x) === 0 ? "\u{1}" : "\0".repeat(line.width(x))) : text;
      if (line.width(x) === 2) description += "\u{2}";
    }
    return description;
  }

  #firstLine(buffer: ScreenBuffer): number {
    return this.#isScreenOnly ? buffer.ybase : 0;
  }
}

const HAS_EXTENDED = 0x10000000;
