/** A line as a program printed it, over all the rows that it is wrapped to, and where each of its characters stands. */
import type { IBuffer } from "@xterm/xterm";

/** Rows of one line that are looked at, on either side of the one asked for. */
export const WRAPPED_ROWS_MAX = 32;

export interface WrappedLine {
  text: string;
  /** Cell of the character at an index of `text`; column and row from 0 on, row of the buffer. */
  cellAt(index: number): { column: number; row: number };
}

export function wrappedLine(buffer: IBuffer, row: number): WrappedLine {
  let first = row;
  while (first > 0 && row - first < WRAPPED_ROWS_MAX && buffer.getLine(first)?.isWrapped) first--;
  let text = "";
  const cells: { column: number; row: number }[] = [];
  for (let at = first; at - row <= WRAPPED_ROWS_MAX; at++) {
    const line = buffer.getLine(at);
    if (line === undefined || (at > first && !line.isWrapped)) break;
    for (let column = 0; column < line.length; column++) {
      const cell = line.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) continue; // the second half of a wide character
      const chars = cell.getChars() || " ";
      for (let unit = 0; unit < chars.length; unit++) cells.push({ column, row: at });
      text += chars;
    }
  }
  return { text, cellAt: (index) => cells[Math.min(index, cells.length - 1)] ?? { column: 0, row } };
}
