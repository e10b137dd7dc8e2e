import { expect, test } from "vitest";
import { type HeldModifiers, keyText, modifiedText, withHeld } from "./on-screen-keys.ts";

test("arrows are what the program asked for", () => {
  expect(keyText("up", false)).toBe("\x1b[A");
  expect(keyText("left", true)).toBe("\x1bOD");
  expect([keyText("escape", true), keyText("tab", false), keyText("pipe", false)]).toEqual(["\x1b", "\t", "|"]);
});

test.each<[string, HeldModifiers, string]>([
  ["c", "ctrl", "\x03"],
  ["C", "ctrl", "\x03"],
  ["[", "ctrl", "\x1b"],
  [" ", "ctrl", "\x00"],
  ["5", "ctrl", "5"],
  ["é", "ctrl", "é"],
  ["b", "alt", "\x1bb"],
  ["c", "ctrl+alt", "\x1b\x03"],
  ["\x1b[A", "ctrl", "\x1b[1;5A"],
  ["\x1bOD", "alt", "\x1b[1;3D"],
  ["\x1b[C", "ctrl+alt", "\x1b[1;7C"],
  ["\x1b[5~", "ctrl", "\x1b[5~"],
  ["cat", "ctrl", "\x03at"],
  ["", "ctrl", ""],
  ["c", "", "c"],
])("%j with %s is %j", (text, held, sent) => {
  expect(modifiedText(text, held)).toBe(sent);
});

test("a modifier is held until it is pressed again, beside the other", () => {
  expect(withHeld("", "alt")).toBe("alt");
  expect(withHeld("alt", "ctrl")).toBe("ctrl+alt");
  expect(withHeld("ctrl+alt", "alt")).toBe("ctrl");
  expect(withHeld("ctrl", "ctrl")).toBe("");
});
