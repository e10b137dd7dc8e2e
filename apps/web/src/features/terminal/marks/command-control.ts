/**
 * What a person does with the commands of one terminal, and how their ends are learnt: from the shell's marks, or from the
 * prompt that comes back where the shell marks nothing. Sessions and connections are others'.
 */
import type { TerminalClock } from "../terminal-types.ts";
import type { CommandEnd } from "./command-marks.ts";
import { commandWords } from "./command-words.ts";
import { OUTPUT_RESTS_MS, PromptReturn } from "./prompt-return.ts";
import type { TerminalCommands } from "./surface-commands.ts";

export interface CommandControlOptions {
  /** Absent where there is only a model of a terminal. */
  commands: () => TerminalCommands | undefined;
  clock: TerminalClock;
  say(words: string): void;
  /** Rejects where the browser does not let the page. */
  writeClipboard(text: string): Promise<void>;
  onClipboardRefused(): void;
  /** A command is over; the page decides whether anybody is told. */
  onEnded(end: CommandEnd): void;
}

const NO_MARKS = "No commands are marked here. The shell must say where they begin (OSC 133 or 633).";

export class CommandControl {
  readonly #options: CommandControlOptions;
  readonly #guess = new PromptReturn();
  #timer: number | undefined;

  constructor(options: CommandControlOptions) {
    this.#options = options;
  }

  /** Goes to the command before (-1) or after (1). */
  jump(step: -1 | 1): void {
    const { commands, say } = this.#options;
    const known = commands();
    const place = known?.jump(step);
    if (place) say(`Command ${place.ordinal} of ${place.count}: ${commandWords(place.command)}`);
    else if (known?.isMarked) say(step === 1 ? "After the newest command" : "No command yet");
    else say(NO_MARKS);
  }

  /** What the newest command printed goes into the clipboard. */
  copyLastOutput(): void {
    const { commands, say, writeClipboard, onClipboardRefused } = this.#options;
    const known = commands();
    const text = known?.lastOutput();
    if (text === undefined) say(known?.isMarked ? "No command has printed anything yet" : NO_MARKS);
    else if (text === "") say("The last command printed nothing");
    else
      writeClipboard(text).then(() => {
        const lines = text.replace(/\n$/, "").split("\n").length;
        say(`Copied ${lines === 1 ? "1 line" : `${lines.toLocaleString("en")} lines`} of output`);
      }, onClipboardRefused);
  }

  /** A command runs, as far as the shell's marks say. */
  get isRunning(): boolean {
    return this.#options.commands()?.isRunning === true;
  }

  /** A person's keys, before they leave. */
  handleTyped(bytes: Uint8Array): void {
    const { clock, commands } = this.#options;
    const known = commands();
    known?.leave();
    const line = known?.isMarked ? undefined : known?.lineToCursor();
    if (line !== undefined) this.#guess.handleTyped(bytes, line, clock.nowMs());
  }

  /** Output came; it may not have been parsed yet. */
  handleOutput(): void {
    if (!this.#guess.isWaiting) return;
    const { clock } = this.#options;
    this.#guess.handleOutput(clock.nowMs());
    // one timer, however much comes: it looks again when it finds that output went on
    this.#timer ??= clock.setTimeout(() => this.#look(clock.nowMs()), OUTPUT_RESTS_MS);
  }

  /** The shell's marks say so. */
  handleMarkedEnd(end: CommandEnd): void {
    this.#guess.restart();
    this.#options.onEnded(end);
  }

  /** Another session in the same terminal. */
  restart(): void {
    this.stop();
    this.#guess.restart();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(nowMs: number): void {
    this.#timer = undefined;
    const known = this.#options.commands();
    if (known?.isMarked) this.#guess.restart();
    if (!this.#guess.isWaiting) return;
    const restsForMs = nowMs - this.#guess.lastOutputAtMs;
    if (restsForMs < OUTPUT_RESTS_MS) {
      this.#timer = this.#options.clock.setTimeout(
        () => this.#look(this.#options.clock.nowMs()),
        OUTPUT_RESTS_MS - restsForMs,
      );
      return;
    }
    const line = known?.lineToCursor();
    const end = line === undefined ? undefined : this.#guess.handleRest(line);
    if (end) this.#options.onEnded(end);
  }
}
