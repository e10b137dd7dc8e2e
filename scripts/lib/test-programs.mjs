import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT, step, stop } from "./terminal.mjs";

const KNOWN_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * A Chromium for the e2e tests: the one named in CHROMIUM_PATH, an installed one, Debian's (installed now, when we may),
 * or Playwright's own.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} what to add to the environment of the e2e tests
 */
export async function provideBrowser() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && !existsSync(named)) stop(`CHROMIUM_PATH names ${named}, and there is no such file.`);
  const found = named ?? installed();
  if (found !== undefined) return { CHROMIUM_PATH: found };
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await step("refreshing Debian's package list", "apt-get", ["update"], { env });
    await step(
      "installing Chromium with apt-get",
      "apt-get",
      ["install", "-y", "--no-install-recommends", "chromium"],
      { env },
    );
    const debian = installed();
    if (debian !== undefined) return { CHROMIUM_PATH: debian };
  }
  const playwright = path.join(ROOT, "e2e/node_modules/@playwright/test/cli.js");
  if (await step("installing Playwright's Chromium", process.execPath, [playwright, "install", "chromium"])) return {};
  return stop(
    "no Chromium for the e2e tests. Install one (Debian: apt-get install chromium; others: npx playwright install chromium), or set CHROMIUM_PATH to a Chrome or Chromium.",
  );
}

/** The e2e tests run `vi` inside a shell of the sandbox. */
export async function provideVi() {
  if (spawnSync("sh", ["-c", "command -v vi"]).status === 0) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await step("refreshing Debian's package list", "apt-get", ["update"], { env });
    await step("installing vi with apt-get", "apt-get", ["install", "-y", "--no-install-recommends", "vim-tiny"], {
      env,
    });
    if (spawnSync("sh", ["-c", "command -v vi"]).status === 0) return;
  }
  stop("no vi for the e2e tests, which use it inside a shell. Install one (Debian: apt-get install vim-tiny).");
}

function installed() {
  const onPath = spawnSync("sh", ["-c", "command -v chromium || command -v google-chrome"], {
    encoding: "utf8",
  }).stdout?.trim();
  return KNOWN_PLACES.find((place) => existsSync(place)) ?? (onPath || undefined);
}
