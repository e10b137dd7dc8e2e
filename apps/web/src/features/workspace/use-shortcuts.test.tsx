// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { type ActionId, keymapOf } from "./keymap.ts";
import { useShortcuts } from "./use-shortcuts.ts";

afterEach(cleanup);

const keymap = keymapOf("other", { "go-to-tab-1": "Alt+Digit1" });
let acted: string[] = [];

/** A terminal's input below the page's shortcuts, which writes down every key that reaches it. */
function Page({ reached, focusMode = false }: { reached: string[]; focusMode?: boolean }) {
  useShortcuts(keymap, {
    allToShell: () => focusMode,
    onAction: (id: ActionId) => acted.push(id),
    onPlainKey: (key) => acted.push(`plain ${key}`),
  });
  return (
    <>
      <textarea aria-label="terminal" onKeyDown={(event) => reached.push(event.code)} />
      <button type="button">outside</button>
      <span data-records-keys>
        <button type="button">record</button>
      </span>
    </>
  );
}
function shown(focusMode = false) {
  acted = [];
  const reached: string[] = [];
  const { getByLabelText, getByText } = render(<Page reached={reached} focusMode={focusMode} />);
  return { reached, terminal: getByLabelText("terminal"), outside: getByText("outside"), record: getByText("record") };
}
/** @returns false: the browser's own meaning of it was prevented */
const press = (on: HTMLElement, key: string, code: string, held: object = {}) =>
  fireEvent.keyDown(on, { key, code, ...held });

test("every key that is no chord reaches the terminal unprevented; a chord never does", () => {
  const { reached, terminal } = shown();
  const codes = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter) => [letter.toLowerCase(), `Key${letter}`] as const);
  const held = [{}, { ctrlKey: true }, { altKey: true }, { shiftKey: true }, { ctrlKey: true, altKey: true }];
  let sent = 0;
  for (const [key, code] of [
    ...codes,
    ["Enter", "Enter"],
    ["Escape", "Escape"],
    ["/", "Slash"],
    ["?", "Slash"],
    ["F5", "F5"],
  ] as const)
    for (const modifiers of held) {
      expect(press(terminal, key, code, modifiers)).toBe(true);
      sent++;
    }
  expect(reached).toHaveLength(sent);
  expect(acted).toEqual([]);

  expect(press(terminal, "D", "KeyD", { ctrlKey: true, shiftKey: true })).toBe(false);
  expect(press(terminal, "1", "Digit1", { altKey: true })).toBe(false);
  expect(reached).toHaveLength(sent);
  expect(acted).toEqual(["split-right", "go-to-tab-1"]);
});

test("in focus mode every chord reaches the terminal but the way out", () => {
  const { reached, terminal } = shown(true);
  press(terminal, "D", "KeyD", { ctrlKey: true, shiftKey: true });
  press(terminal, "K", "KeyK", { ctrlKey: true, shiftKey: true });
  expect(reached).toEqual(["KeyD", "KeyK"]);
  press(terminal, "F11", "F11", { ctrlKey: true, shiftKey: true });
  expect(acted).toEqual(["focus-mode"]);
});

test("plain keys mean something outside fields and terminals only", () => {
  const { terminal, outside } = shown();
  for (const key of ["/", "?", "Escape"]) press(terminal, key, "Slash");
  expect(acted).toEqual([]);
  for (const key of ["/", "?", "Escape"]) press(outside, key, "Slash");
  expect(acted).toEqual(["plain filter", "plain keys", "plain leave"]);
});

test("where a chord is being recorded none is taken", () => {
  const { record } = shown();
  expect(press(record, "D", "KeyD", { ctrlKey: true, shiftKey: true })).toBe(true);
  expect(acted).toEqual([]);
});

test("under an open dialog a chord does nothing: not here, not in the browser, not in the terminal", () => {
  const { reached, terminal } = shown();
  const dialog = document.createElement("div");
  dialog.setAttribute("data-modal", "");
  document.body.append(dialog);
  expect(press(terminal, "D", "KeyD", { ctrlKey: true, shiftKey: true })).toBe(false);
  expect([acted, reached]).toEqual([[], []]);
  dialog.remove();
  press(terminal, "D", "KeyD", { ctrlKey: true, shiftKey: true });
  expect(acted).toEqual(["split-right"]);
});
