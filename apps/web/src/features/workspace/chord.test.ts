import { expect, test } from "vitest";
import { type Chord, capsOf, chordOfEvent, chordText, type KeyLike, parseChord, platformOf } from "./chord.ts";

const press = (key: string, code: string, held: Partial<KeyLike> = {}): KeyLike => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  isComposing: false,
  ...held,
});

test.each(["Ctrl+Shift+K", "Meta+BracketLeft", "Alt+Digit1", "F9", "Ctrl+Alt+Meta+Shift+ArrowUp"])(
  "%s is read as it is written",
  (text) => {
    expect(chordText(parseChord(text) as Chord)).toBe(text);
  },
);

test.each([
  "",
  "Ctrl",
  "Ctrl+",
  "Ctrl+Ctrl+K",
  "Hyper+K",
  "Ctrl+k",
  "Ctrl+ControlLeft",
  "Ctrl+?",
  `Ctrl+${"A".repeat(99)}`,
])("%j is no chord", (text) => {
  expect(parseChord(text)).toBeUndefined();
});

test("what is pressed is written down by its letter, or by its place where that types none", () => {
  const written = (event: KeyLike) => {
    const chord = chordOfEvent(event);
    return chord && chordText(chord);
  };
  expect(written(press("L", "KeyP", { ctrlKey: true, shiftKey: true }))).toBe("Ctrl+Shift+L");
  expect(written(press("Д", "KeyL", { ctrlKey: true }))).toBe("Ctrl+L");
  expect(written(press("[", "BracketLeft", { metaKey: true }))).toBe("Meta+BracketLeft");
  expect(written(press("Control", "ControlLeft", { ctrlKey: true }))).toBeUndefined();
  expect(written(press("Unidentified", ""))).toBeUndefined();
  expect(written(press("a", "KeyA", { isComposing: true }))).toBeUndefined();
});

test("key caps are written as the platform writes them", () => {
  const caps = (text: string, platform: "mac" | "other") => capsOf(parseChord(text) as Chord, platform);
  expect(caps("Ctrl+Shift+Enter", "other")).toEqual(["Ctrl", "Shift", "Enter"]);
  expect(caps("Meta+Shift+Enter", "mac")).toEqual(["⌘", "⇧", "↵"]);
  expect(caps("Alt+Digit7", "other")).toEqual(["Alt", "7"]);
  expect(caps("Ctrl+Shift+BracketLeft", "other")).toEqual(["Ctrl", "Shift", "["]);
});

test("the platform is what the browser says", () => {
  expect(platformOf("MacIntel")).toBe("mac");
  expect(platformOf("Linux x86_64")).toBe("other");
});
