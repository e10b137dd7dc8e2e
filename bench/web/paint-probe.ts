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
    /** Looks at the rows of the document as it is now: another one may have been written into the page. */
    watchRows?: () => void;
    /** Output is there, where no websocket brings it. */
    echoArrived?: () => void;
    /** Milliseconds from the next Enter to the moment at which the page has parsed `text` and all before it. */
    probeShown?: (text: string) => void;
    /** The page's own debugging hook: lines and screen of each terminal. */
    __causewayTerminals?: Map<string, (() => string[]) & { grid: () => string }>;
  }
}

/** First bytes of a frame with output, and of the page's word on how much it has parsed (wire-contract, terminal-frames). */
const OUTPUT_KIND = 0x01;
const ACK_KIND = 0x11;
/** What is looked for is shorter, and may come in two frames. */
const TAIL_CHARACTERS = 128;

let drawn = 0;
let onOutput: (bytes: Uint8Array) => void = () => undefined;
let onParsed: () => void = () => undefined;
/** Offset up to which the page has parsed, as it told the server last. */
let parsedOffset = 0;

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
const rows = new MutationObserver((changes) => {
  if (changes.some(({ target }) => target.parentElement?.closest(".xterm-rows"))) drawn++;
});
window.watchRows = () => rows.observe(document.body, { childList: true, characterData: true, subtree: true });
addEventListener("DOMContentLoaded", window.watchRows);

window.WebSocket = class extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.addEventListener("message", ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      const frame = new Uint8Array(data);
      if (frame[0] === OUTPUT_KIND) onOutput(frame.subarray(1));
    });
  }
  override send(data: string | Blob | BufferSource): void {
    super.send(data);
    if (!(data instanceof Uint8Array) || data[0] !== ACK_KIND) return;
    parsedOffset = new DataView(data.buffer, data.byteOffset).getFloat64(1);
    onParsed();
  }
};

window.echoArrived = () => onOutput(new Uint8Array(0));

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
    const fromOffset = parsedOffset;
    let received = 0;
    let tail = "";
    let isPrinted = false;
    let sinceMs = performance.now();
    onOutput = (bytes) => {
      received += bytes.length;
      tail = (tail + String.fromCharCode(...bytes.subarray(-TAIL_CHARACTERS))).slice(-2 * TAIL_CHARACTERS);
      isPrinted ||= tail.includes(text);
    };
    onParsed = () => {
      if (!isPrinted || parsedOffset - fromOffset < received) return;
      onOutput = () => undefined;
      onParsed = () => undefined;
      resolve({ ms: performance.now() - sinceMs, frames: 0 });
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== "Enter") return;
      removeEventListener("keydown", onKey, true);
      sinceMs = performance.now();
    };
    addEventListener("keydown", onKey, true);
  });
};

export {};
