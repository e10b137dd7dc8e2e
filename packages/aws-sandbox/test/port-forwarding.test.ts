// Port sessions on the real sandbox, from StartSession to a program on the machine that listens: with machines kept apart where this
// computer offers it, and without.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSMClient, StartSessionCommand } from "@aws-sdk/client-ssm";
import { FLAG } from "@causeway/ssm-data-channel";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { whyNotIsolated } from "../src/instances/isolation.ts";
import { buildSmuxFrame, SMUX_COMMAND, SmuxReader } from "../src/ports/smux.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";
import { eventually, TestClient } from "../src/ssm-messages/test-peers.ts";

// Each test opens several sessions, of which a slow machine starts one in seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const API = "i-0c41b7e92fa03d518";
const BASTION = "i-06e0c95d8f1a4b273";
const fleet = DEFAULT_FLEET.filter(({ id }) => id === API || id === BASTION);
const FORWARD = "AWS-StartPortForwardingSession";
const FORWARD_TO_HOST = "AWS-StartPortForwardingSessionToRemoteHost";

const folder = await mkdtemp(join(tmpdir(), "ports-"));
const WHY_NOT = await whyNotIsolated(folder, await mkdtemp(join(folder, "root-")));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(sandbox: Sandbox, Target: string, DocumentName?: string, values: Record<string, string> = {}) {
  const credentials = sandbox.people.people.find(({ id }) => id === "dana");
  if (credentials === undefined) throw new Error("nobody is called dana");
  const ssm = new SSMClient({ endpoint: sandbox.endpointUrl, region: "eu-west-1", credentials, maxAttempts: 1 });
  const Parameters = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  const started = await ssm.send(
    new StartSessionCommand({ Target, ...(DocumentName === undefined ? {} : { DocumentName, Parameters }) }),
  );
  const client = new TestClient(String(started.SessionId), Target);
  await client.connect(String(started.StreamUrl), String(started.TokenValue));
  return client;
}

/** A forwarding client: streams by number, as the plugin numbers them. */
class Forwarding {
  readonly client: TestClient;
  #lastStream = 1;
  constructor(client: TestClient) {
    this.client = client;
  }
  static async open(...asked: Parameters<typeof start>): Promise<Forwarding> {
    const client = await start(...asked);
    await eventually(() => expect(client.events.map(({ kind }) => kind)).toContain("running"));
    return new Forwarding(client);
  }
  #send(command: number, stream: number, text = ""): void {
    const frame = buildSmuxFrame(command, stream, Buffer.from(text));
    this.client.act(() => this.client.channel.sendInput(frame, Date.now()));
  }
  /** @returns the stream */
  open(text: string): number {
    this.#lastStream += 2;
    this.#send(SMUX_COMMAND.open, this.#lastStream);
    this.#send(SMUX_COMMAND.data, this.#lastStream, text);
    return this.#lastStream;
  }
  heard(stream: number): { text: string; isClosed: boolean } {
    const frames = new SmuxReader().read(this.client.bytes).filter(({ streamId }) => streamId === stream);
    const text = Buffer.concat(frames.map(({ data }) => data)).toString("utf8");
    return { text, isClosed: frames.some(({ command }) => command === SMUX_COMMAND.close) };
  }
  get flags(): number[] {
    return this.client.events.flatMap((event) => (event.kind === "received" && event.flag ? [event.flag] : []));
  }
  /** One HTTP request on a connection of its own. */
  async get(path: string): Promise<string> {
    const stream = this.open(`GET ${path} HTTP/1.0\r\nhost: machine\r\n\r\n`);
    await expect.poll(() => this.heard(stream).isClosed, { timeout: 20_000 }).toBe(true);
    return this.heard(stream).text;
  }
}

async function run(client: TestClient, command: string): Promise<string> {
  const from = client.text.length;
  client.type(`${command}; echo over-$((40 + 2))\r`);
  await expect.poll(() => client.text.slice(from), { timeout: 20_000 }).toContain("over-42");
  return client.text.slice(from);
}

const KINDS = [
  ...(WHY_NOT === undefined ? ([["kept apart", true]] as const) : []),
  ["on this computer as it is", false],
] as const;

