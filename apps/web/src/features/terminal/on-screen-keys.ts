/**
 * What keys on the screen send, and what Ctrl or Alt held for one key makes of it: for devices whose keyboard has neither. Pure.
 * Sources: ECMA-48 §8.3.19 (cursor keys), xterm's "PC-Style Function Keys" (modifiers as CSI 1;m), ASCII control characters.
 */
export type OnScreenKey = "escape" | "tab" | "left" | "up" | "down" | "right" | "pipe" | "tilde";
export type HeldModifier = "ctrl" | "alt";
/** In this order, so that two of the same are equal. */
export type HeldModifiers = "" | "ctrl" | "alt" | "ctrl+alt";

const TEXTS: Record<Exclude<OnScreenKey, ArrowKey>, string> = { escape: "\x1b", tab: "\t", pipe: "|", tilde: "~" };
const ARROWS = { up: "A", down: "B", right: "C", left: "D" } as const;
type ArrowKey = keyof typeof ARROWS;

const ESC = "\x1b";
const ARROW = new RegExp(`^${ESC}[[O]([A-D])$`);

/** @param isApplication the program asked for application cursor keys (DECCKM) */
export function keyText(key: OnScreenKey, isApplication: boolean): string {
  return isArrow(key) ? `${ESC}${isApplication ? "O" : "["}${ARROWS[key]}` : TEXTS[key];
}

function isArrow(key: OnScreenKey): key is ArrowKey {
  return key in ARROWS;
}

export function withHeld(held: HeldModifiers, toggled: HeldModifier): HeldModifiers {
  const has = (modifier: HeldModifier): boolean => held.split("+").includes(modifier) !== (modifier === toggled);
  if (has("ctrl")) return has("alt") ? "ctrl+alt" : "ctrl";
  return has("alt") ? "alt" : "";
}

/** What one key sends with these held; text of several characters (a word of a phone's keyboard) as if only its first had it. */
export function modifiedText(text: string, held: HeldModifiers): string {
  if (held === "" || text === "") return text;
  const arrow = ARROW.exec(text)?.[1];
  if (arrow !== undefined) return `${ESC}[1;${ARROW_MODIFIERS[held]}${arrow}`;
  if (text.startsWith(ESC) && text.length > 1) return text;
  const [first = "", ...rest] = text;
  const key = held === "alt" ? first : controlOf(first);
  return `${held === "ctrl" ? "" : ESC}${key}${rest.join("")}`;
}

/** The same for what the emulator made of a key. @returns undefined: it is no key that a modifier is for (mouse, other keys) */
export function modifiedBytes(bytes: Uint8Array, held: HeldModifiers): Uint8Array | undefined {
  const text = new TextDecoder().decode(bytes);
  const isOther = text.startsWith(ESC) && text.length > 1 && !ARROW.test(text);
  return held === "" || isOther ? undefined : new TextEncoder().encode(modifiedText(text, held));
}

const ARROW_MODIFIERS: Record<Exclude<HeldModifiers, "">, number> = { alt: 3, ctrl: 5, "ctrl+alt": 7 };

/** The control character of a key; a key that has none stays what it is. */
function controlOf(key: string): string {
  if (key === " ") return "\x00";
  if (key === "?") return "\x7f";
  const code = key.toUpperCase().charCodeAt(0);
  return key.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : key;
}
