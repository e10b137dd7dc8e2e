import { describe, expect, test } from "vitest";
import { chordText, type KeyLike } from "./chord.ts";
import { ACTIONS, keymapOf } from "./keymap.ts";

const press = (key: string, code: string, modifiers = ""): KeyLike => ({
  key,
  code,
  ctrlKey: modifiers.includes("C"),
  metaKey: modifiers.includes("M"),
  shiftKey: modifiers.includes("S"),
  altKey: modifiers.includes("A"),
  isComposing: false,
});
const [mac, other] = [keymapOf("mac"), keymapOf("other")];

test.each([
  ["K", "KeyK", "CS", "palette"],
  ["L", "KeyL", "CS", "focus-list"],
  ["B", "KeyB", "CS", "toggle-list"],
  ["{", "BracketLeft", "CS", "previous-tab"],
  ["}", "BracketRight", "CS", "next-tab"],
  ["X", "KeyX", "CS", "close-pane"],
  ["D", "KeyD", "CS", "split-right"],
  ["O", "KeyO", "CS", "split-down"],
  ["Enter", "Enter", "CS", "zoom-pane"],
  ["ArrowLeft", "ArrowLeft", "CS", "focus-pane-left"],
])("Windows and Linux: Ctrl+Shift+%s (%s, %s) is %s", (key, code, modifiers, id) => {
  expect(other.match(press(key, code, modifiers))).toBe(id);
});

test.each([
  ["k", "KeyK", "M", "palette"],
  ["l", "KeyL", "MS", "focus-list"],
  ["b", "KeyB", "M", "toggle-list"],
  ["{", "BracketLeft", "CS", "previous-tab"],
  ["x", "KeyX", "MS", "close-pane"],
  ["3", "Digit3", "M", "go-to-tab-3"],
  ["d", "KeyD", "M", "split-right"],
  ["d", "KeyD", "MS", "split-down"],
  ["[", "BracketLeft", "M", "previous-pane"],
  ["Enter", "Enter", "MS", "zoom-pane"],
])("macOS: %s (%s, %s) is %s", (key, code, modifiers, id) => {
  expect(mac.match(press(key, code, modifiers))).toBe(id);
});

test("a letter is matched as typed, so that Dvorak works", () => {
  expect(other.match(press("L", "KeyP", "CS"))).toBe("focus-list");
  expect(other.match(press("N", "KeyL", "CS"))).toBeUndefined();
});

test("a keyboard without Latin letters is matched by the physical key", () => {
  expect(other.match(press("Д", "KeyL", "CS"))).toBe("focus-list");
});

test("nothing is captured while an input method composes", () => {
  expect(other.match({ ...press("L", "KeyL", "CS"), isComposing: true })).toBeUndefined();
});

test("a chosen chord counts instead of the table's, and an empty one takes it away", () => {
  const chosen = keymapOf("other", { "split-right": "Ctrl+Alt+R", "focus-list": "", "go-to-tab-2": "Alt+Digit2" });
  expect(chosen.match(press("r", "KeyR", "CA"))).toBe("split-right");
  expect(chosen.match(press("D", "KeyD", "CS"))).toBeUndefined();
  expect(chosen.match(press("L", "KeyL", "CS"))).toBeUndefined();
  expect(chosen.match(press("2", "Digit2", "A"))).toBe("go-to-tab-2");
  expect(chosen.caps("split-right")).toEqual(["Ctrl", "Alt", "R"]);
  expect(chosen.caps("focus-list")).toEqual([]);
});

test("a chosen chord that makes no sense counts as none", () => {
  expect(keymapOf("other", { "split-right": "Hyper+?" }).chordOf("split-right")).toBeUndefined();
});

/** Every key of a keyboard, as an unshifted key types it. */
const KEYS = [
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
const MODIFIERS = ["", "C", "S", "A", "M", "CS", "CA", "SA", "MS", "CM", "MA", "CSA", "CMS"];

describe("every other key reaches the shell", () => {
  test.each(["mac", "other"] as const)("on %s", (platform) => {
    const captured: string[] = [];
    for (const [key, code] of KEYS)
      for (const held of MODIFIERS) {
        const typed = held.includes("S") && key.length === 1 ? key.toUpperCase() : key;
        if (keymapOf(platform).match(press(typed, code, held))) captured.push(`${held}+${code}`);
      }
    expect(captured.sort()).toEqual(
      platform === "mac"
        ? [
            "CM+Enter",
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
            "M+KeyF",
            "M+KeyK",
            "MS+Enter",
            "MS+KeyD",
            "MS+KeyL",
            "MS+KeyS",
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
            "CS+F11",
            "CS+KeyB",
            "CS+KeyD",
            "CS+KeyF",
            "CS+KeyK",
            "CS+KeyL",
            "CS+KeyM",
            "CS+KeyO",
            "CS+KeyS",
            "CS+KeyX",
            "CS+KeyY",
            "CS+KeyZ",
          ],
    );
  });
});

test("in focus mode only the way out of it is taken", () => {
  for (const platform of ["mac", "other"] as const) {
    const taken = KEYS.flatMap(([key, code]) =>
      MODIFIERS.flatMap((held) => keymapOf(platform).match(press(key, code, held), true) ?? []),
    );
    expect(taken).toEqual(["focus-mode"]);
  }
});

test("every chord of the table makes sense, and no two actions share one", () => {
  for (const platform of ["mac", "other"] as const) {
    const keymap = keymapOf(platform);
    const written = ACTIONS.flatMap((action) => (platform in action ? [action[platform as keyof typeof action]] : []));
    const chords = ACTIONS.flatMap(({ id }) => keymap.chordOf(id) ?? []).map(chordText);
    expect(chords).toEqual(written);
    expect(new Set(chords).size).toBe(chords.length);
  }
});

test("hints are written as the platform writes them", () => {
  expect(mac.caps("focus-list")).toEqual(["⌘", "⇧", "L"]);
  expect(other.caps("focus-list")).toEqual(["Ctrl", "Shift", "L"]);
  expect(other.caps("focus-pane-left")).toEqual(["Ctrl", "Shift", "←"]);
  expect(other.caps("go-to-tab-1")).toEqual([]);
});
