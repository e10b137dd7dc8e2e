/** What of the grid is where on the page, for what is drawn over it, and for whoever reads along. Never touches its text. */
import type { Terminal } from "@xterm/xterm";

/** Parts that follow one terminal's view; more is a leak. */
export const VIEW_LISTENERS_MAX = 8;

export class GridView {
  /** The terminal's element: it moves between panes, and lives as long as the terminal. */
  readonly element: HTMLElement;
  readonly #terminal: Terminal;
  readonly #scale: () => number;
  readonly #listeners = new Set<() => void>();

  /** @param scale drawn to chosen font */
  constructor(terminal: Terminal, element: HTMLElement, scale: () => number) {
    this.#terminal = terminal;
    this.element = element;
    this.#scale = scale;
    terminal.onRender(() => this.#changed());
  }

  get cols(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  get scale(): number {
    return this.#scale();
  }

  /** The box of the grid alone; undefined until it was drawn once. Overlays are put into it. */
  get grid(): HTMLElement | undefined {
    return this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen") ?? undefined;
  }

  /** In cells of the visible part; undefined: it is below what is shown. */
  cursor(): { col: number; row: number } | undefined {
    const { baseY, cursorX, cursorY, viewportY } = this.#terminal.buffer.active;
    const row = cursorY + baseY - viewportY;
    return row < this.rows ? { col: Math.min(cursorX, this.cols - 1), row } : undefined;
  }

  /** The box of the cursor's line in the window; undefined: it is not to be seen. */
  cursorLine(): { left: number; top: number; right: number; bottom: number } | undefined {
    const cursor = this.cursor();
    const box = this.grid?.getBoundingClientRect();
    if (cursor === undefined || box === undefined || box.height === 0) return undefined;
    const rowPx = box.height / this.rows;
    const top = box.top + cursor.row * rowPx;
    return { left: box.left, right: box.right, top, bottom: top + rowPx };
  }

  get linesAboveEnd(): number {
    const { baseY, viewportY } = this.#terminal.buffer.active;
    return baseY - viewportY;
  }

  /** As far above the end as there is text. */
  scrollTo(linesAboveEnd: number): void {
    if (linesAboveEnd === this.linesAboveEnd) return;
    this.#terminal.scrollToLine(Math.max(0, this.#terminal.buffer.active.baseY - linesAboveEnd));
  }

  /** Told when it was drawn anew: output, a scroll, a size. @returns unsubscribe */
  onChange(listener: () => void): () => void {
    if (this.#listeners.size >= VIEW_LISTENERS_MAX)
      throw new Error("too many listeners of a terminal's view: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
