/**
 * A terminal without a screen: fed with a session's output and size changes in the order of its log, it gives checkpoints.
 * Synchronous inside, and never resident: one per session for as long as it is worked on.
 */
import headless from "@xterm/headless";
import { CharsetNames } from "./charsets.ts";
import { type CheckpointSource, writeCheckpoint } from "./checkpoint-writer.ts";
import { describeTerminal, type TerminalDescription } from "./describe.ts";
import { LinkBook } from "./links.ts";
import { MarkBook } from "./mark-book.ts";
import { ChangedColors } from "./palette.ts";
import { ParserWatch } from "./parser-watch.ts";
import { isReachable } from "./reachable.ts";
import { useSameUnicode } from "./same-terminal.ts";
import { type Internals, internalsOf } from "./terminal-internals.ts";
import { WholeUtf8 } from "./whole-utf8.ts";

/** Lines kept above the screen, as the page keeps. At the bound the oldest is dropped. */
export const CHECKPOINT_SCROLLBACK_LINES = 10_000;

export interface TerminalModelOptions {
  /** Columns, at least 2. */
  cols: number;
  /** Lines, at least 1. */
  rows: number;
  /**
   * Default: `CHECKPOINT_SCROLLBACK_LINES`. At least 1: without any the emulator still keeps a line above the screen
   * after some size changes, and no sequences lead there.
   */
  scrollbackLines?: number;
}

export class TerminalModel {
  readonly #terminal: InstanceType<typeof headless.Terminal>;
  readonly #source: CheckpointSource;
  readonly #scrollbackLines: number;
  readonly #whole = new WholeUtf8();
  readonly #watch = new ParserWatch();
  readonly #encoder = new TextEncoder();
  #approximatedCells = 0;
  #linesPushed = 0;

  /** @throws RangeError for a size or scrollback below its least */
  constructor({ cols, rows, scrollbackLines = CHECKPOINT_SCROLLBACK_LINES }: TerminalModelOptions) {
    requireWhole("cols", cols, 2);
    requireWhole("rows", rows, 1);
    requireWhole("scrollbackLines", scrollbackLines, 1);
    this.#scrollbackLines = scrollbackLines;
    this.#terminal = new headless.Terminal({
      allowProposedApi: true, // unicode graphemes
      cols,
      rows,
      scrollback: scrollbackLines,
      logLevel: "off", // its debug level prints output
    });
    useSameUnicode(this.#terminal);
    const internals = internalsOf(this.#terminal);
    const charsets = new CharsetNames(internals);
    this.#source = {
      internals,
      charsets,
      links: new LinkBook(internals),
      colors: new ChangedColors(internals),
      marks: new MarkBook(this.#terminal, internals),
    };
    this.#terminal.parser.registerOscHandler(8, this.#source.links.handle);
    this.#countPushedLines(internals._bufferService.buffers);
  }

  /** Parses output. Has parsed it when it returns; the promise is there for a terminal that would take its time. */
  write(bytes: Uint8Array): Promise<void> {
    this.#parse(bytes);
    return Promise.resolve();
  }

  /**
   * Parses up to the last place in `bytes` where nothing is open, for a checkpoint right there.
   * @returns how many were parsed; the others are not, and are the caller's to write next. 0: all of them lie inside one
   * sequence, string or character
   */
  writeToLastBoundary(bytes: Uint8Array): number {
    const ahead = this.#watch.clone();
    ahead.push(bytes);
    const count = Math.max(0, ahead.groundAt - this.#watch.bytes);
    if (count > 0) this.#parse(bytes.subarray(0, count));
    return count;
  }

  /** What the log says between bytes: the terminal has another size from here on. */
  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** Lines that left the screen into the scrollback so far, those included that it has dropped since. */
  get linesPushed(): number {
    return this.#linesPushed;
  }

  /** Bytes written so far. */
  get bytesWritten(): number {
    return this.#watch.bytes;
  }

  /**
   * The latest count of bytes written after which no sequence, string or character was open. However long an unterminated
   * string grows, this stays at its beginning: a checkpoint made there, and the bytes after it, are the state.
   */
  get lastBoundary(): number {
    return this.#watch.groundAt;
  }

  /** May a checkpoint be taken? Not inside a sequence, string or character, nor in a state that no sequences lead to. */
  get isAtBoundary(): boolean {
    return (
      this.#whole.heldBytes === 0 &&
      this.#source.internals._inputHandler._parser.currentState === 0 &&
      isReachable(this.#source)
    );
  }

  /**
   * Bytes (UTF-8) that bring a new or reset terminal of this size, with the same Unicode rules, to exactly this state. At
   * most `CHECKPOINT_BYTES_MAX`; they hold nothing that a terminal answers.
   * @param what "screen": current grid of both buffers and all modes, no scrollback. Bytes that follow lead to the same screen
   * as everything from the start, until the window changes its size, or a cursor is restored that was saved before the
   * scrollback was full or erased: both reach for lines that are not there.
   * @throws Error when not `isAtBoundary`
   */
  checkpoint(what: "all" | "screen" = "all"): Uint8Array {
    if (!this.isAtBoundary) throw new Error("a checkpoint needs a boundary: a sequence or character is not whole");
    const lines = what === "all" ? this.#scrollbackLines : 0;
    const { text, approximatedCells } = writeCheckpoint(this.#source, lines);
    this.#approximatedCells = approximatedCells;
    return this.#encoder.encode(text);
  }

  /**
   * In the last checkpoint: cells that no sequence leads to and that are blank in it. 0 for all that programs do on
   * purpose; random bytes get there by chains of faults of the emulator around half-overwritten wide characters.
   */
  get approximatedCells(): number {
    return this.#approximatedCells;
  }

  /** The state as a comparable value, for tests. */
  describe(what: "all" | "screen" = "all"): TerminalDescription {
    return describeTerminal(this.#source, what);
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  /** A change of screens is told as a scroll, too; in the other screen, and below a region's top, what scrolls out is gone. */
  #countPushedLines(buffers: Internals["_bufferService"]["buffers"]): void {
    let wasNormal = true;
    this.#terminal.onScroll(() => {
      const isNormal = buffers.active === buffers.normal;
      if (isNormal && wasNormal && buffers.normal.scrollTop === 0) this.#linesPushed++;
      wasNormal = isNormal;
    });
  }

  #parse(bytes: Uint8Array): void {
    this.#watch.push(bytes);
    const whole = this.#whole.take(bytes);
    if (whole.length > 0) this.#source.internals._inputHandler.parse(whole);
  }
}

function requireWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`a terminal model needs a whole number of ${name}, at least ${least}: ${value}`);
}

/** A model that goes on where the checkpoint was made. The size is the one it was made at. */
export async function restoreModel(
  checkpoint: Uint8Array,
  cols: number,
  rows: number,
  scrollbackLines: number = CHECKPOINT_SCROLLBACK_LINES,
): Promise<TerminalModel> {
  const model = new TerminalModel({ cols, rows, scrollbackLines });
  await model.write(checkpoint);
  return model;
}
