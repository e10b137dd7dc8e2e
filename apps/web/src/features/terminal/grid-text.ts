/** What an emulator shows, attributes included, as text that can be compared: for debugging and end-to-end tests. */
import type { IBufferCell, Terminal } from "@xterm/xterm";

/**
 * One line per row of the screen (not the scrollback): runs of cells with the same attributes, then cursor and modes.
 * Two terminals with the same text here look the same and take the next byte alike, as far as the public API tells.
 */
export function gridText(terminal: Terminal): string {
  const { active } = terminal.buffer;
  const rows: string[] = [`${active.type} ${terminal.cols}x${terminal.rows} scrollback ${active.baseY}`];
  for (let row = 0; row < terminal.rows; row++) {
    const line = active.getLine(active.baseY + row);
    let text = line?.isWrapped === true ? "~" : "|";
    let before = "";
    for (let col = 0; col < terminal.cols; col++) {
      const cell = line?.getCell(col);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const style = styleOf(cell);
      if (style !== before) text += `{${style}}`;
      before = style;
      text += cell.getChars() || " ";
    }
    rows.push(text.trimEnd());
  }
  rows.push(`cursor ${active.cursorX},${active.cursorY}`, JSON.stringify(terminal.modes));
  return rows.join("\n");
}

function styleOf(cell: IBufferCell): string {
  const flags = [
    cell.isBold() ? "b" : "",
    cell.isDim() ? "d" : "",
    cell.isItalic() ? "i" : "",
    cell.isUnderline() ? "u" : "",
    cell.isBlink() ? "k" : "",
    cell.isInverse() ? "v" : "",
    cell.isInvisible() ? "h" : "",
    cell.isStrikethrough() ? "s" : "",
    cell.isOverline() ? "o" : "",
  ].join("");
  const colors = `${cell.getFgColorMode()}.${cell.getFgColor()}/${cell.getBgColorMode()}.${cell.getBgColor()}`;
  return cell.isAttributeDefault() ? "" : `${flags}${colors}`;
}
