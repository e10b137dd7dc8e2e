/**
 * Finding text in a terminal, scrollback included: what is found is marked in place and beside the scrollbar.
 * Looks through lines as programs printed them, from the newest to the oldest and in steps, so that the page stays alive.
 */
import type { IDecoration, IDisposable, IMarker, Terminal } from "@xterm/xterm";
import { type GridPart, linesAbove, partsOf } from "./buffer-lines.ts";
import { type LineMatcher, WorkerMatcher } from "./line-matcher.ts";
import { patternOf, type SearchQuery } from "./pattern.ts";

/** Matches marked and counted, the newest; of more it is said that there are more. */
export const MATCHES_MAX = 1_000;

/** Read and looked through at once, between two turns of the page. */
export const STEP_ROWS = 2_000;

/**
 * Matches are marked beside the text, over the emulator's scrollbar and as wide as it (which the fitting counts with), in CSS px.
 * Not before somebody searches: a terminal that has this ruler makes the page lay itself out with each of its frames.
 */
const RULER = { width: 14 } as const;

/** After output has come to rest it is looked through again. */
export const REST_MS = 200;

export type SearchResult =
  | { kind: "none" }
  /** The pattern cannot be read. */
  | { kind: "invalid" }
  /** The pattern takes too long. */
  | { kind: "slow" }
  /** What looks for text could not be loaded. */
  | { kind: "unavailable" }
  /** `index`: from 0 on, oldest first. `hasMore`: there are older ones, neither marked nor counted. */
  | { kind: "found"; index: number; count: number; hasMore: boolean };

/** What is needed of the emulator. */
export type SearchedTerminal = Pick<
  Terminal,
  | "buffer"
  | "options"
  | "rows"
  | "cols"
  | "registerMarker"
  | "registerDecoration"
  | "select"
  | "clearSelection"
  | "scrollLines"
  | "onWriteParsed"
  | "onResize"
>;

interface Timers {
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

/** A match keeps its place by its marker while lines are dropped above it. */
interface Match {
  marker: IMarker;
  column: number;
  /** Cells from the first to the last, over rows. */
  length: number;
  parts: readonly Mark[];
}

interface Mark extends GridPart {
  marker: IMarker;
  decoration: IDecoration | undefined;
}

type Step = "as-typed" | "older" | "newer";

export class TerminalSearch {
  readonly #terminal: SearchedTerminal;
  readonly #token: (name: string) => string;
  readonly #timers: Timers;
  readonly #newMatcher: () => LineMatcher;
  #matcher: LineMatcher | undefined;
  #onResult: ((result: SearchResult) => void) | undefined;
  #query: SearchQuery | undefined;
  /** Newest first. */
  #matches: Match[] = [];
  #hasMore = false;
  #active = -1;
  #activeMarks: IDecoration[] = [];
  /** Which run is the newest: an older one that is still under way has nothing to say any more. */
  #run = 0;
  /** Steps asked for while it is being looked for: taken once it is found. */
  #steps: Exclude<Step, "as-typed">[] = [];
  #isRunning = false;
  /** The person wants to see what is found; otherwise output came, and nothing moves. */
  #isAsked = false;
  #restTimer: number | undefined;
  #listening: IDisposable[] = [];

  /** @param token value of a custom property of the design, as `#rrggbb` */
  constructor(
    terminal: SearchedTerminal,
    token: (name: string) => string,
    newMatcher: () => LineMatcher = () => new WorkerMatcher(),
    timers: Timers = window,
  ) {
    this.#terminal = terminal;
    this.#token = token;
    this.#newMatcher = newMatcher;
    this.#timers = timers;
  }

