/** What runs inside a page of the browser rows: one file of `web/`, bundled to a script. */
import path from "node:path";
import { build } from "vite";

const FOLDER = path.resolve(import.meta.dirname, "..");

/** @returns the script's file */
export async function pageScript(name: "alone" | "paint-probe" | "console-probe" | "six-alone"): Promise<string> {
  const outDir = path.join(FOLDER, "out/web", name);
  await build({
    configFile: false,
    root: FOLDER,
    logLevel: "error",
    build: {
      outDir,
      target: "es2023",
      lib: { entry: path.join(FOLDER, `web/${name}.ts`), formats: ["iife"], name: "bench", fileName: () => "page.js" },
    },
  });
  return path.join(outDir, "page.js");
}
