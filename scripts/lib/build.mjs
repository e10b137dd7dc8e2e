import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { ROOT, step, stop } from "./terminal.mjs";

/**
 * What is built, where its result lies, and which folders it is built from.
 * @type {Record<"web" | "server" | "sandbox", { folder: string, result: string, sources: string[] }>}
 */
const PRODUCTS = {
  web: { folder: "apps/web", result: "dist/index.html", sources: ["apps/web", "packages/wire-contract"] },
  server: {
    folder: "apps/server",
    result: "dist/main.js",
    sources: ["apps/server", "packages/wire-contract", "packages/ssm-data-channel"],
  },
  sandbox: {
    folder: "packages/aws-sandbox",
    result: "dist/main.js",
    sources: ["packages/aws-sandbox", "packages/ssm-data-channel"],
  },
};

/** Where a product's entry lies after the build. @param {keyof typeof PRODUCTS} name */
export function builtFile(name) {
  return path.join(ROOT, PRODUCTS[name].folder, PRODUCTS[name].result);
}

/** Builds what is missing or older than its sources. @param {(keyof typeof PRODUCTS)[]} names */
export async function buildIfStale(names) {
  for (const name of names) {
    const { folder, sources } = PRODUCTS[name];
    if (
      modifiedAt(builtFile(name)) >
      Math.max(...sources.map(newestSource), modifiedAt(path.join(ROOT, "pnpm-lock.yaml")))
    )
      continue;
    const vite = path.join(ROOT, "node_modules/vite/bin/vite.js");
    if (!(await step(`building the ${name}`, process.execPath, [vite, "build"], { cwd: path.join(ROOT, folder) })))
      stop(`the ${name} could not be built; the reason is above.`);
  }
}

/** @returns {number} 0 when the file is not there */
function modifiedAt(/** @type {string} */ file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** @returns {number} */
function newestSource(/** @type {string} */ folder) {
  let newest = 0;
  for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === "dist") continue;
    const inside = path.join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestSource(inside) : modifiedAt(path.join(ROOT, inside)));
  }
  return newest;
}
