/** The emulator's colours, read from the design tokens that are in force on an element (DESIGN §13). */
import type { ITheme } from "@xterm/xterm";

const ANSI_NAMES = [
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
  return theme;
}

export interface TerminalFont {
  family: string;
  /** px */
  size: number;
  lineHeight: number;
}

export function readFont(token: (name: string) => string): TerminalFont {
  return {
    family: token("--font-mono").trim() || "monospace",
    size: Number.parseFloat(token("--term-size")) || 13,
    lineHeight: Number.parseFloat(token("--term-line")) || 1.38,
  };
}

/** Reads custom properties as they are in force on `element`. */
export function tokensOf(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name);
}
