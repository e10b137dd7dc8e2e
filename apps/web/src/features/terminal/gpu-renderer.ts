/** The WebGL renderer while a terminal is shown; the DOM renderer otherwise, and for good when WebGL fails. */
import { WebglAddon } from "@xterm/addon-webgl";
import type { Terminal } from "@xterm/xterm";
import { cellWidthCorrection } from "./terminal-theme.ts";

/** A lost context may come back once (a driver reset, too many contexts); after that the DOM renderer stays. */
export const GPU_FAILURES_MAX = 2;

export class GpuRenderer {
  readonly #terminal: Terminal;
  readonly #characterWidthPx: () => number;
  #addon: WebglAddon | undefined;
  #failures = 0;

  /** @param characterWidthPx of the terminal's font, in CSS px; NaN: unknown */
  constructor(terminal: Terminal, characterWidthPx: () => number) {
    this.#terminal = terminal;
    this.#characterWidthPx = characterWidthPx;
  }

  /** To be told at every layout: the zoom of the page may have changed as well. */
  setShown(isShown: boolean): void {
    if (!isShown) this.#release();
    else if (this.#addon !== undefined) this.#correctWidth();
    else if (this.#failures < GPU_FAILURES_MAX) this.#load();
  }

  dispose(): void {
    this.#addon?.dispose();
    this.#addon = undefined;
  }

  #load(): void {
    const addon = new WebglAddon();
    try {
      addon.onContextLoss(() => {
        this.#failures++;
        this.#release();
      });
      this.#terminal.loadAddon(addon);
      this.#addon = addon;
      this.#correctWidth();
    } catch {
      this.#failures = GPU_FAILURES_MAX; // no WebGL 2 here
      addon.dispose();
    }
  }

  #correctWidth(): void {
    this.#terminal.options.letterSpacing = cellWidthCorrection(this.#characterWidthPx(), devicePixelRatio);
  }

  #release(): void {
    if (this.#addon === undefined) return;
    this.#addon.dispose();
    this.#addon = undefined;
    this.#terminal.options.letterSpacing = 0; // the DOM renderer places text to fractions of a pixel
  }
}
