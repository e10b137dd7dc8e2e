/** `pnpm verify`: everything a reviewer and CI run, set-up included. Stops at the first step that fails. */
import path from "node:path";
import { ROOT, requireNode, step } from "./lib/terminal.mjs";
import { provideBrowser, provideVi } from "./lib/test-programs.mjs";

requireNode();
const startedAt = Date.now();
const bin = (/** @type {string} */ name) => path.join(ROOT, "node_modules/.bin", name);
const browser = await provideBrowser();
await provideVi();
const e2e = { live: true, cwd: path.join(ROOT, "e2e"), env: { ...process.env, ...browser } };

/** @type {[string, string, string[], Parameters<typeof step>[3]][]} */
const steps = [
  ["format and lint", bin("biome"), ["ci", "."], { live: true }],
  ["types", bin("tsc"), ["-b"], { live: true }],
  ["dead code", bin("knip"), [], { live: true }],
  ["unit tests", bin("vitest"), ["run"], { live: true }],
  ["build", "pnpm", ["run", "build"], { live: true }],
  ["ten schedules of faults", bin("tsx"), ["soak/src/main.ts", "--schedules", "10", "--at-once", "10"], { live: true }],
  ["e2e in Chromium", path.join(ROOT, "e2e/node_modules/.bin/playwright"), ["test"], e2e],
];

let passed = 0;
for (const [title, command, args, options] of steps) {
  if (!(await step(title, command, args, options))) break;
  passed++;
}
const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
process.stdout.write(
  `\nverify took ${minutes} min\nsteps: ${passed} passed, ${passed === steps.length ? 0 : 1} failed\n`,
);
process.exit(passed === steps.length ? 0 : 1);
