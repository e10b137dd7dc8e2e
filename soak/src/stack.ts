/**
 * The built product with a bad network: sandbox and server as processes of their own, a fault proxy before each, a fresh
 * data directory. Nothing of theirs is imported: what they print and write is all that is used.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { FaultProxy } from "./fault-proxy.ts";
import { endProcess, type Started, startProcess } from "./processes.ts";
import { SandboxControl } from "./sandbox-control.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SANDBOX = path.join(ROOT, "packages/aws-sandbox/dist/main.js");
const SERVER = path.join(ROOT, "apps/server/dist/main.js");
const SETTABLE_DATE = new URL("./settable-date.mjs", import.meta.url).href;

export class Stack {
  /** Between pages and server. */
  readonly browserWire: FaultProxy;
  /** Between server and sandbox. */
  readonly awsWire: FaultProxy;
  readonly control: SandboxControl;
  readonly #directory: string;
  readonly #sandbox: Started;
  readonly #environment: NodeJS.ProcessEnv;
  #server: Started | undefined;
  /** Starts and stops of the server happen one after the other, in the order they were asked for. */
  #tail: Promise<void> = Promise.resolve();

  private constructor(parts: {
    browserWire: FaultProxy;
    awsWire: FaultProxy;
    control: SandboxControl;
    directory: string;
    sandbox: Started;
    environment: NodeJS.ProcessEnv;
  }) {
    this.browserWire = parts.browserWire;
    this.awsWire = parts.awsWire;
    this.control = parts.control;
    this.#directory = parts.directory;
    this.#sandbox = parts.sandbox;
    this.#environment = parts.environment;
  }

  /**
   * @param directory a directory of its own; logs stay there
   * @param files name → text of what lies in the home directory of `instanceId`
   * @param settings of the server, beside those that every stack has
   */
  static async start(
    directory: string,
    instanceId: string,
    files: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<Stack> {
    for (const built of [SANDBOX, SERVER]) if (!existsSync(built)) throw new Error(`${built} is missing: pnpm build`);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const [browserWire, awsWire] = await Promise.all([FaultProxy.listen(), FaultProxy.listen()]);
    const clean = withoutAws(process.env);
    const stateDir = path.join(directory, "machines");
    const home = path.join(stateDir, "homes", instanceId);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, name), text, { mode: 0o600 });
    const peopleFile = path.join(directory, "people.json");
    const proxied = ["--port", "0", "--proxy-port", String(awsWire.port)];
    const sandbox = await startProcess(
      [SANDBOX, ...proxied, "--state-dir", stateDir, "--people-file", peopleFile, "--json"],
      clean,
      /"endpointUrl":"(http:\/\/[^"]+:(\d+))"[^\n]*"pid"/,
      path.join(directory, "sandbox.log"),
    );
    awsWire.setTarget(Number(sandbox.match[2]));
    const stack = new Stack({
      browserWire,
      awsWire,
      control: new SandboxControl(sandbox.match[1] as string, peopleFile),
      directory,
      sandbox,
      environment: {
        ...clean,
        AWS_ENDPOINT_URL: awsWire.origin,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: path.join(directory, "none"),
        AWS_SHARED_CREDENTIALS_FILE: path.join(directory, "none"),
        CAUSEWAY_AWS_HOSTS: new URL(awsWire.origin).host,
        CAUSEWAY_DATA_DIR: dataDirIn(directory),
        CAUSEWAY_LISTEN: "127.0.0.1:0",
        CAUSEWAY_PUBLIC_URL: browserWire.origin,
        CAUSEWAY_REGIONS: "eu-west-1",
        SOAK_CLOCK_FILE: path.join(directory, "clock"),
        ...settings,
      },
    });
    stack.setServerClock(0);
    await stack.startServer().catch(async (error: unknown) => {
      await stack.close();
      throw error;
    });
    return stack;
  }

  /** 0: it does not run. */
  get serverPid(): number {
    return this.#server?.child.pid ?? 0;
  }
  get dataDir(): string {
    return dataDirIn(this.#directory);
  }

  startServer(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#server !== undefined) return;
      const ready = /Server listening at http:\/\/127\.0\.0\.1:(\d+)/;
      const args = ["--import", SETTABLE_DATE, SERVER];
      this.#server = await startProcess(args, this.#environment, ready, path.join(this.#directory, "server.log"));
      this.browserWire.setTarget(Number(this.#server.match[1]));
    });
  }

  stopServer(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#server === undefined) return;
      const { child } = this.#server;
      this.#server = undefined;
      await endProcess(child, signal);
    });
  }

  /** Its wall clock differs from ours by so much from now on, in milliseconds. */
  setServerClock(byMs: number): void {
    writeFileSync(path.join(this.#directory, "clock"), String(byMs), { mode: 0o600 });
    this.#server?.child.kill("SIGUSR2");
  }

  freezeServer(): void {
    this.#server?.child.kill("SIGSTOP");
  }
  /** AWS and the agents: their processes; the shells go on until what they write to is full. */
  freezeSandbox(): void {
    this.#sandbox.child.kill("SIGSTOP");
  }
  thaw(): void {
    this.#sandbox.child.kill("SIGCONT");
    this.#server?.child.kill("SIGCONT");
  }

  /** Ends all of it. @param keepsFiles false: only the logs stay */
  async close(keepsFiles = true): Promise<void> {
    await this.stopServer("SIGKILL");
    await endProcess(this.#sandbox.child, "SIGTERM");
    await Promise.all([this.browserWire.close(), this.awsWire.close()]);
    if (!keepsFiles) await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(act);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

function dataDirIn(directory: string): string {
  return path.join(directory, "data");
}

/** The caller's AWS and Causeway settings stay outside. */
function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(AWS|CAUSEWAY)_/.test(name) && name !== "NODE_OPTIONS"),
  );
}
