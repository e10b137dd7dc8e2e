/** The terminal's text with its colours, as one HTML file that needs nothing else and runs nothing. */
import type { IBuffer, IBufferCell, ITheme } from "@xterm/xterm";
import { ANSI_NAMES } from "../terminal-theme.ts";

export interface HtmlPage {
  title: string;
  theme: ITheme;
  fontFamily: string;
}

/** Steps of the 6 × 6 × 6 cube of the 256 colours. */
const CUBE = [0, 95, 135, 175, 215, 255];

export function exportHtml(buffer: IBuffer, { title, theme, fontFamily }: HtmlPage): string {
  const rows = usedRows(buffer);
  const body: string[] = [];
  for (let row = 0; row < rows; row++) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    if (row > 0 && !line.isWrapped) body.push("\n");
    let open = "";
    let text = "";
    const flush = (): void => {
      if (text !== "") body.push(open === "" ? escapeHtml(text) : `<span style="${open}">${escapeHtml(text)}</span>`);
      text = "";
    };
    const cell = buffer.getNullCell();
    for (let column = 0; column < lastUsed(buffer, row); column++) {
      if (!line.getCell(column, cell) || cell.getWidth() === 0) continue;
      const style = styleOf(cell, theme);
      if (style !== open) flush();
      open = style;
      text += cell.getChars() || " ";
    }
    flush();
  }
  const page = `background:${theme.background ?? "#000"};color:${theme.foreground ?? "#fff"}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>body{margin:16px;${page}}pre{font:13px/1.4 ${escapeHtml(fontFamily)};white-space:pre-wrap;overflow-wrap:anywhere}</style>
</head>
<body><pre>${body.join("")}
</pre></body>
</html>
`;
}

function styleOf(cell: IBufferCell, theme: ITheme): string {
  const front = cell.isFgDefault() ? undefined : colourOf(cell.isFgRGB(), cell.getFgColor(), theme);
  const back = cell.isBgDefault() ? undefined : colourOf(cell.isBgRGB(), cell.getBgColor(), theme);
  const isInverse = cell.isInverse() !== 0;
  const color = isInverse ? (back ?? theme.background) : front;
  const background = isInverse ? (front ?? theme.foreground) : back;
  const lines = [cell.isUnderline() !== 0 && "underline", cell.isStrikethrough() !== 0 && "line-through"];
  const decoration = lines.filter(Boolean).join(" ");
  return [
    color && `color:${color}`,
    background && `background:${background}`,
    cell.isBold() !== 0 && "font-weight:bold",
    cell.isDim() !== 0 && "opacity:.6",
    cell.isItalic() !== 0 && "font-style:italic",
    cell.isInvisible() !== 0 && "visibility:hidden",
    decoration !== "" && `text-decoration:${decoration}`,
  ]
    .filter(Boolean)
    .join(";");
}

function colourOf(isRgb: boolean, value: number, theme: ITheme): string | undefined {
  if (isRgb) return `#${value.toString(16).padStart(6, "0")}`;
  const name = ANSI_NAMES[value];
  if (name !== undefined) return theme[name];
  if (value >= 232) {
    const grey = 8 + (value - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const index = value - 16;
  return `rgb(${CUBE[Math.floor(index / 36)]},${CUBE[Math.floor(index / 6) % 6]},${CUBE[index % 6]})`;
}

/** Blanks at the end of a line are left out, unless they are coloured. */
function lastUsed(buffer: IBuffer, row: number): number {
  const line = buffer.getLine(row);
  if (line === undefined) return 0;
  if (buffer.getLine(row + 1)?.isWrapped) return line.length;
  for (let column = line.length; column > 0; column--) {
    const cell = line.getCell(column - 1);
    if (cell && ((cell.getChars() !== "" && cell.getChars() !== " ") || !cell.isBgDefault() || cell.isInverse() !== 0))
      return column;
  }
  return 0;
}

function usedRows(buffer: IBuffer): number {
  let rows = buffer.length;
  while (rows > 0 && lastUsed(buffer, rows - 1) === 0) rows--;
  return rows;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