  /** One at a time: told of every new count, also when output changes it. @returns leaves off, and takes the marks away */
  begin(onResult: (result: SearchResult) => void): () => void {
    this.#stop();
    this.#onResult = onResult;
    this.#terminal.options.overviewRuler = RULER;
    this.#listening = [
      this.#terminal.onWriteParsed(() => this.#changed()),
      this.#terminal.onResize(() => this.#rearranged()),
      this.#terminal.buffer.onBufferChange(() => this.#rearranged()),
    ];
    return () => {
      if (this.#onResult === onResult) this.#stop();
    };
  }

  /** @param step `as-typed` stays on the match that still fits */
  find(query: SearchQuery, step: Step): void {
    if (this.#onResult === undefined) return;
    if (step !== "as-typed" && this.#query !== undefined && isSame(query, this.#query)) {
      // a person presses Enter a few times while it is looked for; more than that is a key held down
      if (this.#isRunning) this.#steps = [...this.#steps, step].slice(0, STEPS_MAX);
      else this.#go(step);
      return;
    }
    this.#query = query;
    this.#steps = [];
    this.#isAsked = true;
    void this.#look(query);
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    this.#onResult = undefined;
    this.#run++;
    this.#isRunning = false;
    this.#isAsked = false;
    this.#steps = [];
    this.#query = undefined;
    for (const listening of this.#listening) listening.dispose();
    this.#listening = [];
    this.#timers.clearTimeout(this.#restTimer ?? 0);
    this.#matcher?.dispose();
    this.#matcher = undefined;
    if (this.#matches.length > 0) this.#terminal.clearSelection();
    this.#take([], false);
  }

  #changed(): void {
    this.#timers.clearTimeout(this.#restTimer ?? 0);
    this.#restTimer = this.#timers.setTimeout(() => {
      if (this.#query !== undefined) void this.#look(this.#query);
    }, REST_MS);
  }

  /** Rows are counted anew: what is being looked through is not there any more. */
  #rearranged(): void {
    this.#run++;
    this.#changed();
  }

  async #look(query: SearchQuery): Promise<void> {
    const run = ++this.#run;
    const pattern = query.text === "" ? undefined : patternOf(query);
    if (pattern === undefined) return this.#nothing(query.text === "" ? "none" : "invalid");
    this.#isRunning = true;
    const buffer = this.#terminal.buffer.active;
    const matches: Match[] = [];
    this.#matcher ??= this.#newMatcher();
    for (let endRow = buffer.length; endRow > 0 && matches.length <= MATCHES_MAX; ) {
      // lines that are dropped above while the worker looks move all others up, and this mark with them
      const anchor = this.#terminal.registerMarker(0);
      const anchoredAt = anchor.line;
      const { lines, firstRow } = linesAbove(buffer, endRow, STEP_ROWS);
      const texts = lines.map(({ text }) => text);
      const answer = await this.#matcher.match(pattern, texts, MATCHES_MAX + 1 - matches.length);
      const droppedRows = anchor.isDisposed ? Number.NaN : anchoredAt - anchor.line;
      anchor.dispose();
      if (run !== this.#run) return unmark(matches);
      if (answer.kind !== "matched") {
        unmark(matches);
        return this.#nothing(answer.kind);
      }
      if (Number.isNaN(droppedRows)) break; // the screen was cleared meanwhile: `#changed` looks again
      for (let at = 0; at < answer.matches.length; at += 3) {
        const [index = 0, start = 0, end = 0] = answer.matches.slice(at, at + 3);
        const line = lines[index];
        if (line === undefined) continue;
        const match = this.#mark(partsOf(buffer, { ...line, firstRow: line.firstRow - droppedRows }, start, end));
        if (match !== undefined) matches.push(match);
      }
      endRow = firstRow - droppedRows;
    }
    this.#isRunning = false;
    this.#found(matches);
  }

  #found(matches: Match[]): void {
    const before = this.#matches[this.#active];
    const at = before && !before.marker.isDisposed ? { row: before.marker.line, column: before.column } : undefined;
    unmark(matches.slice(MATCHES_MAX));
    this.#take(matches.slice(0, MATCHES_MAX), matches.length > MATCHES_MAX);
    const isMoving = this.#isAsked;
    this.#isAsked = false;
    if (matches.length === 0) {
      if (isMoving) this.#terminal.clearSelection();
      this.#onResult?.({ kind: "none" });
      return;
    }
    const fits = ({ marker, column }: Match): boolean =>
      at !== undefined && (marker.line < at.row || (marker.line === at.row && column <= at.column));
    this.#active = Math.max(0, this.#matches.findIndex(fits));
    this.#show(isMoving);
    for (const step of this.#steps.splice(0)) this.#go(step);
  }

  #go(step: Exclude<Step, "as-typed">): void {
    const count = this.#matches.length;
    if (count === 0) return;
    this.#active = (this.#active + (step === "older" ? 1 : count - 1)) % count;
    this.#show(true);
  }

