/**
 * May an action have this chord, and what does that cost? Says what browsers keep (measured, DESIGN §3), what the terminal itself
 * uses, which key a shell would miss, and which action has the chord already. Pure.
 */
import { type Chord, chordText, type Platform } from "./chord.ts";
import { ACTIONS, type ActionId, type ChosenChords, type Keymap, keymapOf } from "./keymap.ts";

export type Verdict =
  | { kind: "free" }
  /** It works, and the shell no longer gets it. */
  | { kind: "shell" }
  /** Another action would lose it. */
  | { kind: "taken"; by: ActionId }
  | { kind: "refused"; why: string };

const KEPT_BY_BROWSERS: Record<Platform, RegExp> = {
  mac: /^(Meta\+([HMNQTW]|Tab|Backquote|Comma)|Meta\+Shift\+[NQTW]|Ctrl\+(Shift\+)?Tab)$/,
  other:
    /^(Ctrl\+([NQTW]|Tab|PageUp|PageDown)|Ctrl\+Shift\+([NPQTW]|Tab|PageUp|PageDown)|F11|F12|Alt\+(F4|Tab)|Meta\+.*)$/,
};
const ZOOM = /^(Ctrl|Meta)\+((Shift\+)?Equal|Minus|Digit0|Numpad(Add|Subtract|0))$/;
const COPY_AND_PASTE: Record<Platform, RegExp> = {
  mac: /^Meta\+[CVAX]$/,
  other: /^(Ctrl\+Shift\+[CV]|Ctrl\+Insert|Shift\+Insert)$/,
};
const SCROLL = /^Shift\+(PageUp|PageDown|Home|End)$/;
/** What a shell, or a program in it, has a meaning for. */
const SHELL_KEYS =
  /^(Ctrl\+([A-Z]|Space|Arrow\w+|Backspace|BracketLeft|BracketRight|Backslash|Slash)|Alt\+.*|Ctrl\+Alt\+.*|Ctrl\+Shift\+(Digit2|Digit6|Minus)|(Shift\+)?F\d+)$/;

export function judgeChord(chord: Chord, id: ActionId, keymap: Keymap): Verdict {
  const text = chordText(chord);
  const { platform } = keymap;
  const isFunctionKey = /^F\d+$/.test(chord.key);
  const isHeld = chord.modifiers.some((modifier) => modifier !== "Shift");
  if (KEPT_BY_BROWSERS[platform].test(text)) return refused("Browsers keep this one for themselves.");
  if (ZOOM.test(text)) return refused("It zooms the page.");
  if (COPY_AND_PASTE[platform].test(text)) return refused("It copies or pastes in terminals.");
  if (SCROLL.test(text)) return refused("It scrolls terminals.");
  if (!isHeld && !isFunctionKey)
    return refused(`Hold ${platform === "mac" ? "⌘, ⌃ or ⌥" : "Ctrl or Alt"} with it: alone it is typed.`);
  const by = ACTIONS.find((action) => action.id !== id && hasChord(keymap, action.id, text))?.id;
  if (by !== undefined) return { kind: "taken", by };
  return SHELL_KEYS.test(text) ? { kind: "shell" } : { kind: "free" };
}

function refused(why: string): Verdict {
  return { kind: "refused", why };
}

function hasChord(keymap: Keymap, id: ActionId, text: string): boolean {
  const chord = keymap.chordOf(id);
  return chord !== undefined && chordText(chord) === text;
}

/** @returns the choices with this chord for the action; whoever had it has none now */
export function withChord(chosen: ChosenChords, id: ActionId, chord: Chord, keymap: Keymap): ChosenChords {
  const text = chordText(chord);
  const losers = ACTIONS.filter((action) => action.id !== id && hasChord(keymap, action.id, text));
  return tidy({ ...chosen, ...Object.fromEntries(losers.map((loser) => [loser.id, ""])), [id]: text }, keymap.platform);
}

export function withoutChord(chosen: ChosenChords, id: ActionId, platform: Platform): ChosenChords {
  return tidy({ ...chosen, [id]: "" }, platform);
}

/** The table's chord again; whoever has that now loses it. */
export function withDefault(chosen: ChosenChords, id: ActionId, platform: Platform): ChosenChords {
  const text = defaultOf(id, platform);
  const losers = ACTIONS.filter((action) => action.id !== id && text !== "" && chosen[action.id] === text);
  const { [id]: _mine, ...others } = chosen;
  return tidy({ ...others, ...Object.fromEntries(losers.map((loser) => [loser.id, ""])) }, platform);
}

/** Alt+1 to 9 go to tabs: one choice, because nobody wants five of them (DESIGN §3). */
export function withAltDigits(chosen: ChosenChords, wanted: boolean): ChosenChords {
  const { ...next } = chosen;
  for (const { id } of ACTIONS) {
    const digit = /^go-to-tab-(\d)$/.exec(id)?.[1];
    if (digit === undefined) continue;
    if (wanted) next[id] = `Alt+Digit${digit}`;
    else delete next[id];
  }
  return next;
}

export function hasAltDigits(chosen: ChosenChords): boolean {
  return ACTIONS.every(({ id }) => !/^go-to-tab-\d$/.test(id) || chosen[id] === `Alt+Digit${id.slice(-1)}`);
}

/** What is chosen as the table has it is no choice. */
function tidy(chosen: ChosenChords, platform: Platform): ChosenChords {
  return Object.fromEntries(
    Object.entries(chosen).filter(([id, text]) => text !== defaultOf(id as ActionId, platform)),
  ) as ChosenChords;
}

function defaultOf(id: ActionId, platform: Platform): string {
  const chord = keymapOf(platform).chordOf(id);
  return chord ? chordText(chord) : "";
}