describe.each(KINDS)("machines %s", (_name, isolation) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, fleet, isolation });
    await sandbox.machinesConnected;
  });
  afterAll(() => sandbox.close());

  test("the machine's service answers on its port, many connections at once, and does as well as svc says", async () => {
    const forwarding = await Forwarding.open(sandbox, API, FORWARD);
    expect(await forwarding.get("/")).toMatch(
      /^HTTP\/1.1 200 OK[\s\S]*checkout on checkout-api-01 \(i-0c41b7e92fa03d518\)\nall well/,
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => forwarding.get("/health")));
    expect(answers.every((answer) => answer.endsWith("\r\n\r\nok\n"))).toBe(true);
    const shell = await start(sandbox, API);
    await shell.shows("$ ");
    await run(shell, "svc stop");
    expect(await forwarding.get("/health")).toBe("");
    await run(shell, "svc start");
    expect(await forwarding.get("/health")).toContain("200 OK");
    expect(forwarding.flags).toEqual([]);
    forwarding.client.act(() => forwarding.client.channel.sendFlag(FLAG.terminateSession, Date.now()));
    expect(await forwarding.client.ended()).toBe("");
  });

  test("a port on which nothing listens is told, and the session goes on", async () => {
    const forwarding = await Forwarding.open(sandbox, API, FORWARD, { portNumber: "1" });
    for (let turn = 1; turn <= 2; turn++) {
      const stream = forwarding.open("anybody?");
      await expect.poll(() => forwarding.heard(stream).isClosed, { timeout: 20_000 }).toBe(true);
      expect(forwarding.flags).toEqual(Array(turn).fill(FLAG.connectToPortError));
    }
    expect(forwarding.client.closedWith).toBeUndefined();
  });

  test("a bastion leads to another machine by its name, and not to the metadata address", async () => {
    const toApi = await Forwarding.open(sandbox, BASTION, FORWARD_TO_HOST, {
      host: "checkout-api-01",
      portNumber: "80",
    });
    expect(await toApi.get("/")).toContain("checkout on checkout-api-01");
    const forbidden = await start(sandbox, BASTION, FORWARD_TO_HOST, { host: "169.254.169.254", portNumber: "80" });
    expect(await forbidden.ended()).toBe(
      "\n----------ERROR-------\nForwarding to IP address 169.254.169.254 is forbidden.",
    );
    const nowhere = await Forwarding.open(sandbox, BASTION, FORWARD_TO_HOST, { host: "db.example", portNumber: "80" });
    const stream = nowhere.open("hello");
    await expect.poll(() => nowhere.heard(stream).isClosed, { timeout: 20_000 }).toBe(true);
    expect(nowhere.flags).toEqual([FLAG.connectToPortError]);
  });

  test("a session for SSH carries the bytes of one connection, and ends with it", async () => {
    const client = await start(sandbox, API, "AWS-StartSSHSession", { portNumber: "80" });
    await eventually(() => expect(client.events.map(({ kind }) => kind)).toContain("running"));
    client.type("GET /nowhere HTTP/1.0\r\n\r\n");
    expect(await client.ended()).toBe("");
    expect(client.text).toMatch(/^HTTP\/1.1 404 Not Found[\s\S]*not here\n$/);
    const refused = await start(sandbox, API, "AWS-StartSSHSession", { portNumber: "1" });
    expect(await refused.ended()).toMatch(/-ERROR-[\s\S]*Unable to connect to specified port: dial tcp .*refused/);
  });

  test("a reboot takes the port with it and brings it back", async () => {
    const before = await Forwarding.open(sandbox, API, FORWARD);
    expect(await before.get("/health")).toContain("200 OK");
    const url = `${sandbox.endpointUrl}/_sandbox/instances/${API}/reboot`;
    await fetch(url, { method: "POST", headers: { authorization: `Bearer ${sandbox.people.adminToken}` } });
    await before.client.ended();
    const after = await Forwarding.open(sandbox, API, FORWARD);
    expect(await after.get("/health")).toContain("200 OK");
  });
});

test.runIf(WHY_NOT === undefined)(
  "a port of a machine of its own is the machine's, also of a program there, never this computer's",
  async () => {
    const here = createServer((socket) => socket.end("this computer"));
    await new Promise<void>((resolve) => here.listen(0, "127.0.0.1", resolve));
    const { port } = here.address() as { port: number };
    const sandbox = await startSandbox({ port: 0, fleet });
    try {
      await sandbox.machinesConnected;
      const forwarding = await Forwarding.open(sandbox, API, FORWARD, { portNumber: String(port) });
      const stream = forwarding.open("who is there?");
      await expect.poll(() => forwarding.heard(stream).isClosed, { timeout: 20_000 }).toBe(true);
      expect([forwarding.heard(stream).text, forwarding.flags]).toEqual(["", [FLAG.connectToPortError]]);
      const shell = await start(sandbox, BASTION);
      await shell.shows("$ ");
      expect(await run(shell, "(echo > /dev/tcp/127.0.0.1/80) 2>&1")).toMatch(/refused/);
      const api = await start(sandbox, API);
      await api.shows("$ ");
      const request = "exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
      await expect.poll(() => run(api, request), { timeout: 20_000 }).toMatch(/200 OK[\s\S]*ok/);
    } finally {
      await sandbox.close();
      here.close();
    }
  },
);
