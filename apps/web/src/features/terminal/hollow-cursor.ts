/**
 * The cursor of a terminal that takes no keys right now: an outline, also while it has the keyboard (the emulator itself
 * draws one only without the keyboard). An element over the screen; it follows scrolling and leaves the buffer alone.
 */
import type { IDisposable, Terminal } from "@xterm/xterm";

const CURSOR_MODE = 25;

export class HollowCursor {
  readonly #terminal: Terminal;
  readonly #element = document.createElement("div");
  readonly #hooks: IDisposable[];
  #isShown = false;
  /** DECTCEM: a program that hid its cursor gets no outline either. */
  #isHiddenByProgram = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#element.className = "hollow-cursor";
    const { parser } = terminal;
    const setMode = (isHidden: boolean) => (params: (number | number[])[]) => {
      if (params.includes(CURSOR_MODE)) this.#isHiddenByProgram = isHidden;
      return false; // the emulator's own handler goes on
    };
    const reset = (): boolean => {
      this.#isHiddenByProgram = false;
      return false;
    };
    this.#hooks = [
      parser.registerCsiHandler({ prefix: "?", final: "h" }, setMode(false)),
      parser.registerCsiHandler({ prefix: "?", final: "l" }, setMode(true)),
      parser.registerCsiHandler({ intermediates: "!", final: "p" }, reset), // DECSTR
      parser.registerEscHandler({ final: "c" }, reset), // RIS
      terminal.onRender(() => this.#place()),
    ];
  }

  /** @returns whether that is a change */
  show(isShown: boolean): boolean {
    if (this.#isShown === isShown) return false;
    this.#isShown = isShown;
    if (!isShown) this.#element.remove();
    else this.#place();
    return true;
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  /** The emulator was cleared from outside. */
  reset(): void {
    this.#isHiddenByProgram = false;
  }

  dispose(): void {
    for (const hook of this.#hooks.splice(0)) hook.dispose();
    this.#element.remove();
  }

  #place(): void {
    if (!this.#isShown) return;
    const screen = this.#terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    if (!screen) return;
    const { cols, rows } = this.#terminal;
    const { baseY, cursorX, cursorY, viewportY } = this.#terminal.buffer.active;
    const row = baseY + cursorY - viewportY;
    const col = Math.min(cursorX, cols - 1); // behind the last column it waits to wrap
    const width =
      this.#terminal.buffer.active
        .getLine(baseY + cursorY)
        ?.getCell(col)
        ?.getWidth() || 1;
    this.#element.hidden = this.#isHiddenByProgram || row >= rows;
    this.#element.style.left = `${(col * 100) / cols}%`;
    this.#element.style.top = `${(row * 100) / rows}%`;
    this.#element.style.width = `${(width * 100) / cols}%`;
    this.#element.style.height = `${100 / rows}%`;
    if (this.#element.parentElement !== screen) screen.append(this.#element);
  }
}
