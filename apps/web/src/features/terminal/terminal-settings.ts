/** What a person may choose about her terminals, whole: what she did not choose stands in `DEFAULT_SETTINGS`. */
export interface TerminalSettings {
  /** `page`: as the page around it. */
  terminalTheme: "page" | "light" | "dark";
  /** A family installed on this computer; empty: the system's own. */
  fontFamily: string;
  fontSizePx: number;
  lineSpacing: "normal" | "compact";
  /** Kept above the screen in this page; the server keeps 10,000, whatever is chosen. */
  scrollbackLines: number;
  cursorBlink: boolean;
  /** Output is read out, and the terminal's text stands in the document. */
  screenReader: boolean;
  copyOnSelect: boolean;
  /** Windows only: Ctrl+V pastes instead of going to the shell. */
  ctrlVPastes: boolean;
  /** macOS only: Option is the Meta key. */
  optionIsMeta: boolean;
  /** Ask before what is pasted may do harm. */
  pasteGuard: boolean;
  /** In production, ask about several lines also where the shell takes them as one text. */
  pasteGuardProduction: boolean;
  /** Tell by a notification when a command of more than 10 s ended in a hidden tab. */
  notifyLongCommands: boolean;
}

export const FONT_SIZE_PX = { least: 8, most: 32, usual: 13 } as const;
export const SCROLLBACK_LINES = { least: 10_000, most: 100_000 } as const;

export const DEFAULT_SETTINGS: TerminalSettings = {
  terminalTheme: "page",
  fontFamily: "",
  fontSizePx: FONT_SIZE_PX.usual,
  lineSpacing: "normal",
  scrollbackLines: SCROLLBACK_LINES.least,
  cursorBlink: false,
  screenReader: false,
  copyOnSelect: false,
  ctrlVPastes: true,
  optionIsMeta: false,
  pasteGuard: true,
  pasteGuardProduction: true,
  notifyLongCommands: false,
};
