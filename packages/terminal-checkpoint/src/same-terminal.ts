/**
 * What the checkpoint worker and the page both do to a Terminal, so that the same bytes and sizes lead both to the same
 * state. Knows nothing of checkpoints: the page loads this file alone.
 */
import "./buffer-pool.ts"; // before the addon
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { restoreBufferPool } from "./buffer-pool.ts";
import { type Internals, internalsOf, type ScreenBuffer } from "./terminal-internals.ts";

restoreBufferPool();

/** What is needed of a Terminal: of @xterm/headless and of @xterm/xterm alike. `allowProposedApi` must be on. */
export interface UnicodeTerminal {
  readonly unicode: { activeVersion: string };
  readonly parser: {
    registerCsiHandler(
      id: { prefix?: string; final: string },
      callback: (params: (number | number[])[]) => boolean,
    ): unknown;
  };
  loadAddon(addon: never): void;
  resize(cols: number, rows: number): void;
}

/**
 * To be called once for a new Terminal. Afterwards:
 * - characters have the widths of Unicode 15 with its grapheme clusters;
 * - a size change keeps nothing outside the grid (`resize` of this terminal is replaced);
 * - "erase above" in the last column is done, where xterm.js 6.0.0 throws and never parses anything again.
 */
export function useSameUnicode(terminal: UnicodeTerminal): void {
  terminal.loadAddon(new UnicodeGraphemesAddon() as never);
  const { _bufferService, _inputHandler } = internalsOf(terminal);
  for (const id of [{ final: "J" }, { prefix: "?", final: "J" }])
    terminal.parser.registerCsiHandler(id, ([kind]) =>
      kind === 1 ? eraseAbove(_bufferService, _inputHandler, "prefix" in id) : false,
    );
  const resize = terminal.resize.bind(terminal);
  terminal.resize = (cols, rows) => {
    const { normal, alt } = _bufferService.buffers;
    for (const buffer of [normal, alt]) prepareResize(buffer, _bufferService.cols);
    resize(cols, rows);
    for (const buffer of [normal, alt]) dropOutside(buffer, _bufferService.cols);
    normal.savedY = Math.min(normal.savedY, normal.lines.maxLength - 1);
    alt.savedX = Math.min(alt.savedX, _bufferService.cols - 1);
    alt.savedY = Math.min(alt.savedY, _bufferService.rows - 1);
    // or an alternate screen that was hidden meanwhile has a scrollback
    if (alt.lines.maxLength > _bufferService.rows) alt.lines.maxLength = _bufferService.rows;
  };
}

/**
 * Rewrapping writes to wrong places when the ring of lines does not begin at its first slot (src/common/CircularList.ts,
 * the setter of `length`), so it is made to; and half a wide character at the edge, which stays behind when text is
 * printed over the other half without wrapping, would be one in the middle of a wider line.
 */
function prepareResize(buffer: ScreenBuffer, cols: number): void {
  buffer.lines.maxLength += 1;
  buffer.lines.maxLength -= 1;
  const blank = buffer.getNullCell();
  for (let index = 0; index < buffer.lines.length; index++) {
    const line = buffer.lines.get(index);
    if (line && line.getWidth(cols - 2) === 2 && line.getWidth(cols - 1) !== 0) line.setCell(cols - 2, blank);
  }
}

/** What a narrower window cut off the alternate screen, xterm.js would show again in a wider one. */
function dropOutside(buffer: ScreenBuffer, cols: number): void {
  const blank = buffer.getNullCell();
  for (let index = 0; index < buffer.lines.length; index++) {
    const line = buffer.lines.get(index);
    if (!line) continue;
    if (line.length > cols) line.resize(cols, blank);
    if (line.getWidth(cols - 1) === 2) line.setCell(cols - 1, blank);
  }
  for (const column of Object.keys(buffer.tabs)) if (Number(column) >= cols) delete buffer.tabs[Number(column)];
}

/**
 * "Erase above" in the last column: xterm.js then looks at the line below, at an index that forgets the scrollback. On the
 * last line there is none: it throws, and its write queue never goes on. So here the erasing is done line by line.
 * Source: @xterm/xterm 6.0.0, src/common/InputHandler.ts, eraseInDisplay, case 1.
 * @returns false where the terminal's own way is right
 */
function eraseAbove(
  { buffers, cols }: Internals["_bufferService"],
  handler: Internals["_inputHandler"],
  respectsProtection: boolean,
): boolean {
  const { active } = buffers;
  if (active.x + 1 < cols) return false;
  const { x, y } = active;
  for (let row = y; row >= 0; row--) {
    active.y = row;
    handler.eraseInLine({ params: [2], length: 1 }, respectsProtection);
  }
  active.x = x;
  active.y = y;
  return true;
}
