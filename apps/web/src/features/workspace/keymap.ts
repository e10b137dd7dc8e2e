/**
 * Every chord the page takes from the shell, in one table (DESIGN §3). What is not here reaches the terminal.
 * Copy and paste belong to the terminal itself. Pure: the caller decides what an action does.
 *
 * Letters are matched by `key`, by `code` on keyboards that type no Latin letter; brackets and digits by `code`.
 */
import type { Side } from "./pane-tree.ts";

export type Platform = "mac" | "other";

export type Action =
  | { kind: "focus-list" }
  | { kind: "toggle-list" }
  | { kind: "previous-tab" }
  | { kind: "next-tab" }
  | { kind: "split-right" }
  | { kind: "split-down" }
  | { kind: "focus-pane"; side: Side }
  | { kind: "previous-pane" }
  | { kind: "next-pane" }
  | { kind: "zoom-pane" }
  | { kind: "close-pane" }
  | { kind: "undo-close" }
  | { kind: "tab-moves-focus" }
  | { kind: "details" }
  | { kind: "go-to-tab"; index: number };

export type KeyLike = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing"
>;

interface Binding {
  modifiers: readonly Modifier[];
  /** A letter, matched as typed. */
  letter?: string;
  /** A physical key. */
  code?: string;
  /** How the key is written on a key cap. */
  cap: string;
}
type Modifier = "ctrl" | "meta" | "shift" | "alt";

interface Chord {
  action: Action;
  bindings: { [P in Platform]?: Binding | undefined };
}

const letter = (upper: string, mac: readonly Modifier[], other: readonly Modifier[]): Chord["bindings"] => ({
  mac: { modifiers: mac, letter: upper.toLowerCase(), cap: upper },
  other: { modifiers: other, letter: upper.toLowerCase(), cap: upper },
});
const physical = (code: string, cap: string, modifiers: readonly Modifier[]): Chord["bindings"] => ({
  mac: { modifiers, code, cap },
  other: { modifiers, code, cap },
});

const ARROWS: Record<Side, { code: string; cap: string }> = {
  left: { code: "ArrowLeft", cap: "←" },
  right: { code: "ArrowRight", cap: "→" },
  up: { code: "ArrowUp", cap: "↑" },
  down: { code: "ArrowDown", cap: "↓" },
};

export const CHORDS: readonly Chord[] = [
  { action: { kind: "focus-list" }, bindings: letter("L", ["meta", "shift"], ["ctrl", "shift"]) },
  { action: { kind: "toggle-list" }, bindings: letter("B", ["meta"], ["ctrl", "shift"]) },
  { action: { kind: "previous-tab" }, bindings: physical("BracketLeft", "[", ["ctrl", "shift"]) },
  { action: { kind: "next-tab" }, bindings: physical("BracketRight", "]", ["ctrl", "shift"]) },
  { action: { kind: "split-right" }, bindings: letter("D", ["meta"], ["ctrl", "shift"]) },
  {
    action: { kind: "split-down" },
    bindings: { mac: letter("D", ["meta", "shift"], []).mac, other: letter("O", [], ["ctrl", "shift"]).other },
  },
  ...(["left", "right", "up", "down"] as const).map(
    (side): Chord => ({
      action: { kind: "focus-pane", side },
      bindings: physical(ARROWS[side].code, ARROWS[side].cap, ["ctrl", "shift"]),
    }),
  ),
  { action: { kind: "previous-pane" }, bindings: { mac: { modifiers: ["meta"], code: "BracketLeft", cap: "[" } } },
  { action: { kind: "next-pane" }, bindings: { mac: { modifiers: ["meta"], code: "BracketRight", cap: "]" } } },
  {
    action: { kind: "zoom-pane" },
    bindings: {
      mac: { modifiers: ["meta", "shift"], code: "Enter", cap: "↵" },
      other: { modifiers: ["ctrl", "shift"], code: "Enter", cap: "Enter" },
    },
  },
  { action: { kind: "close-pane" }, bindings: letter("X", ["meta", "shift"], ["ctrl", "shift"]) },
  // a notice that stands for 6 s cannot be reached with Tab in time, least of all out of a terminal
  { action: { kind: "undo-close" }, bindings: letter("Z", ["meta", "shift"], ["ctrl", "shift"]) },
  { action: { kind: "tab-moves-focus" }, bindings: letter("M", ["ctrl", "shift"], ["ctrl", "shift"]) },
  { action: { kind: "details" }, bindings: letter("Y", ["meta", "shift"], ["ctrl", "shift"]) },
  // Alt+digit is a shell key elsewhere, so only macOS has these
  ...Array.from(
    { length: 9 },
    (_, index): Chord => ({
      action: { kind: "go-to-tab", index },
      bindings: { mac: { modifiers: ["meta"], code: `Digit${index + 1}`, cap: String(index + 1) } },
    }),
  ),
];

/** @returns the action of a captured chord; undefined: the key is the shell's or the browser's */
export function matchAction(event: KeyLike, platform: Platform): Action | undefined {
  if (event.isComposing) return undefined;
  return CHORDS.find(({ bindings }) => {
    const binding = bindings[platform];
    return binding !== undefined && hasModifiers(event, binding.modifiers) && isKey(event, binding);
  })?.action;
}

function hasModifiers(event: KeyLike, wanted: readonly Modifier[]): boolean {
  return (
    event.ctrlKey === wanted.includes("ctrl") &&
    event.metaKey === wanted.includes("meta") &&
    event.shiftKey === wanted.includes("shift") &&
    event.altKey === wanted.includes("alt")
  );
}

function isKey(event: KeyLike, { letter, code }: Binding): boolean {
  if (letter === undefined) return event.code === code;
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase() === letter;
  return event.key.length === 1 && event.key > "\u007f" && event.code === `Key${letter.toUpperCase()}`;
}

const CAPS: Record<Platform, Record<Modifier, string>> = {
  mac: { ctrl: "⌃", meta: "⌘", shift: "⇧", alt: "⌥" },
  other: { ctrl: "Ctrl", meta: "Win", shift: "Shift", alt: "Alt" },
};

/** Key caps of an action, for hints; empty where the platform has no chord for it. */
export function chordCaps(kind: Action["kind"], platform: Platform): string[] {
  const binding = CHORDS.find(({ action }) => action.kind === kind)?.bindings[platform];
  return binding ? [...binding.modifiers.map((modifier) => CAPS[platform][modifier]), binding.cap] : [];
}

export function platformOf(navigatorPlatform: string): Platform {
  return /mac|iphone|ipad/i.test(navigatorPlatform) ? "mac" : "other";
}
