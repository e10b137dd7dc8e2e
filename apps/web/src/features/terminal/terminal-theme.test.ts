import { DEFAULT_SETTINGS } from "@causeway/wire-contract/preferences";
import { expect, test } from "vitest";
import { buildTheme, cellWidthCorrection, emulatorLineHeight, readFont } from "./terminal-theme.ts";

const FONT = { family: "monospace", size: 13, lineHeight: 1.38 };
/** What the emulator makes of it: a character's height in whole px, times the factor, rounded down. */
const rowPx = (characterHeight: number): number =>
  Math.floor(Math.ceil(characterHeight) * emulatorLineHeight(FONT, characterHeight));

test("a row is as tall as the page would make it, in whole px, whatever the font's own height", () => {
  for (const height of [12, 14.3, 15, 16.99]) expect(rowPx(height)).toBe(18);
});

test("a font taller than the row is not cut, and an unknown one gets the page's factor", () => {
  expect(emulatorLineHeight(FONT, 25)).toBe(1);
  expect(emulatorLineHeight(FONT, Number.NaN)).toBe(1.38);
});

test("a cell that was rounded down by half a device pixel or more gets it back", () => {
  expect(cellWidthCorrection(7.83, 1)).toBe(1);
  expect(cellWidthCorrection(7.4, 1)).toBe(0);
  expect(cellWidthCorrection(7.83, 2)).toBe(1);
  expect(cellWidthCorrection(8, 1)).toBe(0);
  expect(cellWidthCorrection(Number.NaN, 1)).toBe(0);
});

test("colours come from the tokens, and what no token says is left to the emulator", () => {
  const tokens: Record<string, string> = { "--term-bg": " #070a0d", "--ansi-9": "#f00", "--term-size": "14px" };
  const token = (name: string): string => tokens[name] ?? "";
  expect(buildTheme(token)).toEqual({ background: "#070a0d", brightRed: "#f00", overviewRulerBorder: "#070a0d" });
  expect(readFont(token, DEFAULT_SETTINGS)).toEqual({ family: "monospace", size: 13, lineHeight: 1.38 });
  const chosen = { fontFamily: " Fira Code ", fontSizePx: 18, lineSpacing: "compact" } as const;
  expect(readFont(token, chosen)).toEqual({ family: '"Fira Code", monospace', size: 18, lineHeight: 1.2 });
});
