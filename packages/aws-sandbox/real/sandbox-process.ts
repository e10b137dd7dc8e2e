// The built sandbox as a process with TLS, in a state directory that outlives a restart, and what its people may ask of it.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { GetConnectionStatusCommand, SSMClient } from "@aws-sdk/client-ssm";
import { vi } from "vitest";
import type { PeopleFile } from "../src/iam/people-file.ts";

/** Slow computers at work for others start it in so long. */
export const SLOW_MS = 120_000;
export const REGION = "eu-west-1";
const MAIN = resolve(import.meta.dirname, "../dist/main.js");

export class SandboxProcess {
  readonly folder: string;
  readonly caFile: string;
  readonly tlsUrl: string;
  readonly endpointUrl: string;
  readonly #argv: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(folder: string, ports: readonly [number, number], more: readonly string[]) {
    this.folder = folder;
    this.caFile = join(folder, "ca.pem");
    this.endpointUrl = `http://127.0.0.1:${ports[0]}`;
    this.tlsUrl = `https://127.0.0.1:${ports[1]}`;
    const files = ["--state-dir", join(folder, "state"), "--ca-file", this.caFile, "--people-file", this.#peopleFile];
    this.#argv = ["--port", String(ports[0]), "--tls-port", String(ports[1]), ...files, "--json", ...more];
  }

  /** @param more of the command's options */
  static async start(...more: string[]): Promise<SandboxProcess> {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-real-"));
    const sandbox = new SandboxProcess(folder, [await freePort(), await freePort()], more);
    await sandbox.#start();
    return sandbox;
  }

  get people(): PeopleFile {
    return JSON.parse(readFileSync(this.#peopleFile, "utf8"));
  }

  person(id: string): PeopleFile["people"][number] {
    const found = this.people.people.find((person) => person.id === id);
    if (found === undefined) throw new Error(`nobody is called ${id}`);
    return found;
  }

  /** By plain HTTP: what is tried here is the other software's TLS. */
  ssm(id: string): SSMClient {
    return new SSMClient({ endpoint: this.endpointUrl, region: REGION, credentials: this.person(id), maxAttempts: 1 });
  }

  /** On a busy computer the sandbox answers before its machines are there. */
  async connected(target: string): Promise<void> {
    const status = async () => (await this.ssm("dana").send(new GetConnectionStatusCommand({ Target: target }))).Status;
    await vi.waitUntil(async () => (await status()) === "connected", { timeout: SLOW_MS });
  }

  /** What AWS's programs need to come here as this person, and to go nowhere else. */
  environment(id: string): Record<string, string> {
    const { accessKeyId, secretAccessKey } = this.person(id);
    return {
      PATH: process.env.PATH ?? "",
      HOME: this.folder,
      TERM: "xterm-256color",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
      AWS_CA_BUNDLE: this.caFile,
      SSL_CERT_FILE: this.caFile,
    };
  }

  /** Ends it and starts it again, at the same ports and in the same state directory. */
  async restart(): Promise<void> {
    await this.#end();
    await this.#start();
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #peopleFile(): string {
    return join(this.folder, "people.json");
  }

  async #start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, ...this.#argv], { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const printed = { out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      printed.out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      printed.err += chunk;
    });
    await vi.waitUntil(() => printed.out !== "" || child.exitCode !== null, { timeout: SLOW_MS });
    if (!printed.out.includes(this.tlsUrl))
      throw new Error(`the sandbox did not start (pnpm build first?): ${printed.err}`);
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }
}

export function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
