/**
 * Everything that may have a chord, in one table (DESIGN §3): the page takes these keys from the shell and no others. Copy and
 * paste belong to the terminal itself. Pure: the caller decides what an action does.
 */
import { type Chord, capsOf, isChord, type KeyLike, type Platform, parseChord } from "./chord.ts";
import type { Side } from "./pane-tree.ts";

export type ActionGroup = "Go" | "Panes" | "Tabs" | "Terminal";

interface ActionRow<Id extends string = string> {
  id: Id;
  group: ActionGroup;
  /** What it does, as a verb: in the palette and the list of keys. */
  words: string;
  /** Its chords until the person chooses others. */
  mac?: string;
  other?: string;
}

const SIDE_WORDS: Record<Side, string> = { left: "on the left", right: "on the right", up: "above", down: "below" };
const SIDE_KEYS: Record<Side, string> = { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown" };
const SIDES: readonly Side[] = ["left", "right", "up", "down"];

const focusPane = SIDES.map((side): ActionRow<`focus-pane-${Side}`> => {
  const chord = `Ctrl+Shift+${SIDE_KEYS[side]}`;
  return {
    id: `focus-pane-${side}`,
    group: "Panes",
    words: `Go to the pane ${SIDE_WORDS[side]}`,
    mac: chord,
    other: chord,
  };
});
const movePane = SIDES.map((side): ActionRow<`move-pane-${Side}`> => {
  return { id: `move-pane-${side}`, group: "Panes", words: `Move the pane ${side}` };
});
type Digit = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
const DIGITS: readonly Digit[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
// Alt+digit is a shell key elsewhere, so only macOS has these until somebody asks for them
const goToTab = DIGITS.map((n): ActionRow<`go-to-tab-${Digit}`> => {
  return { id: `go-to-tab-${n}`, group: "Tabs", words: `Go to tab ${n}`, mac: `Meta+Digit${n}` };
});

export const ACTIONS = [
  { id: "palette", group: "Go", words: "Go to or run anything", mac: "Meta+K", other: "Ctrl+Shift+K" },
  { id: "keys", group: "Go", words: "See and change the keys" },
  { id: "settings", group: "Go", words: "Settings", mac: "Meta+Shift+Comma", other: "Ctrl+Shift+Comma" },
  { id: "focus-list", group: "Go", words: "Go to the instance list", mac: "Meta+Shift+L", other: "Ctrl+Shift+L" },
  { id: "toggle-list", group: "Go", words: "Show or hide the instance list", mac: "Meta+B", other: "Ctrl+Shift+B" },
  { id: "details", group: "Go", words: "Details of the instance", mac: "Meta+Shift+Y", other: "Ctrl+Shift+Y" },
  { id: "split-right", group: "Panes", words: "Split right", mac: "Meta+D", other: "Ctrl+Shift+D" },
  { id: "split-down", group: "Panes", words: "Split down", mac: "Meta+Shift+D", other: "Ctrl+Shift+O" },
  ...focusPane,
  { id: "previous-pane", group: "Panes", words: "Previous pane", mac: "Meta+BracketLeft" },
  { id: "next-pane", group: "Panes", words: "Next pane", mac: "Meta+BracketRight" },
  ...movePane,
  { id: "pane-to-own-tab", group: "Panes", words: "Move the pane to its own tab" },
  {
    id: "zoom-pane",
    group: "Panes",
    words: "Zoom the pane, and back",
    mac: "Meta+Shift+Enter",
    other: "Ctrl+Shift+Enter",
  },
  { id: "broadcast", group: "Panes", words: "Broadcast typing to panes of this tab, or stop" },
  { id: "close-pane", group: "Panes", words: "Close the pane", mac: "Meta+Shift+X", other: "Ctrl+Shift+X" },
  // a notice that stands for 6 s cannot be reached with Tab in time, least of all out of a terminal
  { id: "undo-close", group: "Panes", words: "Undo a close", mac: "Meta+Shift+Z", other: "Ctrl+Shift+Z" },
  {
    id: "previous-tab",
    group: "Tabs",
    words: "Previous tab",
    mac: "Ctrl+Shift+BracketLeft",
    other: "Ctrl+Shift+BracketLeft",
  },
  {
    id: "next-tab",
    group: "Tabs",
    words: "Next tab",
    mac: "Ctrl+Shift+BracketRight",
    other: "Ctrl+Shift+BracketRight",
  },
  { id: "move-tab-left", group: "Tabs", words: "Move the tab left" },
  { id: "move-tab-right", group: "Tabs", words: "Move the tab right" },
  { id: "rename-tab", group: "Tabs", words: "Rename the tab" },
  ...goToTab,
  { id: "find", group: "Terminal", words: "Find in the terminal", mac: "Meta+F", other: "Ctrl+Shift+F" },
  { id: "share", group: "Terminal", words: "Share this terminal", mac: "Meta+Shift+S", other: "Ctrl+Shift+S" },
  { id: "previous-command", group: "Terminal", words: "Go to the previous command" },
  { id: "next-command", group: "Terminal", words: "Go to the next command" },
  { id: "copy-output", group: "Terminal", words: "Copy the last output" },
  {
    id: "focus-mode",
    group: "Terminal",
    words: "Focus mode, and back: full screen, all keys to the shell",
    mac: "Ctrl+Meta+Enter",
    other: "Ctrl+Shift+F11",
  },
  {
    id: "tab-moves-focus",
    group: "Terminal",
    words: "Tab leaves the terminal, or goes to the shell",
    mac: "Ctrl+Shift+M",
    other: "Ctrl+Shift+M",
  },
] as const satisfies readonly ActionRow[];

export type ActionId = (typeof ACTIONS)[number]["id"];

/** What the person chose instead of the table's chord, by action; "" takes it away. */
export type ChosenChords = Readonly<Partial<Record<ActionId, string>>>;

/** Which chord does what, for one platform and one person. */
export interface Keymap {
  readonly platform: Platform;
  chordOf(id: ActionId): Chord | undefined;
  /** Key caps of its chord, for hints; empty without one. */
  caps(id: ActionId): string[];
  /**
   * @param allToShell in focus mode only the way out of it is taken
   * @returns the action of a captured chord; undefined: the key is the shell's or the browser's
   */
  match(event: KeyLike, allToShell?: boolean): ActionId | undefined;
}

export function keymapOf(platform: Platform, chosen: ChosenChords = {}): Keymap {
  const chords = new Map<ActionId, Chord>();
  for (const action of ACTIONS as readonly ActionRow<ActionId>[]) {
    const chord = parseChord(chosen[action.id] ?? action[platform] ?? "");
    if (chord) chords.set(action.id, chord);
  }
  const chordOf = (id: ActionId): Chord | undefined => chords.get(id);
  return {
    platform,
    chordOf,
    caps: (id) => {
      const chord = chordOf(id);
      return chord ? capsOf(chord, platform) : [];
    },
    match: (event, allToShell = false) => {
      for (const [id, chord] of chords)
        if (isChord(event, chord)) return allToShell && id !== "focus-mode" ? undefined : id;
      return undefined;
    },
  };
}
