import { spawn } from "node:child_process";

/** Paths and words shared by the root scripts. No dependency: they must run before anything is installed or built. */
export const ROOT = new URL("../../", import.meta.url).pathname;

/**
 * Says one thing and stops. For everything a person can mend: a busy port, an old Node, a missing piece.
 * @param {string} line
 * @returns {never}
 */
export function stop(line) {
  process.stderr.write(`\ncauseway: ${line}\n`);
  process.exit(1);
}

/** Node 20.19 is the first that loads ES modules from CommonJS, which some dependencies need. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    stop(`Node ${process.versions.node} is too old. Install Node 20.19 or newer and run the same command again.`);
}

/**
 * Runs one step with a line that says what happens and how long it took. Its output is shown live with
 * `live: true`; otherwise only when it failed.
 *
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {{ live?: boolean, env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function step(title, command, args, options = {}) {
  const startedAt = Date.now();
  process.stdout.write(options.live ? `\n── ${title}\n` : `   ${title} …`);
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: options.env ?? process.env,
    stdio: options.live ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
  });
  /** @type {Buffer[]} */
  const output = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const succeeded = await new Promise((resolve) => {
    child.on("error", (error) => {
      output.push(Buffer.from(`${error.message}\n`));
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const verdict = succeeded ? `done in ${seconds} s` : `FAILED after ${seconds} s`;
  process.stdout.write(options.live ? `── ${title}: ${verdict}\n` : ` ${verdict}\n`);
  if (!succeeded && !options.live) process.stdout.write(Buffer.concat(output));
  return succeeded;
}
