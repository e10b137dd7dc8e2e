/**
 * The state of an xterm.js terminal that its public interface does not show: pen, saved cursors, charsets, scroll region,
 * tab stops, cells as they are stored. Read only here; names and meaning from @xterm/xterm 6.0.0, src/common.
 * The catalog pins that version exactly, and `internalsOf` refuses a terminal that does not look like it.
 */

/** Bits of a cell's first number: src/common/buffer/Constants.ts, Content. */
export const CODEPOINT_MASK = 0x1fffff;
export const IS_COMBINED = 0x200000;
export const WIDTH_SHIFT = 22;
/** Numbers per cell: content, foreground, background. */
export const CELL_NUMBERS = 3;

export interface ExtendedAttributes {
  readonly _ext: number;
  readonly urlId: number;
}

/** The attributes a cell is written with; bits: src/common/buffer/Constants.ts, Attributes, FgFlags, BgFlags. */
export interface Attributes {
  readonly fg: number;
  readonly bg: number;
  readonly extended: ExtendedAttributes | undefined;
}

export interface Line {
  readonly length: number;
  readonly isWrapped: boolean;
  readonly _data: Uint32Array;
  readonly _combined: Readonly<Record<number, string>>;
  readonly _extendedAttrs: Readonly<Record<number, ExtendedAttributes | undefined>>;
  getWidth(column: number): number;
  setCell(column: number, cell: unknown): void;
  resize(cols: number, fill: unknown): boolean;
}

export type Charset = Readonly<Record<string, string>>;

export interface ScreenBuffer {
  readonly lines: { readonly length: number; maxLength: number; get(index: number): Line | undefined };
  x: number;
  y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Record<number, boolean | undefined>;
  savedX: number;
  savedY: number;
  readonly savedCurAttrData: Attributes;
  readonly savedCharset: Charset | undefined;
  getNullCell(): unknown;
}

export type ColorEvent = readonly { type: number; index?: number; color?: readonly [number, number, number] }[];

export interface Internals {
  readonly _bufferService: {
    readonly cols: number;
    readonly rows: number;
    readonly buffers: { readonly normal: ScreenBuffer; readonly alt: ScreenBuffer; readonly active: ScreenBuffer };
  };
  readonly _charsetService: {
    readonly charset: Charset | undefined;
    readonly glevel: number;
    readonly _charsets: readonly (Charset | undefined)[];
  };
  readonly _inputHandler: {
    readonly _parser: { readonly currentState: number; readonly precedingJoinState: number };
    readonly _curAttrData: Attributes;
    readonly _windowTitle: string;
    readonly _iconName: string;
    parse(bytes: Uint8Array): unknown;
    eraseInLine(params: { params: number[]; length: number }, respectsProtection: boolean): boolean;
    setHyperlink(data: string): boolean;
    onColor(listener: (event: ColorEvent) => void): { dispose(): void };
  };
  readonly _oscLinkService: { getLinkData(id: number): { id?: string; uri: string } | undefined };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink: boolean | undefined;
      readonly cursorStyle: "block" | "underline" | "bar" | undefined;
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly synchronizedOutput: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly optionsService: { readonly rawOptions: { readonly convertEol: boolean; readonly cursorBlink: boolean } };
  readonly unicodeService: { charProperties(codepoint: number, preceding: number): number };
}

/**
 * @param terminal a Terminal of @xterm/headless or @xterm/xterm
 * @throws Error when it is not the version this package was written for
 */
export function internalsOf(terminal: object): Internals {
  const core = (terminal as { _core?: Internals })._core;
  const isKnown =
    typeof core?._inputHandler?._parser?.precedingJoinState === "number" &&
    typeof core._bufferService?.buffers?.alt?.savedY === "number" &&
    core._bufferService.buffers.normal.lines.get(0)?._data instanceof Uint32Array &&
    Array.isArray(core._charsetService?._charsets) &&
    typeof core.coreService?.decPrivateModes?.synchronizedOutput === "boolean" &&
    typeof core.unicodeService?.charProperties === "function";
  if (!isKnown) throw new Error("this terminal is not xterm.js 6.0: its state cannot be read");
  return core;
}
