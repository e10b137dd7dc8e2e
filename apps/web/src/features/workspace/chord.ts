/**
 * A chord as a value: written down ("Ctrl+Shift+K"), recognised in a key event, drawn as key caps. Pure.
 *
 * Letters are matched by `key`, by `code` on keyboards that type no Latin letter; every other key by `code` (DESIGN §3).
 */
export type Platform = "mac" | "other";

const MODIFIERS = ["Ctrl", "Alt", "Meta", "Shift"] as const;
export type Modifier = (typeof MODIFIERS)[number];

export interface Chord {
  /** In the order of MODIFIERS. */
  readonly modifiers: readonly Modifier[];
  /** A letter "A" to "Z", or a `KeyboardEvent.code`. */
  readonly key: string;
}

export type KeyLike = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing"
>;

/** The longest that is stored, in characters. */
export const CHORD_LENGTH_MAX = 40;

const LETTER = /^[A-Z]$/;
const CODE = /^[A-Z][A-Za-z0-9]{1,23}$/;
/** Keys that are only held. */
const HELD_ONLY = /^(Control|Ctrl|Shift|Alt|Meta|OS)(Left|Right)?$|^(CapsLock|Fn|FnLock|NumLock|ScrollLock)$/;

/** @returns undefined when it is not written as `chordText` writes */
export function parseChord(text: string): Chord | undefined {
  if (text.length > CHORD_LENGTH_MAX) return undefined;
  const parts = text.split("+");
  const key = parts.pop() ?? "";
  const modifiers = MODIFIERS.filter((modifier) => parts.includes(modifier));
  if (modifiers.length !== parts.length || !(LETTER.test(key) || CODE.test(key)) || HELD_ONLY.test(key))
    return undefined;
  return { modifiers, key };
}

export function chordText({ modifiers, key }: Chord): string {
  return [...modifiers, key].join("+");
}

/** What a person presses, to be written down; undefined while only modifiers are held. */
export function chordOfEvent(event: KeyLike): Chord | undefined {
  const key = letterOf(event) ?? event.code;
  if (event.isComposing || key === "" || HELD_ONLY.test(key)) return undefined;
  return { modifiers: MODIFIERS.filter((modifier) => isHeld(event, modifier)), key };
}

export function isChord(event: KeyLike, { modifiers, key }: Chord): boolean {
  if (event.isComposing || MODIFIERS.some((each) => isHeld(event, each) !== modifiers.includes(each))) return false;
  return LETTER.test(key) ? letterOf(event) === key : event.code === key;
}

function isHeld(event: KeyLike, modifier: Modifier): boolean {
  if (modifier === "Ctrl") return event.ctrlKey;
  if (modifier === "Alt") return event.altKey;
  return modifier === "Shift" ? event.shiftKey : event.metaKey;
}

/** As typed; by the place of the key where the layout has no Latin letters. */
function letterOf({ key, code }: KeyLike): string | undefined {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  if (key.length === 1 && key > "\u007f") return /^Key([A-Z])$/.exec(code)?.[1];
  return undefined;
}

const MODIFIER_CAPS: Record<Platform, Record<Modifier, string>> = {
  mac: { Ctrl: "⌃", Alt: "⌥", Shift: "⇧", Meta: "⌘" },
  other: { Ctrl: "Ctrl", Alt: "Alt", Shift: "Shift", Meta: "Win" },
};
const KEY_CAPS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  BracketLeft: "[",
  BracketRight: "]",
  Backquote: "`",
  Backslash: "\\",
  Comma: ",",
  Equal: "=",
  Escape: "Esc",
  Minus: "-",
  Period: ".",
  Quote: "'",
  Semicolon: ";",
  Slash: "/",
};

/** As the platform writes it on keys. */
export function capsOf({ modifiers, key }: Chord, platform: Platform): string[] {
  const cap = platform === "mac" && key === "Enter" ? "↵" : (KEY_CAPS[key] ?? key.replace(/^(Digit|Key)(?=.$)/, ""));
  return [...modifiers.map((modifier) => MODIFIER_CAPS[platform][modifier]), cap];
}

export function platformOf(navigatorPlatform: string): Platform {
  return /mac|iphone|ipad/i.test(navigatorPlatform) ? "mac" : "other";
}
