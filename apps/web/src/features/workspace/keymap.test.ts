import { describe, expect, test } from "vitest";
import { CHORDS, chordCaps, type KeyLike, matchAction, platformOf } from "./keymap.ts";

const press = (key: string, code: string, modifiers = ""): KeyLike => ({
  key,
  code,
  ctrlKey: modifiers.includes("C"),
  metaKey: modifiers.includes("M"),
  shiftKey: modifiers.includes("S"),
  altKey: modifiers.includes("A"),
  isComposing: false,
});

test.each([
  ["L", "KeyL", "CS", "focus-list"],
  ["B", "KeyB", "CS", "toggle-list"],
  ["{", "BracketLeft", "CS", "previous-tab"],
  ["}", "BracketRight", "CS", "next-tab"],
  ["X", "KeyX", "CS", "close-pane"],
  ["D", "KeyD", "CS", "split-right"],
  ["O", "KeyO", "CS", "split-down"],
  ["Enter", "Enter", "CS", "zoom-pane"],
  ["ArrowLeft", "ArrowLeft", "CS", "focus-pane"],
])("Windows and Linux: Ctrl+Shift+%s (%s, %s) is %s", (key, code, modifiers, kind) => {
  expect(matchAction(press(key, code, modifiers), "other")?.kind).toBe(kind);
});

test.each([
  ["l", "KeyL", "MS", "focus-list"],
  ["b", "KeyB", "M", "toggle-list"],
  ["{", "BracketLeft", "CS", "previous-tab"],
  ["x", "KeyX", "MS", "close-pane"],
  ["3", "Digit3", "M", "go-to-tab"],
  ["d", "KeyD", "M", "split-right"],
  ["d", "KeyD", "MS", "split-down"],
  ["[", "BracketLeft", "M", "previous-pane"],
  ["Enter", "Enter", "MS", "zoom-pane"],
])("macOS: %s (%s, %s) is %s", (key, code, modifiers, kind) => {
  expect(matchAction(press(key, code, modifiers), "mac")?.kind).toBe(kind);
});

test("a letter is matched as typed, so that Dvorak works", () => {
  expect(matchAction(press("L", "KeyP", "CS"), "other")?.kind).toBe("focus-list");
  expect(matchAction(press("N", "KeyL", "CS"), "other")).toBeUndefined();
});

test("a keyboard without Latin letters is matched by the physical key", () => {
  expect(matchAction(press("Д", "KeyL", "CS"), "other")?.kind).toBe("focus-list");
});

test("nothing is captured while an input method composes", () => {
  expect(matchAction({ ...press("L", "KeyL", "CS"), isComposing: true }, "other")).toBeUndefined();
});

describe("every other key reaches the shell", () => {
  const codes = [
    ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter) => [letter.toLowerCase(), `Key${letter}`] as const),
    ...Array.from("0123456789", (digit) => [digit, `Digit${digit}`] as const),
    ...Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, `F${index + 1}`] as const),
    ...["Enter", "Tab", "Escape", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown"].map(
      (name) => [name, name] as const,
    ),
    ...["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((name) => [name, name] as const),
    [" ", "Space"],
    ["[", "BracketLeft"],
    ["]", "BracketRight"],
    ["-", "Minus"],
    ["/", "Slash"],
  ] as const;
  const modifiers = ["", "C", "S", "A", "M", "CS", "CA", "SA", "MS", "CM", "MA", "CSA", "CMS"];

  test.each(["mac", "other"] as const)("on %s", (platform) => {
    const captured: string[] = [];
    for (const [key, code] of codes)
      for (const held of modifiers) {
        const typed = held.includes("S") && key.length === 1 ? key.toUpperCase() : key;
        if (matchAction(press(typed, code, held), platform)) captured.push(`${held}+${code}`);
      }
    expect(captured.sort()).toEqual(
      platform === "mac"
        ? [
            "CS+ArrowDown",
            "CS+ArrowLeft",
            "CS+ArrowRight",
            "CS+ArrowUp",
            "CS+BracketLeft",
            "CS+BracketRight",
            "CS+KeyM",
            "M+BracketLeft",
            "M+BracketRight",
            ...Array.from({ length: 9 }, (_, index) => `M+Digit${index + 1}`),
            "M+KeyB",
            "M+KeyD",
            "MS+Enter",
            "MS+KeyD",
            "MS+KeyL",
            "MS+KeyX",
            "MS+KeyY",
            "MS+KeyZ",
          ]
        : [
            "CS+ArrowDown",
            "CS+ArrowLeft",
            "CS+ArrowRight",
            "CS+ArrowUp",
            "CS+BracketLeft",
            "CS+BracketRight",
            "CS+Enter",
            "CS+KeyB",
            "CS+KeyD",
            "CS+KeyL",
            "CS+KeyM",
            "CS+KeyO",
            "CS+KeyX",
            "CS+KeyY",
            "CS+KeyZ",
          ],
    );
  });
});

test("no two actions share a chord", () => {
  for (const platform of ["mac", "other"] as const) {
    const bindings = CHORDS.flatMap(({ bindings: of }) => (of[platform] ? [JSON.stringify(of[platform])] : []));
    expect(new Set(bindings).size).toBe(bindings.length);
  }
});

test("hints are written as the platform writes them", () => {
  expect(chordCaps("focus-list", "mac")).toEqual(["⌘", "⇧", "L"]);
  expect(chordCaps("focus-list", "other")).toEqual(["Ctrl", "Shift", "L"]);
  expect(chordCaps("go-to-tab", "other")).toEqual([]);
  expect(platformOf("MacIntel")).toBe("mac");
  expect(platformOf("Linux x86_64")).toBe("other");
});
