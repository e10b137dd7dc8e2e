/**
 * Modes that change nothing on the grid: keys, mouse, reports, cursor shape. Each is said both ways, since a reset leaves
 * some as they were. Names and numbers: @xterm/xterm 6.0.0, src/common/InputHandler.ts, setModePrivate.
 */
import type { Internals } from "./terminal-internals.ts";

const MOUSE_PROTOCOLS: Readonly<Record<string, number>> = { X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 };
const MOUSE_ENCODINGS: Readonly<Record<string, number>> = { SGR: 1006, SGR_PIXELS: 1016 };
const CURSOR_STYLES = { block: 2, underline: 4, bar: 6 } as const;

export function modeSequences({ coreService, coreMouseService, optionsService }: Internals): string {
  const modes = coreService.decPrivateModes;
  const protocol = MOUSE_PROTOCOLS[coreMouseService.activeProtocol];
  const encoding = MOUSE_ENCODINGS[coreMouseService.activeEncoding];
  return [
    set(1, modes.applicationCursorKeys),
    set(12, optionsService.rawOptions.cursorBlink),
    set(25, !coreService.isCursorHidden),
    set(45, modes.reverseWraparound),
    set(66, modes.applicationKeypad),
    set(1004, modes.sendFocus),
    set(2004, modes.bracketedPasteMode),
    protocol === undefined ? "\x1b[?1000l" : `\x1b[?${protocol}h`,
    encoding === undefined ? "\x1b[?1006l" : `\x1b[?${encoding}h`,
    cursorShape(modes.cursorStyle, modes.cursorBlink),
  ].join("");
}

function set(mode: number, isOn: boolean): string {
  return `\x1b[?${mode}${isOn ? "h" : "l"}`;
}

function cursorShape(style: keyof typeof CURSOR_STYLES | undefined, isBlinking: boolean | undefined): string {
  if (style !== undefined) return `\x1b[${CURSOR_STYLES[style] - (isBlinking ? 1 : 0)} q`;
  // a shape number that no shape has changes blinking alone
  return isBlinking === undefined ? "\x1b[0 q" : `\x1b[0 q\x1b[${isBlinking ? 7 : 8} q`;
}
