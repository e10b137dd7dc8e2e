/**
 * What the checkpoint worker and the page both do to a Terminal, so that the same bytes and sizes lead both to the same
 * state. Knows nothing of checkpoints: the page loads this file alone.
 */
import "./buffer-pool.ts"; // before the addon
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { restoreBufferPool } from "./buffer-pool.ts";
import { internalsOf, type ScreenBuffer } from "./terminal-internals.ts";

restoreBufferPool();

/** What is needed of a Terminal: of @xterm/headless and of @xterm/xterm alike. `allowProposedApi` must be on. */
export interface UnicodeTerminal {
  readonly unicode: { activeVersion: string };
  loadAddon(addon: never): void;
  onResize(listener: (size: { cols: number; rows: number }) => void): { dispose(): void };
}

/**
 * Grapheme clusters of Unicode 15 with their widths; and after each size change nothing outside the grid is kept.
 * xterm.js keeps the cut-off right part of the alternate screen, its tab stops and its saved cursor out of sight and
 * shows them again in a wider window: no bytes could bring a new terminal to that, and programs that use the alternate
 * screen draw it anew after each size change.
 */
export function useSameUnicode(terminal: UnicodeTerminal): void {
  terminal.loadAddon(new UnicodeGraphemesAddon() as never);
  const { _bufferService } = internalsOf(terminal);
  terminal.onResize(({ cols, rows }) => {
    const { buffers } = _bufferService;
    dropOutside(buffers.normal, cols);
    dropOutside(buffers.alt, cols);
    buffers.alt.savedX = Math.min(buffers.alt.savedX, cols - 1);
    buffers.alt.savedY = Math.min(buffers.alt.savedY, rows - 1);
  });
}

function dropOutside(buffer: ScreenBuffer, cols: number): void {
  const blank = buffer.getNullCell();
  for (let index = 0; index < buffer.lines.length; index++) {
    const line = buffer.lines.get(index);
    if (line && line.length > cols) line.resize(cols, blank);
  }
  for (const column of Object.keys(buffer.tabs)) if (Number(column) >= cols) delete buffer.tabs[Number(column)];
}
