/**
 * `pnpm demo`: builds what is missing, then runs the console and the AWS sandbox as two processes, and prints one link.
 * `pnpm demo sandbox` and `pnpm demo server` run one of the two: stop either and start it again by itself.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, watch } from "node:fs";
import path from "node:path";
import { buildIfStale, builtFile } from "./lib/build.mjs";
import { isPortFree } from "./lib/ports.mjs";
import { serverEnvironment, withoutAws } from "./lib/sandbox-environment.mjs";
import { ROOT, requireNode, stop } from "./lib/terminal.mjs";

const STATE = path.join(ROOT, ".causeway/demo");
const PEOPLE_FILE = path.join(STATE, "sandbox/people.json");
const DATA_DIR = path.join(STATE, "server");
const LAUNCH_URL_FILE = path.join(DATA_DIR, "launch-url");
const SANDBOX_PORT = Number(process.env.CAUSEWAY_SANDBOX_PORT ?? 4124);
/** How many machines its account lists. */
const SANDBOX_FLEET = process.env.CAUSEWAY_SANDBOX_FLEET;
const LISTEN = process.env.CAUSEWAY_LISTEN ?? "127.0.0.1:4123";
/** Longer than the server's own 10 s for an orderly stop. */
const STOP_WITHIN_MS = 12_000;
const READY_WITHIN_MS = 30_000;

requireNode();
const only = process.argv[2];
if (only !== undefined && only !== "sandbox" && only !== "server")
  stop(`"demo ${only}" is not known. Use demo, demo sandbox or demo server.`);
const runsSandbox = only !== "server";
const runsServer = only !== "sandbox";

if (runsSandbox && !(await isPortFree(SANDBOX_PORT)))
  stop(`port ${SANDBOX_PORT} is in use. Stop what listens there, or choose another: CAUSEWAY_SANDBOX_PORT=4224`);
const serverPort = Number(LISTEN.split(":").at(-1));
if (runsServer && !(await isPortFree(serverPort)))
  stop(`port ${serverPort} is in use. Stop what listens there, or choose another: CAUSEWAY_LISTEN=127.0.0.1:4223`);

process.stdout.write("Causeway demo: a console and a pretend AWS on this machine. No AWS account is used.\n");
await buildIfStale(runsServer ? (runsSandbox ? ["web", "server", "sandbox"] : ["web", "server"]) : ["sandbox"]);
mkdirSync(path.dirname(PEOPLE_FILE), { recursive: true, mode: 0o700 });
// A new sandbox has new machines and new keys: what an earlier demo kept belongs to shells that are gone.
if (runsSandbox && runsServer) rmSync(DATA_DIR, { recursive: true, force: true });
mkdirSync(DATA_DIR, { recursive: true, mode: 0o700 });

/** @type {Map<string, import("node:child_process").ChildProcess>} */
const running = new Map();
let stopping = false;

if (runsSandbox) await startSandbox();
if (runsServer) await startServer();

process.on("SIGINT", stopAll);
process.on("SIGTERM", stopAll);

async function startSandbox() {
  const args = [builtFile("sandbox"), "--port", String(SANDBOX_PORT), "--people-file", PEOPLE_FILE, "--json"];
  if (SANDBOX_FLEET !== undefined) args.push("--fleet", SANDBOX_FLEET);
  const sandbox = launch("sandbox", args, withoutAws(process.env));
  const { missingIsolation } = JSON.parse(await readyLine(sandbox));
  process.stdout.write(`   sandbox: AWS endpoint http://127.0.0.1:${SANDBOX_PORT} (log: ${logFile("sandbox")})\n`);
  const { portalPasscode } = JSON.parse(readFileSync(PEOPLE_FILE, "utf8"));
  process.stdout.write(`   Its Identity Center approves a code with the passcode ${portalPasscode}\n`);
  process.stdout.write(
    `   Its machines and faults, with the same passcode: http://127.0.0.1:${SANDBOX_PORT}/_sandbox/\n`,
  );
  process.stdout.write(
    missingIsolation.length === 0
      ? "   Its shells see their machine's home and this computer's programs, and reach no network.\n"
      : "   Its machines are shells of this computer, not a prison:\n",
  );
  for (const line of missingIsolation) process.stdout.write(`   - ${line}\n`);
}

