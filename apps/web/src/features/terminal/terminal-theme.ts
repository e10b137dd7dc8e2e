/** The emulator's colours, read from the design tokens that are in force on an element (DESIGN §13). */
import type { ITheme } from "@xterm/xterm";
import type { TerminalSettings } from "./terminal-settings.ts";

/** The sixteen colours by their number, as the emulator names them. */
export const ANSI_NAMES = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

/** @param token value of a custom property such as `--term-bg`; "" when it is not set */
export function buildTheme(token: (name: string) => string): ITheme {
  const theme: ITheme = {};
  const set = (key: Exclude<keyof ITheme, "extendedAnsi">, name: string): void => {
    const value = token(name).trim();
    if (value !== "") theme[key] = value;
  };
  set("background", "--term-bg");
  set("foreground", "--term-fg");
  set("cursor", "--term-cursor");
  set("cursorAccent", "--term-cursor-text");
  set("selectionBackground", "--term-selection");
  ANSI_NAMES.forEach((key, index) => {
    set(key, `--ansi-${index}`);
  });
  set("scrollbarSliderBackground", "--line-2");
  set("scrollbarSliderHoverBackground", "--line-control");
  set("scrollbarSliderActiveBackground", "--line-control");
  // else a line in the colour of the text stands beside every terminal
  set("overviewRulerBorder", "--term-bg");
  return theme;
}

export interface TerminalFont {
  family: string;
  /** px */
  size: number;
  /** Of the font size, as CSS counts. */
  lineHeight: number;
}

/** So that rounding down does not take a whole px for the last digit of a fraction. */
const ROUNDING_PX = 0.01;

/**
 * The emulator multiplies the height of a character of the font, CSS the font size: the same factor gives taller rows.
 * @param characterHeight px, as the canvas measures it; 0 or NaN: unknown
 * @returns the emulator's factor for rows as tall as CSS would make them, in whole px (it rounds down), at least 1: glyphs
 *   are not cut
 */
export function emulatorLineHeight(font: TerminalFont, characterHeight: number): number {
  if (!(characterHeight > 0)) return font.lineHeight;
  const rowPx = Math.round(font.size * font.lineHeight);
  return Math.max(1, (rowPx + ROUNDING_PX) / Math.ceil(characterHeight));
}

/** Height of a character of this font in px, as the emulator measures it; NaN where there is no canvas. */
export function measureCharacterHeight(font: TerminalFont): number {
  const metrics = measure(font);
  return metrics ? metrics.fontBoundingBoxAscent + metrics.fontBoundingBoxDescent : Number.NaN;
}

/** Width of a character of this font in px, as the emulator measures it; NaN where there is no canvas. */
export function measureCharacterWidth(font: Pick<TerminalFont, "family" | "size">): number {
  return measure(font)?.width ?? Number.NaN;
}

function measure({ family, size }: Pick<TerminalFont, "family" | "size">): TextMetrics | undefined {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return undefined;
  context.font = `${size}px ${family}`;
  return context.measureText("W");
}

/**
 * The WebGL renderer rounds the width of a cell down to whole device pixels, which sets text up to a pixel tighter than
 * the page's own; what it drops from half a pixel on is given back.
 * @returns device pixels to add to every cell: 0 or 1
 */
export function cellWidthCorrection(characterWidthPx: number, devicePixelRatio: number): 0 | 1 {
  const width = characterWidthPx * devicePixelRatio;
  return width - Math.floor(width) >= 0.5 ? 1 : 0;
}

/** Of the font size: the compact setting (DESIGN §13). */
const COMPACT_LINE_HEIGHT = 1.2;

/** The tokens' font, where the person chose no other. */
export function readFont(
  token: (name: string) => string,
  chosen: Pick<TerminalSettings, "fontFamily" | "fontSizePx" | "lineSpacing">,
): TerminalFont {
  const family = token("--font-mono").trim() || "monospace";
  const lineHeight = Number.parseFloat(token("--term-line")) || 1.38;
  return {
    family: chosen.fontFamily.trim() === "" ? family : `"${chosen.fontFamily.trim()}", ${family}`,
    size: chosen.fontSizePx,
    lineHeight: chosen.lineSpacing === "compact" ? COMPACT_LINE_HEIGHT : lineHeight,
  };
}

/** Reads custom properties as they are in force on `element`. */
export function tokensOf(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name);
}
