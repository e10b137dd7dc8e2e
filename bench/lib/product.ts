/**
 * The product as it is started: the sandbox and the server, built, two processes, free ports, a fresh data directory; and
 * one person who is signed in. Nothing of their insides is used.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildIfStale, builtFile } from "../../scripts/lib/build.mjs";
import { serverEnvironment, withoutAws } from "../../scripts/lib/sandbox-environment.mjs";
import type { Entry } from "../load/pages.ts";
import { noteBegun } from "./begun.ts";

const READY_WITHIN_MS = 60_000;
const PERSON = "dana";
/** A Linux machine of the sandbox with a shell. */
const TARGET = "i-0a1f6c83e5d2b7940";
const REGION = "eu-west-1";

export class Product {
  readonly url: string;
  /** From the start of the server's process to its first answer, in milliseconds. */
  readonly serverStartMs: number;
  readonly #state: string;
  readonly #children: readonly ChildProcess[];
  #cookie = "";

  private constructor(url: string, serverStartMs: number, state: string, children: readonly ChildProcess[]) {
    this.url = url;
    this.serverStartMs = serverStartMs;
    this.#state = state;
    this.#children = children;
  }

  /** @param sandboxArguments beside the usual ones */
  static async start(sandboxArguments: readonly string[] = []): Promise<Product> {
    await buildIfStale(["web", "server", "sandbox"]);
    const state = mkdtempSync(path.join(tmpdir(), "causeway-bench-"));
    const peopleFile = path.join(state, "people.json");
    const dataDir = path.join(state, "data");
    const sandbox = spawn(
      process.execPath,
      [builtFile("sandbox"), "--port", "0", "--people-file", peopleFile, "--json", ...sandboxArguments],
      { env: withoutAws(process.env), stdio: ["ignore", "pipe", "ignore"] },
    );
    noteChild(sandbox);
    await new Promise((resolve, reject) => {
      sandbox.stdout?.once("data", resolve);
      sandbox.once("exit", () => reject(new Error("the sandbox did not start")));
    });
    const { endpointUrl } = JSON.parse(readFileSync(peopleFile, "utf8")) as { endpointUrl: string };
    const listen = `127.0.0.1:${await freePort()}`;
    const env = serverEnvironment(process.env, { listen, endpointUrl, dataDir, peopleFile });
    const startedAtMs = performance.now();
    const server = spawn(process.execPath, [builtFile("server")], { env, stdio: "ignore" });
    noteChild(server);
    const url = `http://${listen}`;
    await answers(`${url}/readyz`, server);
    const product = new Product(url, performance.now() - startedAtMs, state, [server, sandbox]);
    await product.#signIn(peopleFile);
    return product;
  }

  /** The one-time link for a browser. */
  async launchUrl(): Promise<string> {
    const file = path.join(this.#state, "data/launch-url");
    while (!existsSync(file)) await pause(20);
    return readFileSync(file, "utf8").trim();
  }

  /** A session of its own, and what a page needs to attach to it. */
  async openSession(n: number): Promise<Entry> {
    const { id } = await this.#post("/sessions", { region: REGION, target: TARGET, cols: 140, rows: 40 });
    const { ticket } = await this.#post(`/sessions/${id}/attach-ticket`);
    return {
      n,
      url: `${this.url.replace("http", "ws")}/api/v1/sessions/${id}/attach`,
      headers: { origin: this.url, cookie: this.#cookie },
      ticket: ticket ?? "",
    };
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    rmSync(this.#state, { recursive: true, force: true });
  }

  async #signIn(peopleFile: string): Promise<void> {
    const { people } = JSON.parse(readFileSync(peopleFile, "utf8")) as {
      people: { id: string; accessKeyId: string; secretAccessKey: string }[];
    };
    const person = people.find(({ id }) => id === PERSON);
    if (person === undefined) throw new Error(`the sandbox has no ${PERSON}`);
    const { accessKeyId, secretAccessKey } = person;
    await this.#post("/sign-in/access-keys", { accessKeyId, secretAccessKey });
  }

  async #post(route: string, body?: object): Promise<{ id?: string; ticket?: string }> {
    const response = await fetch(`${this.url}/api/v1${route}`, {
      method: "POST",
      headers: {
        origin: this.url,
        ...(this.#cookie === "" ? {} : { cookie: this.#cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${route} answered ${response.status}`);
    this.#cookie = response.headers.getSetCookie().at(-1)?.split(";")[0] ?? this.#cookie;
    return text === "" ? {} : (JSON.parse(text) as { id?: string; ticket?: string });
  }
}

function noteChild(child: ChildProcess): void {
  child.once(
    "exit",
    noteBegun(() => child.kill("SIGKILL")),
  );
}

/**
 * What of a start is Node's own: a process with nothing but an HTTP server.
 * @returns milliseconds from its start to its first answer
 */
export async function emptyServerStartMs(): Promise<number> {
  const port = await freePort();
  const startedAtMs = performance.now();
  const script = `require("node:http").createServer((_, response) => response.end()).listen(${port}, "127.0.0.1")`;
  const server = spawn(process.execPath, ["-e", script], { stdio: "ignore" });
  noteChild(server);
  await answers(`http://127.0.0.1:${port}`, server);
  const tookMs = performance.now() - startedAtMs;
  server.kill("SIGKILL");
  return tookMs;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const giveUpAtMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (child.exitCode !== null || performance.now() > giveUpAtMs) throw new Error("the server did not start");
    await pause(10);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
