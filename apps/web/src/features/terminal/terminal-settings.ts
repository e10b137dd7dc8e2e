/** What a person may choose about her terminals, whole: what she did not choose stands in the contract's `DEFAULT_SETTINGS`. */
import type { Settings } from "@causeway/wire-contract/preferences";

export type TerminalSettings = Required<Omit<Settings, "theme" | "askBeforeClosing" | "notifications">>;
