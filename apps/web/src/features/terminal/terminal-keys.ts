/**
 * Which keys do not simply go to the emulator's own key table (DESIGN §3): copy and paste chords, what stays with the
 * browser, and control characters that the table lacks. Pure; everything not named here reaches the shell.
 */

/** The parts of a `KeyboardEvent` that decide. */
export interface KeyPress {
  type: string;
  key: string;
  code: string;
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
  defaultPrevented: boolean;
}

export interface KeyContext {
  platform: "mac" | "windows" | "other";
  hasSelection: boolean;
  isAlternateScreen: boolean;
  /** On Windows: Ctrl+V is the paste chord of the system. */
  ctrlVPastes: boolean;
  /** The person asked for a way out of the terminal by Tab. */
  tabMovesFocus: boolean;
}

export type KeyAction =
  /** The emulator's key table turns it into bytes. */
  | { do: "shell" }
  /** Neither shell nor we: the browser's default happens (for a paste chord that is the paste event). */
  | { do: "browser" }
  /** Somebody else handled it. */
  | { do: "nothing" }
  | { do: "copy"; thenClear: boolean }
  | { do: "send"; data: string }
  | { do: "scroll"; to: "top" | "bottom" };

const ESC = "\x1b";
const CSI_8_BIT = "\x9b";
const SHELL: KeyAction = { do: "shell" };
const BROWSER: KeyAction = { do: "browser" };

export function decideKey(event: KeyPress, context: KeyContext): KeyAction {
  if (event.defaultPrevented) return { do: "nothing" }; // a chord of the console
  if (event.isComposing || event.type === "keyup") return SHELL;
  const { ctrlKey: ctrl, shiftKey: shift, altKey: alt, metaKey: meta, key } = event;
  const only = (wanted: { ctrl?: boolean; shift?: boolean }): boolean =>
    ctrl === (wanted.ctrl ?? false) && shift === (wanted.shift ?? false) && !alt && !meta;

  if (!meta && (key === "F11" || key === "F12")) return BROWSER;
  if (isBrowserZoom(event)) return BROWSER;
  if (context.tabMovesFocus && key === "Tab" && !ctrl && !alt && !meta) return BROWSER;
  if (key === "Insert" && only({ ctrl: true })) return { do: "copy", thenClear: false };
  if (key === "Insert" && only({ shift: true })) return BROWSER;
  if (only({ ctrl: true, shift: true })) {
    if (isLetter(event, "c")) return { do: "copy", thenClear: false };
    if (isLetter(event, "v")) return BROWSER;
    if (event.code === "Digit6") return { do: "send", data: "\x1e" };
    if (event.code === "Digit2") return { do: "send", data: "\x00" };
    if (event.code === "Minus") return { do: "send", data: "\x1f" };
  }
  if (context.platform === "windows" && only({ ctrl: true })) {
    if (isLetter(event, "c") && context.hasSelection) return { do: "copy", thenClear: true };
    if (isLetter(event, "v") && context.ctrlVPastes) return BROWSER;
  }
  if (context.platform === "mac" && meta && !ctrl && !alt) return isLetter(event, "a") ? SHELL : BROWSER;
  if (key === "Backspace" && only({ ctrl: true })) return { do: "send", data: "\x17" };
  if (only({ shift: true })) return decideShifted(key, context.isAlternateScreen);
  return SHELL;
}

/** Scrolling is for the normal screen; a full-screen program gets the key. */
function decideShifted(key: string, isAlternateScreen: boolean): KeyAction {
  if (isAlternateScreen) {
    if (key === "PageUp") return { do: "send", data: "\x1b[5;2~" };
    if (key === "PageDown") return { do: "send", data: "\x1b[6;2~" };
    return SHELL;
  }
  if (key === "Home") return { do: "scroll", to: "top" };
  if (key === "End") return { do: "scroll", to: "bottom" };
  return SHELL;
}

/** By the letter itself; on a layout without Latin letters by the place of the key. */
function isLetter(event: KeyPress, letter: string): boolean {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase() === letter;
  return event.key.length === 1 && event.key.charCodeAt(0) > 0x7f && event.code === `Key${letter.toUpperCase()}`;
}

/** Ctrl or ⌘ with plus, minus or zero; Ctrl+Shift+minus is a shell key (US), Ctrl+Shift+plus is how many layouts type plus. */
function isBrowserZoom(event: KeyPress): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  if (event.key === "+" || event.key === "=") return true;
  return !event.shiftKey && (event.key === "-" || event.key === "0");
}

/**
 * Pasted text as a shell should get it: line ends become CR, and what would close bracketed paste early is removed
 * (DESIGN §6), also when removing one leaves another.
 */
export function preparePaste(text: string, isBracketed: boolean): string {
  const lines = text.replace(/\r\n?|\n/g, "\r");
  if (isBracketed) {
    // ESC and the 8-bit CSI start every sequence; without them nothing inside can end the bracket
    const safe = lines.replaceAll(ESC, "").replaceAll(CSI_8_BIT, "");
    return `${ESC}[200~${safe}${ESC}[201~`;
  }
  return lines;
}

export function platformOf(userAgentPlatform: string): KeyContext["platform"] {
  if (/mac|iphone|ipad/i.test(userAgentPlatform)) return "mac";
  return /win/i.test(userAgentPlatform) ? "windows" : "other";
}
