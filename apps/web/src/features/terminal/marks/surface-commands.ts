/** The commands of one emulator on the page: reads its shell's marks, draws them, and goes from one to the next. */
import type { Terminal } from "@xterm/xterm";
import type { SurfaceEvents } from "../surface.ts";
import { CommandGutter } from "./command-gutter.ts";
import { CommandMarks, type CommandMarksEvents, type MarkedCommand } from "./command-marks.ts";
import { shellMark } from "./shell-mark.ts";

/** Source: see shell-mark.ts. */
const MARK_OSCS = [133, 633];

/** Where a jump led: the n-th of so many. */
export interface CommandPlace {
  command: MarkedCommand;
  ordinal: number;
  count: number;
}

/** What a session does with the commands of its terminal. */
export interface TerminalCommands {
  /** The command before (-1) or after (1) the one gone to last, else before the end; undefined: there is none. */
  jump(step: -1 | 1): CommandPlace | undefined;
  /** A person types: she is at the end again. */
  leave(): void;
  /** See `CommandMarks`. */
  lastOutput(): string | undefined;
  readonly isRunning: boolean;
  readonly isMarked: boolean;
  /** The cursor's line left of it, over all rows; undefined in the alternate screen. */
  lineToCursor(): string | undefined;
}

export class SurfaceCommands implements TerminalCommands {
  readonly #terminal: Terminal;
  readonly #marks: CommandMarks;
  readonly #gutter: CommandGutter;
  #chosen: MarkedCommand | undefined;

  constructor(
    terminal: Terminal,
    events: Pick<SurfaceEvents, "isParsingLive" | "clock" | "onCommandEnded">,
    textOf: CommandMarksEvents["textOf"],
  ) {
    this.#terminal = terminal;
    this.#gutter = new CommandGutter(terminal);
    this.#marks = new CommandMarks(terminal, {
      textOf,
      isParsingLive: () => events.isParsingLive(),
      nowMs: () => events.clock.nowMs(),
      onEnded: (end) => events.onCommandEnded(end),
      onChanged: (command) => this.#gutter.show(command),
    });
    for (const osc of MARK_OSCS)
      terminal.parser.registerOscHandler(osc, (data) => {
        const mark = shellMark(data);
        if (mark) this.#marks.handle(mark);
        return true;
      });
    terminal.parser.registerEscHandler({ final: "c" }, () => {
      this.reset();
      return false; // the emulator's own handler goes on
    });
  }

  jump(step: -1 | 1): CommandPlace | undefined {
    const commands = this.#marks.all();
    const from = this.#chosen === undefined ? -1 : commands.indexOf(this.#chosen);
    const at = from === -1 ? (step === -1 ? commands.length - 1 : commands.length) : from + step;
    const command = commands[Math.max(0, at)];
    this.#choose(command);
    if (command === undefined) {
      this.#terminal.scrollToBottom(); // after the newest one is the end
      return undefined;
    }
    this.#terminal.scrollToLine(command.prompt.line);
    return { command, ordinal: commands.indexOf(command) + 1, count: commands.length };
  }

  leave(): void {
    if (this.#chosen !== undefined) this.#choose(undefined);
  }

  lastOutput(): string | undefined {
    return this.#marks.lastOutput();
  }

  get isRunning(): boolean {
    return this.#marks.isRunning;
  }

  get isMarked(): boolean {
    return this.#marks.isMarked;
  }

  lineToCursor(): string | undefined {
    const { active } = this.#terminal.buffer;
    if (active.type === "alternate") return undefined;
    let row = active.baseY + active.cursorY;
    let text = active.getLine(row)?.translateToString(false, 0, active.cursorX) ?? "";
    for (; row > 0 && active.getLine(row)?.isWrapped; row--)
      text = (active.getLine(row - 1)?.translateToString(false) ?? "") + text;
    return text;
  }

  /** The emulator was cleared. */
  reset(): void {
    this.#chosen = undefined;
    this.#gutter.choose(undefined);
    this.#marks.reset();
  }

  #choose(command: MarkedCommand | undefined): void {
    this.#chosen = command;
    this.#gutter.choose(command);
  }
}
