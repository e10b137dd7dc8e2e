/** What a person may choose about her terminals, whole: what she did not choose stands in `DEFAULT_SETTINGS`. */
export interface TerminalSettings {
  copyOnSelect: boolean;
  /** Windows only: Ctrl+V pastes instead of going to the shell. */
  ctrlVPastes: boolean;
  /** Ask before what is pasted may do harm. */
  pasteGuard: boolean;
  /** In production, ask about several lines also where the shell takes them as one text. */
  pasteGuardProduction: boolean;
}

export const DEFAULT_SETTINGS: TerminalSettings = {
  copyOnSelect: false,
  ctrlVPastes: true,
  pasteGuard: true,
  pasteGuardProduction: true,
};
