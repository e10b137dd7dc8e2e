/** The WebGL renderer while a terminal is shown; the DOM renderer otherwise, and for good when WebGL fails. */
import { WebglAddon } from "@xterm/addon-webgl";
import type { ITerminalAddon, ITerminalOptions, Terminal } from "@xterm/xterm";
import { cellWidthCorrection } from "./terminal-theme.ts";

/** A lost context may come back once (a driver reset, too many contexts); after that the DOM renderer stays. */
export const GPU_FAILURES_MAX = 2;

type DrawnTerminal = Pick<Terminal, "element" | "loadAddon"> & { options: Pick<ITerminalOptions, "letterSpacing"> };
type GpuAddon = ITerminalAddon & Pick<WebglAddon, "onContextLoss">;

export class GpuRenderer {
  readonly #terminal: DrawnTerminal;
  readonly #newAddon: () => GpuAddon;
  readonly #characterWidthPx: () => number;
  #addon: GpuAddon | undefined;
  #failures = 0;

  /** @param characterWidthPx of the terminal's font, in CSS px; NaN: unknown */
  constructor(
    terminal: DrawnTerminal,
    characterWidthPx: () => number,
    newAddon: () => GpuAddon = () => new WebglAddon(),
  ) {
    this.#terminal = terminal;
    this.#newAddon = newAddon;
    this.#characterWidthPx = characterWidthPx;
  }

  /** To be told at every layout: the zoom of the page may have changed as well. */
  setShown(isShown: boolean): void {
    if (!isShown) this.#release();
    else if (this.#addon !== undefined) this.#correctWidth();
    else if (this.#failures < GPU_FAILURES_MAX) this.#load();
  }

  dispose(): void {
    this.#unload();
  }

  #load(): void {
    const addon = this.#newAddon();
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
    this.#unload();
    this.#terminal.options.letterSpacing = 0; // the DOM renderer places text to fractions of a pixel
  }

  #unload(): void {
    const canvases = [...(this.#terminal.element?.querySelectorAll("canvas") ?? [])];
    this.#addon?.dispose();
    this.#addon = undefined;
    for (const canvas of canvases) if (!this.#terminal.element?.contains(canvas)) giveBackContext(canvas);
  }
}

/**
 * Left to the collector, the contexts of closed terminals count against the few that a page may have, and the browser takes the
 * oldest one away: that of a terminal that is still shown. A canvas that was drawn on otherwise has none.
 */
function giveBackContext(canvas: HTMLCanvasElement): void {
  canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
}
