/** Sizes, notices and the end of a log, by offset: the part that every implementation keeps in memory. */
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { LogMark, TerminalSize } from "./session-log.ts";

/** Sizes and notices kept per session. At the bound the oldest is dropped; the size in force stays known. */
export const MARKS_MAX = 4_096;

export class LogMarks {
  #marks: { offset: number; mark: LogMark }[] = [];
  /** Number of the first mark in `#marks`. */
  #first = 0;
  /** Size in force before the first mark kept. */
  #sizeBefore: TerminalSize;

  constructor(size: TerminalSize) {
    this.#sizeBefore = size;
  }

  /** Number of the oldest mark kept. */
  get first(): number {
    return this.#first;
  }
  get isEnded(): boolean {
    return this.#marks.at(-1)?.mark.kind === "end";
  }
  get end(): SessionEnd | undefined {
    const newest = this.#marks.at(-1)?.mark;
    return newest?.kind === "end" ? newest.end : undefined;
  }

  push(offset: number, mark: LogMark): void {
    this.#marks.push({ offset, mark });
    if (this.#marks.length > MARKS_MAX) this.#drop();
  }

  /** The bytes before `offset` are gone. */
  dropBefore(offset: number): void {
    while (this.#marks[0] !== undefined && this.#marks[0].offset < offset) this.#drop();
  }

  sizeAt(offset: number): TerminalSize {
    for (let index = this.#after(offset) - 1; index >= 0; index--) {
      const mark = this.#marks[index]?.mark;
      if (mark?.kind === "size") return { cols: mark.cols, rows: mark.rows };
    }
    return this.#sizeBefore;
  }

  /** Number of the first mark behind `offset`; of the end, if that is all there is. */
  numberAfter(offset: number): number {
    const after = this.#after(offset);
    const endIsSkipped = this.isEnded && after === this.#marks.length;
    return this.#first + after - (endIsSkipped ? 1 : 0);
  }

  /** The mark with this number, or the oldest kept if that is newer. */
  from(number: number): { number: number; offset: number; mark: LogMark } | undefined {
    const index = Math.max(number - this.#first, 0);
    const placed = this.#marks[index];
    return placed && { ...placed, number: this.#first + index };
  }

  #drop(): void {
    const dropped = this.#marks.shift();
    this.#first++;
    if (dropped?.mark.kind === "size") this.#sizeBefore = { cols: dropped.mark.cols, rows: dropped.mark.rows };
  }

  /** Index of the first mark whose offset is greater. */
  #after(offset: number): number {
    return lowerBound(this.#marks, (placed) => placed.offset > offset);
  }
}

/** Index of the first item for which `holds` is true (it stays true after it); the length when there is none. */
export function lowerBound<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
