/**
 * The built product as a person starts it: the sandbox and a server pointed at it, two processes, on free ports and a
 * fresh data directory. Nothing of ours is imported: only what the processes print and write is used.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_WITHIN_MS = 30_000;

export interface Person {
  id: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Stack {
  /** Where the console answers, without a trailing slash. */
  url: string;
  sandboxUrl: string;
  /** What the page asks for on which a code is approved. */
  portalPasscode: string;
  /** A call to the sandbox's admin API. @returns its answer */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  people: Person[];
  /** The newest one-time link; each works once. */
  launchUrl(): string;
  /** What the shell of this AWS session received, as the sandbox's agent saw it. */
  shellInput(awsSessionId: string): Promise<string>;
  /** Makes the sandbox misbehave from here on: a fault plan of docs/sandbox-coverage.md; `{}` ends it. */
  setFaults(plan: object): Promise<void>;
  /** What the faults did how often, by name. */
  faultsDone(): Promise<Record<string, number>>;
  /** Everything the two processes printed. */
  logs(): string;
  dataDir: string;
  /** Stops the server's process; the sandbox, with its shells, goes on. Resolves when it is gone. */
  stopServer(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  /**
   * The server's disk takes nothing more (true), or again all there is: no file of it can be written to, as on a disk that is full.
   * A bound on the process, which an ordinary user may set and take back (prlimit of util-linux).
   */
  fillServerDisk(isFull: boolean): void;
  /** Starts it again: same port, same data directory. Resolves when it answers. */
  startServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Arguments of the sandbox beside its own. */
  sandboxArguments?: readonly string[];
  /** Where the console is to answer; otherwise at any free port. */
  port?: number;
}

/** @param settings further environment of the server */
export async function startStack(settings: Record<string, string> = {}, options: StackOptions = {}): Promise<Stack> {
  const state = mkdtempSync(path.join(tmpdir(), "causeway-e2e-"));
  const peopleFile = path.join(state, "people.json");
  const dataDir = path.join(state, "data");
  const printed: string[] = [];
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS|CAUSEWAY)_/.test(name)),
  );

  const sandbox = start(
    "packages/aws-sandbox",
    ["--port", "0", "--people-file", peopleFile, "--json", ...(options.sandboxArguments ?? [])],
    environment,
    printed,
  );
  await until(() => existsSync(peopleFile) && printed.join("").includes("endpointUrl"), sandbox, printed);
  const { endpointUrl, adminToken, portalPasscode, people } = JSON.parse(readFileSync(peopleFile, "utf8"));

  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const launchFile = path.join(dataDir, "launch-url");
  const serverEnvironment = {
    ...environment,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_EC2_METADATA_DISABLED: "true",
    CAUSEWAY_AUDITORS: "*/user/kofi",
    CAUSEWAY_AWS_HOSTS: new URL(endpointUrl).host,
    CAUSEWAY_DATA_DIR: dataDir,
    CAUSEWAY_IDENTITY_CENTER: `eu-west-1 ${endpointUrl}/start`,
    CAUSEWAY_LISTEN: `127.0.0.1:${port}`,
    CAUSEWAY_READY_MADE_PEOPLE_FILE: peopleFile,
    CAUSEWAY_REGIONS: "eu-west-1,us-east-1",
    ...settings,
  };
  const startServer = async () => {
    rmSync(launchFile, { force: true });
    const child = start("apps/server", [], serverEnvironment, printed);
    await until(() => existsSync(launchFile), child, printed);
    return child;
  };
  let server = await startServer();

  return {
    url,
    sandboxUrl: endpointUrl,
    portalPasscode,
    async admin(method, path, body) {
      const response = await fetch(`${endpointUrl}/_sandbox/${path}`, {
        method,
        headers: { authorization: `Bearer ${adminToken}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
      return response.json();
    },
    people,
    dataDir,
    launchUrl: () => readFileSync(launchFile, "utf8").trim(),
    logs: () => printed.join(""),
    async shellInput(awsSessionId) {
      const response = await fetch(`${endpointUrl}/_sandbox/sessions/${encodeURIComponent(awsSessionId)}/input`, {
        headers: { authorization: `Bearer ${adminToken}` },
      });
      if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
      const { input } = (await response.json()) as { input: { base64: string }[] };
      return Buffer.concat(input.map((chunk) => Buffer.from(chunk.base64, "base64"))).toString();
    },
    async setFaults(plan) {
      const response = await fetch(`${endpointUrl}/_sandbox/faults`, {
        method: "PUT",
        headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
        body: JSON.stringify(plan),
      });
      if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
    },
    async faultsDone() {
      const headers = { authorization: `Bearer ${adminToken}` };
      const response = await fetch(`${endpointUrl}/_sandbox/faults`, { headers });
      return ((await response.json()) as { done: Record<string, number> }).done;
    },
    stopServer: (signal) => end(server, signal),
    fillServerDisk(isFull) {
      execFileSync("prlimit", ["--pid", String(server.pid), `--fsize=${isFull ? "0" : "unlimited"}:unlimited`]);
    },
    async startServer() {
      server = await startServer();
    },
    async stop() {
      for (const child of [server, sandbox]) await end(child, "SIGTERM");
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function start(folder: string, args: string[], env: NodeJS.ProcessEnv, printed: string[]): ChildProcess {
  const child = spawn(process.execPath, [path.join(ROOT, folder, "dist/main.js"), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (chunk) => printed.push(String(chunk)));
  child.stderr?.on("data", (chunk) => printed.push(String(chunk)));
  return child;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await exited;
}

async function until(isReady: () => boolean, child: ChildProcess, printed: string[]): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!isReady()) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
      throw new Error(`a process did not start:\n${printed.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
