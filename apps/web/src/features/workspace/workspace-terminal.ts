/**
 * What the workspace needs of a terminal. `features/terminal` implements it; `app/` brings the two together.
 * Terminal bytes never come near these types.
 */
import type { Session } from "@causeway/wire-contract/sessions";
import type { TabTarget } from "./tab-state.ts";

export interface WorkspaceTerminalStatus {
  kind: "starting" | "connecting" | "open" | "reconnecting" | "failed" | "ended";
  /** New output since it was last seen. */
  unread: boolean;
  /** The running program's own title. */
  title?: string | undefined;
  /** "ctrl", "alt" or both with a plus between: held for the next key. */
  held?: string;
}

/** Keys that a phone's keyboard lacks. */
export type OnScreenKey = "escape" | "tab" | "left" | "up" | "down" | "right" | "pipe" | "tilde";

export interface WorkspaceTerminal {
  readonly sessionId: string | undefined;
  subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  getStatus: () => WorkspaceTerminalStatus;
  focus(): void;
  /** As if it had been typed: keys that the browser keeps for itself. */
  sendKey(text: string): void;
  /** A key on the screen, with the modifiers that are held for it. */
  pressKey(key: OnScreenKey): void;
  /** Holds Ctrl or Alt for the next key, or lets go of it. */
  toggleModifier(modifier: "ctrl" | "alt"): void;
  /** As if it had been pasted. */
  pasteText(text: string): void;
  /** A full-screen program has it: closing would interrupt that. */
  isFullScreen(): boolean;
  /** A command runs, as far as its shell marks that: closing would interrupt it. */
  isCommandRunning(): boolean;
  /** What is typed now reaches its shell. */
  takesTyping(): boolean;
  /** It has an area on the page. */
  isShown(): boolean;
  /** Lines between what is shown and the end; 0: it follows the output. */
  scrolledUpBy(): number;
  /** Of one character, in CSS px; undefined until it was drawn once. */
  cellSize(): { width: number; height: number } | undefined;
  /** The Tab key moves the focus, or goes to the shell again. */
  toggleTabKey(): void;
  /** Tries to reconnect at once, if it is waiting to. */
  retryNow(): void;
  /** Ends the shell in AWS. Rejects when that was refused or nobody answered. */
  end(): Promise<void>;
  /** Lets go of everything in this page; never ends the shell. */
  dispose(): void;
  /** Colours, or what the person chose of font and the like, changed. */
  applyLook(): void;
}

/** Makes a terminal: `existing` is re-attached, otherwise a new session starts once the size is known. */
export type TerminalFactory<T extends WorkspaceTerminal> = (target: TabTarget, existing: Session | undefined) => T;

/** A shell runs, or may run, behind it. */
export function isLive(terminal: WorkspaceTerminal | undefined): boolean {
  const kind = terminal?.getStatus().kind;
  return kind !== undefined && kind !== "ended" && kind !== "failed";
}

/** Closing it must end a session in AWS: also one that this page failed to show. */
export function holdsSession(terminal: WorkspaceTerminal): boolean {
  const { kind } = terminal.getStatus();
  return kind !== "ended" && (kind !== "failed" || terminal.sessionId !== undefined);
}