  #nothing(kind: "none" | "invalid" | "slow" | "unavailable"): void {
    this.#isRunning = false;
    this.#isAsked = false;
    this.#steps = [];
    this.#take([], false);
    this.#terminal.clearSelection();
    this.#onResult?.({ kind });
  }

  /** The marks of the matches before go, those of the new ones stand already. */
  #take(matches: Match[], hasMore: boolean): void {
    unmark(this.#matches);
    this.#unmarkActive();
    this.#matches = matches;
    this.#hasMore = hasMore;
    this.#active = -1;
  }

  #mark(parts: readonly GridPart[]): Match | undefined {
    const { buffer, cols } = this.#terminal;
    const marks = parts.flatMap((part) => {
      if (part.row < 0) return []; // dropped meanwhile
      const marker = this.#terminal.registerMarker(part.row - buffer.active.baseY - buffer.active.cursorY);
      const decoration = this.#decorate(marker, part, "--amber-5", "--amber-8");
      return [{ ...part, marker, decoration }];
    });
    const first = marks[0];
    const last = marks.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const length = (last.row - first.row) * cols + last.column + last.width - first.column;
    return { marker: first.marker, column: first.column, length, parts: marks };
  }

  #decorate(marker: IMarker, part: GridPart, background: string, ruler: string): IDecoration | undefined {
    return this.#terminal.registerDecoration({
      marker,
      x: part.column,
      width: part.width,
      backgroundColor: this.#token(background),
      overviewRulerOptions: { color: this.#token(ruler), position: "center" },
    });
  }

  #show(isMoving: boolean): void {
    this.#unmarkActive();
    const match = this.#matches[this.#active];
    if (match === undefined) return;
    const row = match.marker.line;
    for (const part of match.parts) {
      const mark = this.#decorate(part.marker, part, "--amber-8", "--amber-11");
      if (mark !== undefined) this.#activeMarks.push(mark);
    }
    if (isMoving && row >= 0) {
      this.#terminal.select(match.column, row, match.length);
      const { viewportY } = this.#terminal.buffer.active;
      const { rows } = this.#terminal;
      if (row < viewportY || row >= viewportY + rows) {
        this.#terminal.scrollLines(row - viewportY - Math.floor(rows / 2));
      }
    }
    const count = this.#matches.length;
    this.#onResult?.({ kind: "found", index: count - 1 - this.#active, count, hasMore: this.#hasMore });
  }

  #unmarkActive(): void {
    for (const mark of this.#activeMarks.splice(0)) mark.dispose();
  }
}

function unmark(matches: readonly Match[]): void {
  for (const { parts } of matches) {
    for (const { decoration, marker } of parts) {
      decoration?.dispose();
      marker.dispose();
    }
  }
}

/** Steps remembered while it is being looked for. */
const STEPS_MAX = 20;

function isSame(a: SearchQuery, b: SearchQuery): boolean {
  return a.text === b.text && a.isRegex === b.isRegex && a.isCaseSensitive === b.isCaseSensitive;
}
