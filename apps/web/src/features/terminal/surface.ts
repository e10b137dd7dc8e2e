/** What a terminal session needs of an emulator on the page, and what that tells it: no word of the emulator's own types. */
import type { GridView } from "./grid-view.ts";
import type { LinkTarget } from "./links/terminal-links.ts";
import type { CommandEnd } from "./marks/command-marks.ts";
import type { TerminalCommands } from "./marks/surface-commands.ts";
import type { ProgramProgress } from "./output/program-progress.ts";
import type { Emulator } from "./output-writer.ts";
import type { Emitted } from "./reply-filter.ts";
import type { TerminalTools } from "./surface-tools.ts";
import type { TerminalSettings } from "./terminal-settings.ts";
import type { TerminalClock } from "./terminal-types.ts";

export interface SurfaceEvents {
  /** Asked by the reply filter: are the bytes being parsed live? */
  isParsingLive(): boolean;
  /** The emulator emitted bytes. `keys`: how many keys a person would count. */
  onEmit(origin: Emitted, bytes: Uint8Array, keys: number): void;
  /** A key before it reaches the shell. @returns true when it was used up (Enter on an ended session) */
  onKeyDown(event: KeyboardEvent): boolean;
  /** Does the Tab key move the focus instead of going to the shell? */
  tabMovesFocus(): boolean;
  /** Text that a person pasted, as the clipboard had it. */
  onPaste(text: string): void;
  onTitle(title: string): void;
  readonly clock: TerminalClock;
  /** @param step px larger, or smaller */
  onFontSize(step: number): void;
  /** The shell marks the end of a command that this page saw begin. */
  onCommandEnded(end: CommandEnd): void;
  onBell(): void;
  onProgress(progress: ProgramProgress | undefined): void;
  /** A program wants this in the clipboard. */
  onProgramCopy(text: string): void;
  /** A link was clicked to be opened. @param isPlain its text says where it goes */
  onLink(link: LinkTarget, isPlain: boolean): void;
  /** As chosen right now. */
  settings(): TerminalSettings;
  /** The host was laid out anew, appeared or disappeared. */
  onLayout(): void;
}

export interface Surface extends Emulator {
  readonly tools?: TerminalTools;
  readonly view?: GridView;
  /** What the shell marks of its commands. */
  readonly commands?: TerminalCommands;
  attach(host: HTMLElement): () => void;
  focus(): void;
  /** Colours, font and whatever else the person chose, as it is now. */
  applyLook(): void;
  /** Keys reach no shell right now: the cursor is an outline. */
  setAway(isAway: boolean): void;
  /** Marks where a gap was, over the text. @returns false where there is no place for it (alternate screen) */
  markReturn(words: string, tone: "ok" | "warn"): boolean;
  /** The size that fits the host; undefined while nothing is shown. */
  fitSize(): { cols: number; rows: number } | undefined;
  /** Of one character, in CSS px; undefined until it was drawn once. */
  cellSize(): { width: number; height: number } | undefined;
  /** A full-screen program has the screen. */
  isAlternateScreen(): boolean;
  /** The program takes a paste as one text. */
  isBracketedPaste(): boolean;
  /** The program wants arrow keys in their application form. */
  isApplicationCursor(): boolean;
  /** Is it on the page, with an area? */
  readonly isShown: boolean;
  readonly cols: number;
  readonly rows: number;
  /** Lines between what is shown and the end; 0: it follows the output. */
  scrolledUpBy(): number;
  /** Shows what lies so many lines above the end, or the oldest there is. */
  scrollUpTo(lines: number): void;
  /** All lines, scrollback included. */
  lines(): string[];
  /** The screen with its attributes, as text (grid-text.ts). */
  grid(): string;
  dispose(): void;
}
