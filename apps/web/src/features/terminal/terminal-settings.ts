/** What a person may choose about her terminals, whole: what she did not choose stands here. */
export interface TerminalSettings {
  /** Ask before what is pasted may do harm. */
  pasteGuard: boolean;
  /** In production, ask about several lines also where the shell takes them as one text. */
  pasteGuardProduction: boolean;
}

export const DEFAULT_SETTINGS: TerminalSettings = {
  pasteGuard: true,
  pasteGuardProduction: true,
};
