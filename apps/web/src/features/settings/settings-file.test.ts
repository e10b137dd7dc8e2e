import { expect, test } from "vitest";
import { readSettingsFile, SETTINGS_FILE_CHARS_MAX, settingsFileText } from "./settings-file.ts";

const file = {
  settings: { theme: "dark", fontFamily: "Fira Code", fontSizePx: 15, pasteGuard: false },
  keyboard: { other: { palette: "Ctrl+Shift+P" } },
} as const;
const whyNot = (text: string): string => {
  const read = readSettingsFile(text);
  return read.kind === "refused" ? read.why : "taken";
};
const changed = (change: object): string => JSON.stringify({ ...JSON.parse(settingsFileText(file)), ...change });

test("what was exported is read again as it was", () => {
  expect(readSettingsFile(settingsFileText(file))).toEqual({ kind: "read", file });
});

test("a file of something else, of another version, or too large is refused in words", () => {
  expect(whyNot("{")).toBe("The file is not JSON.");
  for (const text of ["[]", "null", "{}", changed({ kind: "other" })])
    expect(whyNot(text)).toBe("The file holds no settings of Causeway.");
  expect(whyNot(changed({ version: 2 }))).toBe("The file was made by another version of Causeway.");
  expect(whyNot(" ".repeat(SETTINGS_FILE_CHARS_MAX + 1))).toBe("The file is larger than any file of settings.");
});

test("a value out of bounds, or of the wrong kind, is refused by its place, and nothing of the file is taken", () => {
  expect(whyNot(changed({ settings: { fontSizePx: 90 } }))).toContain("“settings.fontSizePx”");
  expect(whyNot(changed({ settings: { theme: 1 } }))).toContain("“settings.theme");
  expect(whyNot(changed({ settings: { pasteGuard: "no" } }))).toContain("“settings.pasteGuard”");
  expect(whyNot(changed({ settings: { scrollbackLines: 100_001 } }))).toContain("“settings.scrollbackLines”");
  expect(whyNot(changed({ settings: { surprise: true } }))).toContain("“settings");
  expect(whyNot(changed({ keyboard: { other: { palette: 7 } } }))).toContain("“keyboard.other.palette”");
});

test("a font whose name would mean something in a style sheet is refused", () => {
  for (const fontFamily of ['x"; } * { display: none', "a, b", "url(x)", "x\\", "@import", "a\nb", "a".repeat(61)])
    expect(whyNot(changed({ settings: { fontFamily } }))).toContain("“settings.fontFamily”");
  expect(whyNot(changed({ settings: { fontFamily: "思源黑体 Mono-2 K&R" } }))).toBe("taken");
});
