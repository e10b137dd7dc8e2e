import { expect, test } from "vitest";
import { decideKey, type KeyContext, type KeyPress, preparePaste } from "./terminal-keys.ts";

const LINUX: KeyContext = {
  platform: "other",
  hasSelection: true,
  isAlternateScreen: false,
  tabMovesFocus: false,
  ctrlVPastes: true,
};
const WINDOWS: KeyContext = { ...LINUX, platform: "windows" };
const MAC: KeyContext = { ...LINUX, platform: "mac" };

/** "Ctrl+Shift+C" as the event a US keyboard makes. */
function press(chord: string, code = ""): KeyPress {
  const parts = chord.split("+");
  const key = parts.at(-1) ?? "";
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  return {
    type: "keydown",
    key: key.length === 1 && !has("Shift") ? key.toLowerCase() : key,
    code: code || (/^[A-Z]$/i.test(key) ? `Key${key.toUpperCase()}` : key),
    ctrlKey: has("Ctrl"),
    shiftKey: has("Shift"),
    altKey: has("Alt"),
    metaKey: has("Meta"),
    isComposing: false,
    defaultPrevented: false,
  };
}

test("every Ctrl+letter, every Alt chord, F1 to F10 and plain keys go to the shell", () => {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const chords = [...letters.map((key) => `Ctrl+${key}`), ...letters.map((key) => `Alt+${key}`), ...letters];
  const functions = Array.from({ length: 10 }, (_, index) => `F${index + 1}`);
  for (const chord of [...chords, ...functions, "Escape", "Tab", "Enter", "Ctrl+ArrowLeft", "Ctrl+ "])
    expect([chord, decideKey(press(chord), LINUX)]).toEqual([chord, { do: "shell" }]);
});

test("copies with Ctrl+Shift+C and Ctrl+Insert, and leaves pasting to the browser's paste event", () => {
  expect(decideKey(press("Ctrl+Shift+C"), LINUX)).toEqual({ do: "copy", thenClear: false });
  expect(decideKey(press("Ctrl+Insert"), LINUX)).toEqual({ do: "copy", thenClear: false });
  expect(decideKey(press("Ctrl+Shift+V"), LINUX)).toEqual({ do: "browser" });
  expect(decideKey(press("Shift+Insert"), LINUX)).toEqual({ do: "browser" });
});

test("finds the copy chord by its place on a layout without Latin letters", () => {
  expect(decideKey(press("Ctrl+Shift+С", "KeyC"), LINUX)).toEqual({ do: "copy", thenClear: false });
});

test("on Windows Ctrl+C copies a selection and clears it, and interrupts without one", () => {
  expect(decideKey(press("Ctrl+C"), WINDOWS)).toEqual({ do: "copy", thenClear: true });
  expect(decideKey(press("Ctrl+C"), { ...WINDOWS, hasSelection: false })).toEqual({ do: "shell" });
  expect(decideKey(press("Ctrl+V"), WINDOWS)).toEqual({ do: "browser" });
  expect(decideKey(press("Ctrl+V"), { ...WINDOWS, ctrlVPastes: false })).toEqual({ do: "shell" });
});

test("on macOS Ctrl+C always interrupts, and chords with Command stay with the browser", () => {
  expect(decideKey(press("Ctrl+C"), MAC)).toEqual({ do: "shell" });
  expect(decideKey(press("Meta+C"), MAC)).toEqual({ do: "browser" });
  expect(decideKey(press("Meta+V"), MAC)).toEqual({ do: "browser" });
});

test("Ctrl+Shift+2, 6 and minus are NUL, RS and US; Ctrl+Backspace deletes a word", () => {
  expect(decideKey(press("Ctrl+Shift+@", "Digit2"), LINUX)).toEqual({ do: "send", data: "\x00" });
  expect(decideKey(press("Ctrl+Shift+^", "Digit6"), LINUX)).toEqual({ do: "send", data: "\x1e" });
  expect(decideKey(press("Ctrl+Shift+_", "Minus"), LINUX)).toEqual({ do: "send", data: "\x1f" });
  expect(decideKey(press("Ctrl+Backspace"), LINUX)).toEqual({ do: "send", data: "\x17" });
});

test("F11, F12 and zoom stay with the browser", () => {
  for (const chord of ["F11", "F12", "Ctrl+-", "Ctrl+0", "Ctrl+="])
    expect([chord, decideKey(press(chord), LINUX)]).toEqual([chord, { do: "browser" }]);
});

test("Shift+Home and Shift+End scroll the normal screen; a full-screen program gets its keys", () => {
  expect(decideKey(press("Shift+Home"), LINUX)).toEqual({ do: "scroll", to: "top" });
  expect(decideKey(press("Shift+End"), LINUX)).toEqual({ do: "scroll", to: "bottom" });
  const full = { ...LINUX, isAlternateScreen: true };
  expect(decideKey(press("Shift+Home"), full)).toEqual({ do: "shell" });
  expect(decideKey(press("Shift+PageUp"), full)).toEqual({ do: "send", data: "\x1b[5;2~" });
});

test("a chord that the console took is not sent to the shell as well", () => {
  expect(decideKey({ ...press("Ctrl+Shift+B"), defaultPrevented: true }, LINUX)).toEqual({ do: "nothing" });
});

test("pasted line ends become CR, and nothing pasted can close bracketed paste", () => {
  expect(preparePaste("a\r\nb\nc\r", false)).toBe("a\rb\rc\r");
  expect(preparePaste("x\x1b[201~rm\x9b201~y", true)).toBe("\x1b[200~x[201~rm201~y\x1b[201~");
});

test("Tab and Shift+Tab leave the terminal only when the person asked for it", () => {
  const out: KeyContext = { ...LINUX, tabMovesFocus: true };
  for (const chord of ["Tab", "Shift+Tab"]) {
    expect(decideKey(press(chord), LINUX)).toEqual({ do: "shell" });
    expect(decideKey(press(chord), out)).toEqual({ do: "browser" });
  }
  expect(decideKey(press("Ctrl+Tab"), out)).toEqual({ do: "shell" });
});
