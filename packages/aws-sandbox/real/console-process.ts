// The built console, pointed at the sandbox's TLS door, and one person at it by HTTP and websocket. Nothing of it is imported: the frames
// are written as docs of the wire have them (input: 0x10, origin, stream, offset; output: 0x01).
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { WebSocket } from "ws";
import { freePort, REGION, type SandboxProcess, SLOW_MS } from "./sandbox-process.ts";

const MAIN = resolve(import.meta.dirname, "../../../apps/server/dist/main.js");
const INPUT_HEADER_BYTES = 26;

export class ConsoleProcess {
  readonly #url: string;
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  #cookie = "";
  #printed = "";

  private constructor(url: string, child: ChildProcess, dataDir: string) {
    this.#url = url;
    this.#child = child;
    this.#dataDir = dataDir;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        this.#printed += chunk;
      });
  }

  /** Signed in as this person. */
  static async start(sandbox: SandboxProcess, person: string): Promise<ConsoleProcess> {
    const listen = `127.0.0.1:${await freePort()}`;
    const dataDir = await mkdtemp(join(tmpdir(), "console-real-"));
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: sandbox.caFile,
        AWS_ENDPOINT_URL: sandbox.tlsUrl,
        AWS_EC2_METADATA_DISABLED: "true",
        CAUSEWAY_AWS_HOSTS: new URL(sandbox.tlsUrl).host,
        CAUSEWAY_DATA_DIR: dataDir,
        CAUSEWAY_LISTEN: listen,
        CAUSEWAY_REGIONS: REGION,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const console = new ConsoleProcess(`http://${listen}`, child, dataDir);
    const { accessKeyId, secretAccessKey } = sandbox.person(person);
    const signIn = () => console.call("POST", "/sign-in/access-keys", { accessKeyId, secretAccessKey }).catch(String);
    await expect.poll(signIn, { timeout: SLOW_MS, interval: 250, message: console.#printed }).toHaveProperty("login");
    return console;
  }

  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        origin: this.#url,
        ...(this.#cookie === "" ? {} : { cookie: this.#cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    this.#cookie = response.headers.getSetCookie().at(-1)?.split(";")[0] ?? this.#cookie;
    return text === "" ? {} : JSON.parse(text);
  }

  /** A shell in a pane of 90 columns and 30 rows. */
  async openShell(target: string): Promise<ConsolePane> {
    const size = { cols: 90, rows: 30 };
    const { id } = await this.call("POST", "/sessions", { region: REGION, target, ...size });
    const { ticket } = await this.call("POST", `/sessions/${id}/attach-ticket`);
    const url = `${this.#url.replace("http", "ws")}/api/v1/sessions/${id}/attach`;
    const socket = new WebSocket(url, "causeway.v1", { headers: { origin: this.#url, cookie: this.#cookie } });
    await new Promise((done, failed) => socket.once("open", done).once("error", failed));
    return new ConsolePane(socket, String(ticket), size);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill("SIGTERM");
    await ended;
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

export class ConsolePane {
  readonly #socket: WebSocket;
  readonly #streamId = "0123456789abcdef0123456789abcdef";
  #output = Buffer.alloc(0);
  #typed = 0;
  #messages: string[] = [];

  constructor(socket: WebSocket, ticket: string, size: { cols: number; rows: number }) {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.#messages.push(data.toString());
      else if (data[0] === 0x01) this.#output = Buffer.concat([this.#output, data.subarray(1)]);
    });
    this.#say({ type: "ticket", ticket });
    this.#say({ type: "attach", offset: null, streamId: this.#streamId, ...size, visible: true });
  }

  async shows(text: string | RegExp): Promise<void> {
    const seen = () => this.#output.toString();
    await expect.poll(seen, { timeout: SLOW_MS, interval: 100, message: this.#messages.join("\n") }).toMatch(text);
  }

  enter(line: string): void {
    const bytes = Buffer.from(`${line}\r`);
    const header = Buffer.alloc(INPUT_HEADER_BYTES);
    header[0] = 0x10;
    header.write(this.#streamId, 2, "hex");
    header.writeDoubleBE(this.#typed, 18);
    this.#typed += bytes.length;
    this.#socket.send(Buffer.concat([header, bytes]));
  }

  /** The window has another size. */
  resize(cols: number, rows: number): void {
    this.#say({ type: "resize", cols, rows });
  }

  async ended(): Promise<void> {
    await expect.poll(() => this.#messages.join("\n"), { timeout: SLOW_MS }).toContain('"type":"ended"');
    this.#socket.close();
  }

  #say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}
