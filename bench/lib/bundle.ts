/** Bundles the processes of the benchmark as the product is bundled: what is measured is what would be shipped. */
import path from "node:path";
import { build } from "vite";

const FOLDER = path.resolve(import.meta.dirname, "..");
const OUT = path.join(FOLDER, "out");

const PROCESSES = {
  "fake-agents": "load/fake-agents.ts",
  pages: "load/pages.ts",
  causeway: "brokers/causeway.ts",
  // A thread of it.
  "checkpoint-worker": "../apps/server/src/checkpoints/checkpoint-worker.ts",
  raw: "brokers/raw.ts",
  naive: "brokers/naive.ts",
  "direct-pty": "brokers/direct-pty.ts",
  "plain-bytes": "brokers/plain-bytes.ts",
} as const;

export type ProcessName = keyof typeof PROCESSES;

let built: Promise<unknown> | undefined;

/** @returns the file to start; everything is bundled once per run */
export async function processFile(name: ProcessName): Promise<string> {
  built ??= build({
    configFile: false,
    root: FOLDER,
    logLevel: "error",
    build: {
      ssr: true,
      outDir: OUT,
      target: "node20",
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(PROCESSES).map(([key, file]) => [key, path.join(FOLDER, file)])),
        output: {
          entryFileNames: "[name].js",
          banner: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);',
        },
      },
    },
    ssr: { noExternal: true, external: ["libsql", "@lydell/node-pty"] },
  });
  await built;
  return path.join(OUT, `${name}.js`);
}
