/** Reference of the browser rows: xterm.js alone in a page, fed from memory as the product feeds it, without anything behind. */
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";

import type {} from "./paint-probe.ts";

declare global {
  interface Window {
    openAlone?: (wanted: { cols: number; rows: number; drawsWithCard: boolean }) => Promise<void>;
    feedAlone?: (feed: Feed) => Promise<number>;
    /** Writes an echo, and tells the probe that it arrived. */
    printAlone?: (text: string) => void;
  }
}

interface Feed {
  line: string;
  bytes: number;
  chunkBytes: number;
  /** Not parsed yet, at most. */
  windowBytes: number;
}

let terminal: Terminal | undefined;

/** Resolves behind a first frame: making the renderer is not what is measured. */
window.openAlone = async ({ drawsWithCard, ...size }) => {
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  const opened = new Terminal({ ...size, scrollback: 10_000, allowProposedApi: true, logLevel: "off" });
  terminal = opened;
  opened.open(host);
  window.watchRows?.();
  if (drawsWithCard) opened.loadAddon(new WebglAddon());
  await new Promise<void>((resolve) => opened.write("\r\n", () => requestAnimationFrame(() => resolve())));
};

window.printAlone = (text) => {
  window.echoArrived?.();
  terminal?.write(text);
};

/** @returns milliseconds until all was parsed */
window.feedAlone = async ({ line, bytes, chunkBytes, windowBytes }) => {
  const chunk = new TextEncoder().encode(line.repeat(Math.ceil(chunkBytes / line.length))).subarray(0, chunkBytes);
  const startedAtMs = performance.now();
  await new Promise<void>((resolve) => {
    let written = 0;
    let parsed = 0;
    const pump = () => {
      while (written < bytes && written - parsed + chunkBytes <= windowBytes) {
        written += chunkBytes;
        terminal?.write(chunk, () => {
          parsed += chunkBytes;
          if (parsed >= bytes) resolve();
          else pump();
        });
      }
    };
    pump();
  });
  return performance.now() - startedAtMs;
};
