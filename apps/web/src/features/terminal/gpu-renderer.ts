/** The WebGL renderer while a terminal is shown; the DOM renderer otherwise, and for good when WebGL fails. */
import { WebglAddon } from "@xterm/addon-webgl";
import type { Terminal } from "@xterm/xterm";

/** A lost context may come back once (a driver reset, too many contexts); after that the DOM renderer stays. */
export const GPU_FAILURES_MAX = 2;

export class GpuRenderer {
  readonly #terminal: Terminal;
  #addon: WebglAddon | undefined;
  #failures = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  setShown(isShown: boolean): void {
    if (!isShown) this.#release();
    else if (this.#addon === undefined && this.#failures < GPU_FAILURES_MAX) this.#load();
  }

  dispose(): void {
    this.#release();
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
    } catch {
      this.#failures = GPU_FAILURES_MAX; // no WebGL 2 here
      addon.dispose();
    }
  }

  #release(): void {
    this.#addon?.dispose();
    this.#addon = undefined;
  }
}
