import { expect, test } from "vitest";
import { type Chord, chordText, parseChord } from "./chord.ts";
import { hasAltDigits, judgeChord, withAltDigits, withChord, withDefault, withoutChord } from "./key-choice.ts";
import { ACTIONS, type ChosenChords, keymapOf } from "./keymap.ts";

const chord = (text: string) => parseChord(text) as Chord;
const other = keymapOf("other");
const judge = (text: string, platform: "mac" | "other" = "other") =>
  judgeChord(chord(text), "split-right", keymapOf(platform));
const chordOf = (chosen: ChosenChords, id: (typeof ACTIONS)[number]["id"]) => {
  const found = keymapOf("other", chosen).chordOf(id);
  return found && chordText(found);
};

test.each([
  "Ctrl+W",
  "Ctrl+T",
  "Ctrl+Shift+N",
  "Ctrl+Tab",
  "F11",
  "Ctrl+Equal",
  "Ctrl+Shift+C",
  "Shift+Insert",
  "Shift+PageUp",
])("%s is refused, with the reason", (text) => {
  expect(judge(text)).toMatchObject({ kind: "refused", why: expect.stringMatching(/\.$/) });
});

test("a key that is simply typed is refused", () => {
  expect(judge("K")).toMatchObject({ kind: "refused" });
  expect(judgeChord({ modifiers: ["Shift"], key: "Enter" }, "split-right", other)).toMatchObject({ kind: "refused" });
});

test.each(["Ctrl+R", "Alt+B", "Alt+Digit1", "Ctrl+ArrowLeft", "F5", "Ctrl+Shift+Digit2"])(
  "%s may be taken, and it is said that the shell misses it",
  (text) => {
    expect(judge(text)).toEqual({ kind: "shell" });
  },
);

test("a chord that another action has says which", () => {
  expect(judge("Ctrl+Shift+O")).toEqual({ kind: "taken", by: "split-down" });
  expect(judge("Ctrl+Shift+D")).toEqual({ kind: "free" });
  expect(judge("Ctrl+Shift+U")).toEqual({ kind: "free" });
  expect(judge("Meta+U", "mac")).toEqual({ kind: "free" });
  expect(judge("Meta+C", "mac")).toMatchObject({ kind: "refused" });
});

test("no chord of the table is refused to the action that has it", () => {
  for (const platform of ["mac", "other"] as const) {
    const keymap = keymapOf(platform);
    for (const { id } of ACTIONS) {
      const has = keymap.chordOf(id);
      if (has) expect(judgeChord(has, id, keymap).kind, `${platform} ${id}`).toBe("free");
    }
  }
});

test("taking a chord takes it from the one that had it", () => {
  const chosen = withChord({}, "split-right", chord("Ctrl+Shift+O"), other);
  expect(chordOf(chosen, "split-right")).toBe("Ctrl+Shift+O");
  expect(chordOf(chosen, "split-down")).toBeUndefined();
});

test("the table's chord again is no choice any more, and takes it from whoever got it", () => {
  const first = withChord({}, "split-down", chord("Ctrl+Shift+D"), other);
  expect(withDefault(first, "split-right", "other")).toEqual({ "split-down": "" });
  expect(withDefault(withDefault(first, "split-right", "other"), "split-down", "other")).toEqual({});
  expect(withChord({ "split-right": "Ctrl+Alt+R" }, "split-right", chord("Ctrl+Shift+D"), other)).toEqual({});
});

test("a chord can be taken away; where there was none that is no choice", () => {
  expect(chordOf(withoutChord({}, "split-right", "other"), "split-right")).toBeUndefined();
  expect(withoutChord({}, "move-tab-left", "other")).toEqual({});
});

test("Alt+1 to 9 are one choice", () => {
  const chosen = withAltDigits({ "split-right": "" }, true);
  expect(hasAltDigits(chosen)).toBe(true);
  expect(chordOf(chosen, "go-to-tab-9")).toBe("Alt+Digit9");
  expect(withAltDigits(chosen, false)).toEqual({ "split-right": "" });
  expect(hasAltDigits({})).toBe(false);
});
