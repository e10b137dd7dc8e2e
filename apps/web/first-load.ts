/**
 * What a browser must have before the page shows anything: the entry of index.html, and what it imports statically.
 * The build fails where that is more than its budget, or holds what is to come later.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Script of the first load, as the server sends it, in bytes (DESIGN §14). */
export const FIRST_LOAD_BYTES_MAX = 250_000;

/** What is smaller is sent as it is. Source: apps/server/src/platform/http/web-page.ts. */
const GZIP_BYTES_MIN = 1_024;

/** Comes after the first paint, however little it were. */
const LATER = [
  /[\\/]@xterm[\\/]/,
  /[\\/]features[\\/]terminal[\\/]terminal-(session|pane|surface)\./,
  /[\\/]wire-contract[\\/]src[\\/]error-catalog\./,
];

/** The part of a built file that counts here. */
export interface BuiltChunk {
  fileName: string;
  /** As it lies on the disk. */
  bytes: Uint8Array;
  isEntry: boolean;
  /** File names of what it imports statically. */
  imports: readonly string[];
  moduleIds: readonly string[];
}

export interface FirstLoad {
  /** Entry first. */
  files: { name: string; bytes: number }[];
  bytes: number;
  /** Modules in it that are to come later. */
  tooEarly: string[];
}

/** @returns how many bytes of such a file cross the network */
export function sentBytes(file: Uint8Array): number {
  return file.length < GZIP_BYTES_MIN ? file.length : gzipSync(file, { level: 9 }).length;
}

/** @param sizeOf bytes of a file as it is sent */
export function firstLoad(chunks: readonly BuiltChunk[], sizeOf: (file: Uint8Array) => number): FirstLoad {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const needed = new Set(chunks.filter(({ isEntry }) => isEntry));
  // a set grows while it is walked
  for (const { imports } of needed)
    for (const name of imports) {
      const imported = byName.get(name);
      if (imported !== undefined) needed.add(imported);
    }
  const files = [...needed].map(({ fileName, bytes }) => ({ name: fileName, bytes: sizeOf(bytes) }));
  return {
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    tooEarly: [...needed].flatMap(({ moduleIds }) => moduleIds.filter((id) => LATER.some((later) => later.test(id)))),
  };
}

/** @returns why this build must not be served, or undefined */
export function overBudget({ files, bytes, tooEarly }: FirstLoad): string | undefined {
  if (files.length === 0) return "The build has no entry.";
  if (tooEarly.length > 0) return `In the first load, but to come after it: ${tooEarly.join(", ")}`;
  if (bytes <= FIRST_LOAD_BYTES_MAX) return undefined;
  const list = files.map((file) => `  ${file.bytes} ${file.name}`).join("\n");
  return `The first load is ${bytes} bytes of compressed script, and may be ${FIRST_LOAD_BYTES_MAX}:\n${list}`;
}

export function firstLoadBudget(): Plugin {
  return {
    name: "first-load-budget",
    apply: "build",
    // of the files as they were written: the names of what is loaded later, and of the source map, are put in last
    writeBundle({ dir = "" }, bundle) {
      const chunks = Object.values(bundle)
        .filter((output) => output.type === "chunk")
        .map(({ fileName, isEntry, imports, moduleIds }) => {
          return { fileName, isEntry, imports, moduleIds, bytes: readFileSync(path.join(dir, fileName)) };
        });
      const load = firstLoad(chunks, sentBytes);
      const why = overBudget(load);
      if (why !== undefined) this.error(why);
      this.info(`first load: ${load.bytes} of ${FIRST_LOAD_BYTES_MAX} bytes of compressed script`);
    },
  };
}
