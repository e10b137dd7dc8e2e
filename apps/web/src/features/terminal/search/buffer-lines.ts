/** The rows of a terminal as the lines that programs printed, and where a part of such a line stands on the grid. Pure. */
import type { IBuffer, IBufferLine } from "@xterm/xterm";

/** A line of more rows is looked through in parts; what stands over the border of two parts is not found. */
export const LINE_ROWS_MAX = 512;

export interface SoughtLine {
  firstRow: number;
  text: string;
  /** Index in `text` at which each of its rows begins. */
  rowStarts: readonly number[];
}

export interface GridPart {
  row: number;
  column: number;
  /** In cells. */
  width: number;
}

/** Whole lines above `endRow` (exclusive), oldest first: about `rowsMin` rows, and no more than LINE_ROWS_MAX beyond that. */
export function linesAbove(
  buffer: IBuffer,
  endRow: number,
  rowsMin: number,
): { lines: SoughtLine[]; firstRow: number } {
  let firstRow = Math.max(0, endRow - rowsMin);
  const farthest = Math.max(0, firstRow - LINE_ROWS_MAX);
  while (firstRow > farthest && buffer.getLine(firstRow)?.isWrapped) firstRow--;
  const lines: SoughtLine[] = [];
  for (let row = firstRow; row < endRow; ) {
    const line = lineFrom(buffer, row, endRow);
    lines.push(line);
    row += line.rowStarts.length;
  }
  return { lines, firstRow };
}

/** From index `start` to `end` (exclusive) of the line's text; one part for each row. */
export function partsOf(buffer: IBuffer, line: SoughtLine, start: number, end: number): GridPart[] {
  const parts: GridPart[] = [];
  for (const [index, rowStart] of line.rowStarts.entries()) {
    const rowEnd = line.rowStarts[index + 1] ?? line.text.length;
    const from = Math.max(start, rowStart);
    const to = Math.min(end, rowEnd);
    const row = line.firstRow + index;
    const cells = buffer.getLine(row);
    if (from >= to || cells === undefined) continue;
    const column = cellOf(cells, from - rowStart).column;
    const last = cellOf(cells, to - 1 - rowStart);
    parts.push({ row, column, width: last.column + last.width - column });
  }
  return parts;
}

function lineFrom(buffer: IBuffer, firstRow: number, endRow: number): SoughtLine {
  const rowStarts: number[] = [];
  let text = "";
  for (let row = firstRow; row < endRow && rowStarts.length < LINE_ROWS_MAX; row++) {
    const line = buffer.getLine(row);
    if (line === undefined || (row > firstRow && !line.isWrapped)) break;
    rowStarts.push(text.length);
    text += rowText(line, buffer.getLine(row + 1));
  }
  return { firstRow, text, rowStarts };
}

/** A row that goes on in the next one keeps its blanks, but not the gap that a wide character left which did not fit. */
function rowText(line: IBufferLine, next: IBufferLine | undefined): string {
  if (!next?.isWrapped) return line.translateToString(true);
  const text = line.translateToString(false);
  const isGap = line.getCell(line.length - 1)?.getChars() === "" && next.getCell(0)?.getWidth() === 2;
  return isGap && line.getCell(line.length - 1)?.getWidth() === 1 ? text.slice(0, -1) : text;
}

/** The cell that holds the code unit at `index` of the row's text. */
function cellOf(line: IBufferLine, index: number): { column: number; width: number } {
  let unit = 0;
  for (let column = 0; column < line.length; column++) {
    const cell = line.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue; // the second half of a wide character
    unit += cell.getChars().length || 1;
    if (unit > index) return { column, width: cell.getWidth() };
  }
  return { column: line.length - 1, width: 1 };
}
