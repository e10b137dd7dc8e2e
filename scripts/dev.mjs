/**
 * `pnpm dev`: sandbox, server and page from their sources, restarted on change. The page is Vite's; it passes /api on.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { serverEnvironment, withoutAws } from "./lib/sandbox-environment.mjs";
import { ROOT, requireNode } from "./lib/terminal.mjs";

requireNode();
const state = path.join(ROOT, ".causeway/dev");
const dataDir = path.join(state, "server");
const peopleFile = path.join(state, "people.json");
const launchUrl = path.join(dataDir, "launch-url");
mkdirSync(dataDir, { recursive: true, mode: 0o700 });
rmSync(peopleFile, { force: true });
rmSync(launchUrl, { force: true });

const tsx = path.join(ROOT, "node_modules/tsx/dist/cli.mjs");
/** @type {import("node:child_process").ChildProcess[]} */
const children = [];
/** @param {string[]} args @param {NodeJS.ProcessEnv} env @param {string} cwd */
const run = (args, env, cwd = ROOT) =>
  children.push(spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] }));
const appears = async (/** @type {string} */ file) => {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 100));
};

run(
  [tsx, "watch", "packages/aws-sandbox/src/main.ts", "--port", "4124", "--people-file", peopleFile],
  withoutAws(process.env),
);
await appears(peopleFile);
const demo = { listen: "127.0.0.1:4123", endpointUrl: "http://127.0.0.1:4124", dataDir, peopleFile };
const environment = { ...serverEnvironment(process.env, demo), CAUSEWAY_PUBLIC_URL: "http://localhost:5173" };
run([tsx, "watch", "apps/server/src/main.ts"], environment);
run(
  [path.join(ROOT, "node_modules/vite/bin/vite.js"), "--port", "5173", "--strictPort"],
  process.env,
  path.join(ROOT, "apps/web"),
);
await appears(launchUrl);
process.stdout.write(`\nOpen ${readFileSync(launchUrl, "utf8").trim()}\n`);
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    for (const child of children) child.kill("SIGTERM");
    process.exit(0);
  });
