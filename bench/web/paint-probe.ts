/**
 * Put into the console's page before anything else runs: notes when output arrives on a websocket, and when something is
 * drawn after that. Changes nothing of what the page does.
 */
declare global {
  interface Window {
    /** What was asked of the probe last: armed in one call and fetched in another, so that no key can come too early. */
    probed?: Promise<{ ms: number; frames: number }>;
    /** How long after the next frame of output something is drawn, and in which animation frame from there. */
    probePaint?: () => void;
    /** Milliseconds from the next Enter to the moment at which the screen shows `text`. */
    probeShown?: (text: string) => void;
    /** The page's own debugging hook: lines and screen of each terminal. */
    __causewayTerminals?: Map<string, (() => string[]) & { grid: () => string }>;
  }
}

/** First byte of a frame with output (wire-contract, terminal-frames). */
const OUTPUT_KIND = 1;
/** The screen is looked at so often, in milliseconds: looking costs, too. */
const LOOK_EVERY_MS = 40;

let drawn = 0;
let onOutput: () => void = () => undefined;

for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"] as const) {
  const draw = WebGL2RenderingContext.prototype[name] as (...given: unknown[]) => void;
  Object.assign(WebGL2RenderingContext.prototype, {
    [name](this: WebGL2RenderingContext, ...given: unknown[]) {
      drawn++;
      draw.apply(this, given);
    },
  });
}
// Where there is no WebGL the terminal is made of elements.
addEventListener("DOMContentLoaded", () => {
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.parentElement?.closest(".xterm-rows"))) drawn++;
  });
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
});

window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer && new Uint8Array(data)[0] === OUTPUT_KIND) onOutput();
    });
  }
};

window.probePaint = () => {
  window.probed = new Promise((resolve) => {
    onOutput = () => {
      onOutput = () => undefined;
      const arrivedAtMs = performance.now();
      const before = drawn;
      let frames = 0;
      const frame = () => {
        frames++;
        // Behind everything that draws in this frame.
        setTimeout(() => {
          if (drawn > before) resolve({ ms: performance.now() - arrivedAtMs, frames });
          else requestAnimationFrame(frame);
        });
      };
      requestAnimationFrame(frame);
    };
  });
};

window.probeShown = (text) => {
  window.probed = new Promise((resolve) => {
    const look = (sinceMs: number) => {
      const screens = [...(window.__causewayTerminals?.values() ?? [])];
      if (screens.some((screen) => screen.grid().includes(text)))
        resolve({ ms: performance.now() - sinceMs, frames: 0 });
      else setTimeout(look, LOOK_EVERY_MS, sinceMs);
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== "Enter") return;
      removeEventListener("keydown", onKey, true);
      setTimeout(look, LOOK_EVERY_MS, performance.now());
    };
    addEventListener("keydown", onKey, true);
  });
};

export {};
