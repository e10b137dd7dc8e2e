/** The terminal's text for a file: lines as programs printed them, not as the screen wrapped them. */
import type { IBuffer } from "@xterm/xterm";

/** Rows first to last (exclusive) as lines, without trailing blanks; empty lines at the end are left out. */
export function exportText(buffer: IBuffer, first = 0, last: number = buffer.length): string {
  const lines: string[] = [];
  for (let row = first; row < last; row++) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    // a row that goes on in the next one keeps its blanks: they are in the middle of the line
    const isContinued = buffer.getLine(row + 1)?.isWrapped === true && row + 1 < last;
    const text = line.translateToString(!isContinued);
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  const trimmed = lines.map((line) => line.trimEnd());
  while (trimmed.at(-1) === "") trimmed.pop();
  return trimmed.length === 0 ? "" : `${trimmed.join("\n")}\n`;
}
