/**
 * Reads output out in screen reader mode: when it rests, what is new since the last time, of the terminal that has the keyboard
 * only. Where the emulator's own announcements are assertive and come with every character, these wait (DESIGN §12).
 */
import type { IMarker, Terminal } from "@xterm/xterm";
import type { TerminalClock } from "../terminal-types.ts";
import { announcedText, withoutEcho } from "./announced-text.ts";

/** Output that pauses so long rests. */
export const ANNOUNCE_REST_MS = 200;
/** Typed characters whose echo is not read out again. */
const TYPED_CHARS_MAX = 1_000;

/** Of the browser's emulator and the headless one. */
export interface ReadTerminal extends Pick<Terminal, "buffer"> {
  registerMarker(cursorYOffset?: number): IMarker | undefined;
}

export interface OutputAnnouncerOptions {
  clock: TerminalClock;
  /** Screen reader mode is on, and this terminal has the keyboard. */
  isHeard(): boolean;
  announce(text: string): void;
}

export class OutputAnnouncer {
  readonly #terminal: ReadTerminal;
  readonly #options: OutputAnnouncerOptions;
  /** The line up to which all was read out; undefined: it begins at the cursor. */
  #line: IMarker | undefined;
  /** What of that line was read out. */
  #said = "";
  #typed = "";
  #timer: number | undefined;
  #parsedAtMs = 0;

  constructor(terminal: ReadTerminal, options: OutputAnnouncerOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  /** From here on: what stands there is not read out. */
  begin(): void {
    this.#moveOn();
  }

  /** A person's key went off. */
  handleTyped(text: string): void {
    if (/^\p{Cc}/u.test(text)) this.#typed = "";
    else this.#typed = (this.#typed + text).slice(-TYPED_CHARS_MAX);
  }

  /** @param isLive false: it was shown before, and is not read out again */
  handleParsed(isLive: boolean): void {
    const { clock, isHeard } = this.#options;
    if (!isLive || !isHeard()) {
      this.#moveOn();
      return;
    }
    this.#parsedAtMs = clock.nowMs();
    this.#timer ??= clock.setTimeout(() => this.#look(), ANNOUNCE_REST_MS);
  }

  /** The emulator was cleared: nothing of it was read out. */
  reset(): void {
    this.stop();
    this.#line?.dispose();
    this.#line = undefined;
    this.#said = "";
  }

  stop(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const { clock, isHeard, announce } = this.#options;
    const leftMs = this.#parsedAtMs + ANNOUNCE_REST_MS - clock.nowMs();
    this.#timer = leftMs > 0 ? clock.setTimeout(() => this.#look(), leftMs) : undefined;
    if (this.#timer !== undefined) return;
    const text = isHeard() ? announcedText(this.#newLines()) : undefined;
    this.#moveOn();
    if (text !== undefined) announce(text);
  }

  /** All up to the cursor counts as read out. */
  #moveOn(): void {
    const { active } = this.#terminal.buffer;
    const row = active.baseY + active.cursorY;
    this.#said = active.getLine(row)?.translateToString(true) ?? "";
    // a marker that stands there already is as good as a new one: floods make none
    if (this.#line === undefined || this.#line.isDisposed || this.#line.line !== row) {
      this.#line?.dispose();
      this.#line = active.type === "normal" ? this.#terminal.registerMarker(0) : undefined;
    }
  }

  #newLines(): string[] {
    const { active } = this.#terminal.buffer;
    const last = active.baseY + active.cursorY;
    // of a full-screen program the line where things happen; what scrolled out since cannot be read any more
    const first = active.type === "alternate" || this.#line === undefined ? last : Math.max(0, this.#line.line);
    const lines: string[] = [];
    for (let row = first; row <= last; row++) {
      const line = active.getLine(row);
      const text = line?.translateToString(!active.getLine(row + 1)?.isWrapped) ?? "";
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    const begun = lines[0] ?? "";
    const added = begun.startsWith(this.#said) ? begun.slice(this.#said.length) : begun;
    lines[0] = withoutEcho(added, this.#typed);
    this.#typed = lines.length > 1 ? "" : this.#typed.slice(added.length);
    return lines;
  }
}
