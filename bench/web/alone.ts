/** Reference of the browser rows: xterm.js alone in a page, fed from memory as the product feeds it, without anything behind. */
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";

declare global {
  interface Window {
    feedAlone?: (feed: Feed) => Promise<number>;
  }
}

export interface Feed {
  cols: number;
  rows: number;
  line: string;
  bytes: number;
  chunkBytes: number;
  /** Not parsed yet, at most. */
  windowBytes: number;
}

/** @returns milliseconds until all was parsed */
window.feedAlone = async ({ cols, rows, line, bytes, chunkBytes, windowBytes }) => {
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  const terminal = new Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true, logLevel: "off" });
  terminal.open(host);
  terminal.loadAddon(new WebglAddon());
  const chunk = new TextEncoder().encode(line.repeat(Math.ceil(chunkBytes / line.length))).subarray(0, chunkBytes);
  // A first frame: making the renderer is not what is measured.
  await new Promise<void>((resolve) => terminal.write("\r\n", () => requestAnimationFrame(() => resolve())));
  const startedAtMs = performance.now();
  await new Promise<void>((resolve) => {
    let written = 0;
    let parsed = 0;
    const pump = () => {
      while (written < bytes && written - parsed + chunkBytes <= windowBytes) {
        written += chunkBytes;
        terminal.write(chunk, () => {
          parsed += chunkBytes;
          if (parsed >= bytes) resolve();
          else pump();
        });
      }
    };
    pump();
  });
  const tookMs = performance.now() - startedAtMs;
  terminal.dispose();
  return tookMs;
};
