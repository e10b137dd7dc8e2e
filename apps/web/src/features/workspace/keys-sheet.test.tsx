// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { type ChosenChords, keymapOf } from "./keymap.ts";
import { KeysSheet } from "./keys-sheet.tsx";

afterEach(cleanup);

let stored: ChosenChords = {};
function Sheet({ initial }: { initial: ChosenChords }) {
  const [chosen, setChosen] = useState(initial);
  stored = chosen;
  return (
    <KeysSheet keymap={keymapOf("other", chosen)} chosen={chosen} onChoose={setChosen} onClose={() => undefined} />
  );
}
const show = (initial: ChosenChords = {}) => render(<Sheet initial={initial} />);
const row = (words: string) => screen.getByText(words).closest("li")?.textContent;
const record = (words: string) => {
  fireEvent.click(screen.getByRole("button", { name: `Change the keys: ${words}` }));
  return screen.getByRole("button", { name: `Press the keys for: ${words}` });
};
const press = (on: HTMLElement, key: string, code: string, held: object = {}) =>
  fireEvent.keyDown(on, { key, code, ...held });

test("a free chord counts as soon as it is pressed, and the keyboard is back where it was", () => {
  show();
  press(record("Split right"), "U", "KeyU", { ctrlKey: true, shiftKey: true });
  expect(stored).toEqual({ "split-right": "Ctrl+Shift+U" });
  expect(row("Split right")).toContain("CtrlShiftU");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Change the keys: Split right" }));
});

test("a chord that another action has is taken from it only after the person's word", () => {
  show();
  press(record("Split right"), "O", "KeyO", { ctrlKey: true, shiftKey: true });
  expect(screen.getByText("“Split down” has it, and would have none.")).toBeTruthy();
  expect(stored).toEqual({});
  fireEvent.click(screen.getByRole("button", { name: "Use it" }));
  expect(stored).toEqual({ "split-right": "Ctrl+Shift+O", "split-down": "" });
  expect(row("Split down")).toContain("no keys");
});

test("a key that browsers keep is refused with the reason; Esc leaves all as it was", () => {
  show();
  const button = record("Split right");
  press(button, "w", "KeyW", { ctrlKey: true });
  expect(screen.getByText("Browsers keep this one for themselves.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Use it" })).toBeNull();
  press(button, "Escape", "Escape");
  expect(stored).toEqual({});
  expect(row("Split right")).toContain("CtrlShiftD");
});

test("a key of the shell may be taken, which is said first", () => {
  show();
  press(record("Next tab"), "ArrowRight", "ArrowRight", { altKey: true });
  expect(screen.getByText("The shell will not get this key any more.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Use it" }));
  expect(stored).toEqual({ "next-tab": "Alt+ArrowRight" });
});

test("one action, or all of them, have the table's chords again", () => {
  show({ "split-right": "Ctrl+Alt+R", "split-down": "" });
  fireEvent.click(screen.getByRole("button", { name: "Reset: Split right" }));
  expect(stored).toEqual({ "split-down": "" });
  fireEvent.click(screen.getByRole("button", { name: "Reset all" }));
  expect(stored).toEqual({});
  fireEvent.click(screen.getByRole("button", { name: "Take the keys away: Split down" }));
  expect(stored).toEqual({ "split-down": "" });
});

test("Alt+1 to 9 are turned on and off together", () => {
  show();
  expect(screen.queryByText("Go to tab 1")).toBeNull();
  fireEvent.click(screen.getByRole("checkbox"));
  expect(row("Go to tab 9")).toContain("Alt9");
  fireEvent.click(screen.getByRole("checkbox"));
  expect(stored).toEqual({});
});
