/**
 * Put into the console's page before anything else runs: follows one key from its press to its echo on the screen, by pane, and
 * notes how long each interaction takes. Changes nothing of what the page does.
 */
import { FRAME_KIND_INPUT, FRAME_KIND_OUTPUT } from "@causeway/wire-contract/terminal-frames";

declare global {
  interface Window {
    /** Follows the next key that is sent to a shell; its way is found in `keyFollowed`. */
    followKey?: () => void;
    keyFollowed?: Promise<KeyWay>;
    /** Milliseconds of the interactions since the last call, the browser's own count: input to next paint. */
    takeInteractions?: () => number[];
    /** Milliseconds from the next press to the first frame after the palette has the keyboard. */
    followPalette?: () => void;
    paletteFollowed?: Promise<number>;
  }
}

export interface KeyWay {
  /** From the press to the frame on the websocket, in milliseconds. */
  toSendMs: number;
  /** Animation frames from the echo's arrival to its being drawn; 1: in the next one. */
  frames: number;
  /** From the press to the echo being drawn, in milliseconds. */
  toPaintMs: number;
}

interface Followed {
  pressedAtMs?: number;
  sentAtMs?: number;
  socket?: WebSocket;
  hasArrived?: boolean;
  resolve(way: KeyWay): void;
}

/** Event timing tells nothing of what is shorter, in milliseconds. Source: Event Timing API, durationThreshold. */
const SHORTEST_MS = 16;

let followed: Followed | undefined;
const drawn = new WeakMap<Element, number>();
const paneOf = (node: Element | null | undefined): Element | undefined => node?.closest("section") ?? undefined;
const note = (pane: Element | undefined): void => {
  if (pane !== undefined) drawn.set(pane, (drawn.get(pane) ?? 0) + 1);
};

for (const name of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"] as const) {
  const draw = WebGL2RenderingContext.prototype[name] as (...given: unknown[]) => void;
  Object.assign(WebGL2RenderingContext.prototype, {
    [name](this: WebGL2RenderingContext, ...given: unknown[]) {
      if (this.canvas instanceof HTMLCanvasElement) note(paneOf(this.canvas));
      draw.apply(this, given);
    },
  });
}
// Where there is no WebGL the terminal is made of elements.
addEventListener("DOMContentLoaded", () => {
  const observer = new MutationObserver((changes) => {
    for (const pane of new Set(changes.map(({ target }) => paneOf(target.parentElement?.closest(".xterm-rows")))))
      note(pane);
  });
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
});

addEventListener(
  "keydown",
  (event) => {
    if (followed !== undefined) followed.pressedAtMs ??= event.timeStamp;
  },
  true,
);

window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer && new Uint8Array(data)[0] === FRAME_KIND_OUTPUT) arrived(this);
    });
  }
  override send(data: string | Blob | BufferSource): void {
    super.send(data);
    if (!(data instanceof Uint8Array) || data[0] !== FRAME_KIND_INPUT) return;
    if (followed?.pressedAtMs === undefined || followed.sentAtMs !== undefined) return;
    followed.sentAtMs = performance.now();
    followed.socket = this;
  }
};

function arrived(socket: WebSocket): void {
  const one = followed;
  if (one === undefined || one.socket !== socket || one.hasArrived) return;
  one.hasArrived = true;
  const pane = paneOf(document.activeElement);
  const count = (): number => (pane === undefined ? 0 : (drawn.get(pane) ?? 0));
  const before = count();
  let frames = 0;
  const frame = () => {
    frames++;
    // Behind everything that draws in this frame.
    setTimeout(() => {
      if (count() === before) requestAnimationFrame(frame);
      else {
        followed = undefined;
        const { pressedAtMs = Number.NaN, sentAtMs = Number.NaN } = one;
        one.resolve({ toSendMs: sentAtMs - pressedAtMs, frames, toPaintMs: performance.now() - pressedAtMs });
      }
    });
  };
  requestAnimationFrame(frame);
}

window.followKey = () => {
  window.keyFollowed = new Promise((resolve) => {
    followed = { resolve };
  });
};

window.followPalette = () => {
  window.paletteFollowed = new Promise((resolve) => {
    const onKey = ({ timeStamp, key }: KeyboardEvent) => {
      if (key.toLowerCase() !== "k") return;
      removeEventListener("keydown", onKey, true);
      const frame = () => {
        if (document.activeElement?.getAttribute("role") !== "combobox") requestAnimationFrame(frame);
        else setTimeout(() => resolve(performance.now() - timeStamp));
      };
      requestAnimationFrame(frame);
    };
    addEventListener("keydown", onKey, true);
  });
};

/** The longest event of each interaction. */
const interactions = new Map<number, number>();
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const { interactionId = 0, duration } = entry as PerformanceEntry & { interactionId?: number };
    if (interactionId !== 0) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
  }
}).observe({ type: "event", durationThreshold: SHORTEST_MS } as PerformanceObserverInit);

window.takeInteractions = () => {
  const taken = [...interactions.values()];
  interactions.clear();
  return taken;
};