async function startServer() {
  if (!existsSync(PEOPLE_FILE))
    stop("the sandbox has not run yet. Start it first: npx --yes pnpm@12.21.0 demo sandbox");
  const { endpointUrl } = JSON.parse(readFileSync(PEOPLE_FILE, "utf8"));
  rmSync(LAUNCH_URL_FILE, { force: true });
  const demo = { listen: LISTEN, endpointUrl, dataDir: DATA_DIR, peopleFile: PEOPLE_FILE };
  launch("server", [builtFile("server")], serverEnvironment(process.env, demo));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!existsSync(LAUNCH_URL_FILE) && running.has("server")) {
    if (Date.now() > deadline)
      stop(`the server did not start in ${READY_WITHIN_MS / 1000} s; see ${logFile("server")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  process.stdout.write(`   server:  http://${LISTEN} (log: ${logFile("server")})\n`);
  announceLinks();
}

/** The link works once, so the server writes a fresh one after each use; Enter shows the newest again. */
function announceLinks() {
  let shown = "";
  const show = (/** @type {boolean} */ again) => {
    const link = existsSync(LAUNCH_URL_FILE) ? readFileSync(LAUNCH_URL_FILE, "utf8").trim() : "";
    if (link === "" || (!again && link === shown)) return;
    process.stdout.write(
      shown === ""
        ? `\nOpen this link in a browser (it works once; Enter prints it again, Ctrl-C stops):\n\n   ${link}\n\n`
        : `Fresh link: ${link}\n`,
    );
    shown = link;
  };
  show(false);
  watch(DATA_DIR, (_event, name) => {
    if (name === path.basename(LAUNCH_URL_FILE)) show(false);
  });
  if (process.stdin.isTTY) process.stdin.on("data", () => show(true));
}

/** @param {"sandbox" | "server"} name @param {string[]} args @param {NodeJS.ProcessEnv} env */
function launch(name, args, env) {
  const log = openSync(logFile(name), "a", 0o600);
  // A group of their own: Ctrl-C reaches this script alone, which then stops both in order.
  const child = spawn(process.execPath, args, {
    env,
    stdio: ["ignore", name === "sandbox" ? "pipe" : log, log],
    detached: true,
  });
  closeSync(log);
  running.set(name, child);
  child.on("exit", (code, signal) => {
    running.delete(name);
    if (stopping) return;
    process.stdout.write(`The ${name} stopped (${signal ?? `exit ${code}`}); its log: ${logFile(name)}\n`);
    if (running.size === 0) process.exit(1);
    process.stdout.write(`Start it again by itself: npx --yes pnpm@12.21.0 demo ${name}\n`);
  });
  return child;
}

function logFile(/** @type {string} */ name) {
  return path.join(STATE, `${name}.log`);
}

/**
 * The sandbox prints exactly one line of JSON when it listens.
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<string>}
 */
async function readyLine(child) {
  /** @type {Promise<string>} */
  const line = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("timeout")), READY_WITHIN_MS);
    child.stdout?.once("data", (data) => {
      clearTimeout(timer);
      resolve(String(data));
    });
    child.once("exit", () => reject(new Error("exit")));
  });
  return line.catch(() => stop(`the sandbox did not start; see ${logFile("sandbox")}`));
}

async function stopAll() {
  if (stopping) {
    // Asked twice: nothing may stay behind, orderly or not.
    for (const child of running.values()) child.kill("SIGKILL");
    process.exit(1);
  }
  stopping = true;
  process.stdout.write("\nStopping. Sandbox shells end with it.\n");
  // The server first: what the shells still print is stored while the sandbox answers.
  for (const name of ["server", "sandbox"]) {
    const child = running.get(name);
    if (child === undefined) continue;
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await new Promise((resolve) => child.once("exit", resolve));
    clearTimeout(force);
  }
  process.exit(0);
}
