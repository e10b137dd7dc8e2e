/** What a person may choose about her terminals, whole: what she did not choose stands in `DEFAULT_SETTINGS`. */
import type { Settings } from "@causeway/wire-contract/preferences";

export type TerminalSettings = Required<Omit<Settings, "theme" | "askBeforeClosing" | "notifications">>;

export const DEFAULT_SETTINGS: TerminalSettings = {
  terminalTheme: "page",
  fontFamily: "",
  fontSizePx: 13,
  lineSpacing: "normal",
  scrollbackLines: 10_000,
  cursorBlink: false,
  optionIsMeta: false,
  copyOnSelect: false,
  ctrlVPastes: true,
  pasteGuard: true,
  pasteGuardProduction: true,
  bell: true,
  screenReader: false,
};
