/**
 * The commands of a terminal, as its shell marks them: where each prompt stands, where its output is, how it ended. Follows the
 * text through scrolling and rewrapping, and forgets a command with its lines. Draws nothing; knows no session.
 */
import type { IBuffer, IMarker, Terminal } from "@xterm/xterm";
import type { ShellMark } from "./shell-mark.ts";

/** Commands kept; the oldest goes. Each costs the emulator up to three places that it moves with every line that scrolls out. */
export const COMMANDS_MAX = 300;

export type CommandState = "running" | "ended";

export interface MarkedCommand {
  /** First line of its prompt. */
  readonly prompt: IMarker;
  readonly state: CommandState;
  readonly exitCode?: number;
  /** From its start to its end, as this page saw both happen. */
  readonly tookMs?: number;
}

export interface CommandEnd {
  exitCode?: number;
  tookMs: number;
}

export interface CommandMarksEvents {
  /** Rows first to last (exclusive; default: all) as lines, see `exportText`. */
  textOf(buffer: IBuffer, first: number, last?: number): string;
  /** Do the bytes being parsed happen now, or are they shown again? */
  isParsingLive(): boolean;
  nowMs(): number;
  /** A command that this page saw begin is over. */
  onEnded(end: CommandEnd): void;
  /** It begins, or ends: what shows it is to be made or made anew. */
  onChanged(command: MarkedCommand): void;
}

/** Of the browser's emulator and the headless one. */
export interface MarkedTerminal extends Pick<Terminal, "buffer"> {
  registerMarker(cursorYOffset?: number): IMarker | undefined;
}

interface Command {
  prompt: IMarker;
  state: "prompt" | CommandState;
  output?: IMarker;
  end?: Place;
  startedAtMs?: number;
  exitCode?: number;
  tookMs?: number;
}

/** Between the characters of a line. */
interface Place {
  marker: IMarker;
  /** Characters before it in its line, over all rows that it is wrapped to: rewrapping does not change that. */
  characters: number;
}

export class CommandMarks {
  readonly #terminal: MarkedTerminal;
  readonly #events: CommandMarksEvents;
  #commands: Command[] = [];

  constructor(terminal: MarkedTerminal, events: CommandMarksEvents) {
    this.#terminal = terminal;
    this.#events = events;
  }

  handle(mark: ShellMark): void {
    if (this.#terminal.buffer.active.type === "alternate") return; // a full-screen program's own, perhaps another shell's
    const last = this.#commands.at(-1);
    if (mark.kind === "prompt") this.#begin();
    else if (mark.kind === "input" && (last === undefined || last.state === "ended")) this.#begin();
    else if (mark.kind === "output" && last?.state !== "running") this.#run();
    else if (mark.kind === "done" && last?.state === "running") this.#end(last, mark.exitCode);
  }

  /** Those that were sent off and whose prompt still stands in the terminal, oldest first. */
  all(): MarkedCommand[] {
    return this.#commands.filter(isSent).filter(({ prompt }) => !prompt.isDisposed);
  }

  /** A command was sent off and has not ended, as far as the shell says. */
  get isRunning(): boolean {
    return this.#commands.at(-1)?.state === "running";
  }

  /** The shell marks its commands. */
  get isMarked(): boolean {
    return this.#commands.length > 0;
  }

  /** What the newest command printed, or has printed so far; undefined: there is none, or its text is gone. */
  lastOutput(): string | undefined {
    const at = this.#commands.findLastIndex(isSent);
    const command = this.#commands[at];
    if (command === undefined || command.end?.marker.isDisposed) return undefined;
    return this.#text(this.#firstRow(command, at), command.end);
  }

  /** The terminal was cleared from outside, or by a program: its lines are others. */
  reset(): void {
    for (const command of this.#commands.splice(0)) dispose(command);
  }

  /** A prompt where no command was sent off is no command: it goes when the next one comes. */
  #begin(): void {
    const last = this.#commands.at(-1);
    if (last?.state === "running") this.#end(last, undefined);
    if (last?.state === "prompt") {
      if (!last.prompt.isDisposed && last.prompt.line === this.#cursorRow) return; // drawn anew
      this.#commands.pop();
      dispose(last);
    }
    this.#add({ prompt: this.#mark(), state: "prompt" });
  }

  #run(): void {
    let command = this.#commands.at(-1);
    if (command?.state !== "prompt" || command.prompt.isDisposed) {
      if (command?.state === "prompt") this.#commands.pop();
      command = { prompt: this.#mark(), state: "prompt" };
      this.#add(command);
    }
    command.state = "running";
    command.output = this.#mark();
    if (this.#events.isParsingLive()) command.startedAtMs = this.#events.nowMs();
    if (isSent(command)) this.#events.onChanged(command);
  }

  #end(command: Command, exitCode: number | undefined): void {
    const { active } = this.#terminal.buffer;
    command.state = "ended";
    command.end = { marker: this.#mark(), characters: charactersBefore(active, this.#cursorRow, active.cursorX) };
    if (exitCode !== undefined) command.exitCode = exitCode;
    const isSeen = command.startedAtMs !== undefined && this.#events.isParsingLive();
    if (isSeen) command.tookMs = Math.max(0, this.#events.nowMs() - (command.startedAtMs ?? 0));
    if (isSent(command)) this.#events.onChanged(command);
    if (command.tookMs === undefined) return;
    this.#events.onEnded({ tookMs: command.tookMs, ...(exitCode === undefined ? {} : { exitCode }) });
  }

  #add(command: Command): void {
    this.#commands.push(command);
    const [oldest] = this.#commands;
    if (oldest && this.#commands.length > COMMANDS_MAX) {
      this.#commands.shift();
      dispose(oldest);
    }
  }

  /** The place where the output began may be gone: scrolled out with the lines before it, or erased. */
  #firstRow(command: Command, at: number): number {
    if (command.output !== undefined && !command.output.isDisposed) return command.output.line;
    const before = this.#commands.slice(0, at).findLast(({ end }) => end?.marker.isDisposed === false);
    return before?.end === undefined ? 0 : before.end.marker.line + 1;
  }

  /** @param end undefined: all there is */
  #text(first: number, end: Place | undefined): string {
    const { normal } = this.#terminal.buffer;
    if (end === undefined) return this.#events.textOf(normal, first);
    const { line: row } = end.marker;
    if (end.characters === 0) return this.#events.textOf(normal, first, row);
    let last = row;
    while (normal.getLine(last + 1)?.isWrapped) last++;
    const lines = this.#events
      .textOf(normal, first, last + 1)
      .replace(/\n$/, "")
      .split("\n");
    lines.push((lines.pop() ?? "").slice(0, end.characters));
    return lines.join("\n");
  }

  #mark(): IMarker {
    const marker = this.#terminal.registerMarker(0);
    if (marker === undefined) throw new Error("the emulator gave no marker for its cursor's line");
    return marker;
  }

  get #cursorRow(): number {
    const { baseY, cursorY } = this.#terminal.buffer.active;
    return baseY + cursorY;
  }
}

type Sent = Command & { state: CommandState };

function isSent(command: Command): command is Sent {
  return command.state !== "prompt";
}

function dispose({ prompt, output, end }: Command): void {
  prompt.dispose();
  output?.dispose();
  end?.marker.dispose();
}

function charactersBefore(buffer: IBuffer, row: number, column: number): number {
  let characters = buffer.getLine(row)?.translateToString(false, 0, column).length ?? 0;
  for (let at = row; at > 0 && buffer.getLine(at)?.isWrapped; at--)
    characters += buffer.getLine(at - 1)?.translateToString(false).length ?? 0;
  return characters;
}
