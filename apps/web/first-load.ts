/**
 * What a browser must have before the page shows anything: the entry of index.html, and what it imports statically.
 * The build fails where that is more than its budget, or holds what is to come later.
 */
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Script of the first load, as the server sends it (gzip, level 9), in bytes (DESIGN §14). */
export const FIRST_LOAD_BYTES_MAX = 250_000;

/** Comes after the first paint, however little it were. */
const LATER = [/[\\/]@xterm[\\/]/, /[\\/]features[\\/]terminal[\\/]terminal-(session|pane|surface)\./];

/** The part of a built file that counts here. */
export interface BuiltChunk {
  fileName: string;
  code: string;
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

/** @param sizeOf bytes of a file's code as it is sent */
export function firstLoad(chunks: readonly BuiltChunk[], sizeOf: (code: string) => number): FirstLoad {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const needed = new Set(chunks.filter(({ isEntry }) => isEntry));
  // a set grows while it is walked
  for (const { imports } of needed)
    for (const name of imports) {
      const imported = byName.get(name);
      if (imported !== undefined) needed.add(imported);
    }
  const files = [...needed].map(({ fileName, code }) => ({ name: fileName, bytes: sizeOf(code) }));
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
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      const load = firstLoad(chunks, (code) => gzipSync(code, { level: 9 }).length);
      const why = overBudget(load);
      if (why !== undefined) this.error(why);
      this.info(`first load: ${load.bytes} of ${FIRST_LOAD_BYTES_MAX} bytes of compressed script`);
    },
  };
}
