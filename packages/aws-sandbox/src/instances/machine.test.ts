import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYLOAD_TYPE } from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SILENT_LOG } from "../log.ts";
import type { SessionDocument } from "../ssm-messages/session-types.ts";
import { eventually, TestClient } from "../ssm-messages/test-peers.ts";
import { INSTANCE_ID, TestService } from "../ssm-messages/test-service.ts";
import { DEFAULT_FLEET } from "./default-fleet.ts";
import type { FleetInstance } from "./fleet.ts";
import { Machine } from "./machine.ts";
import { isAlive, processesWithHome } from "./process-table.ts";

const PROMPT = "ssm-user@checkout-api-04:~$ ";
const instance = DEFAULT_FLEET.find(({ id }) => id === INSTANCE_ID) as FleetInstance;
const root = mkdtempSync(join(tmpdir(), "machine-"));
let service: TestService;
let machine: Machine;

beforeEach(async () => {
  service = await new TestService().listen();
  machine = newMachine();
  await machine.start();
  expect(service.gateway.isConnected(INSTANCE_ID)).toBe(true);
});
afterEach(async () => {
  await machine.stop(0);
  await service.close();
  rmSync(root, { recursive: true, force: true });
});

const newMachine = (profile: "windowed" | "real-agent" = "windowed") =>
  new Machine({
    instance,
    endpoint: service.endpoint,
    credentials: { accessKeyId: INSTANCE_ID, secretAccessKey: "unused" },
    homeRoot: root,
    profile,
    journal: service.gateway.journal,
    log: SILENT_LOG,
  });

async function open(document?: Partial<SessionDocument>, parameters: Record<string, string[]> = {}) {
  const change = document ? { document: { schemaVersion: "1.0", sessionType: "Standard_Stream", ...document } } : {};
  const input = service.sessionInput({ ...change, parameters });
  const access = service.gateway.startSession(input);
  const client = await TestClient.open(service, input.sessionId, access);
  return { client, sessionId: input.sessionId };
}
async function openShell(document?: Partial<SessionDocument>) {
  const session = await open(document);
  await session.client.shows(PROMPT);
  return session;
}
/** The agent acknowledged so many sizes. */
const sizesTaken = (client: TestClient, count: number) =>
  eventually(() =>
    expect(
      client.events.filter((event) => event.kind === "input_acknowledged" && event.payloadType === PAYLOAD_TYPE.size),
    ).toHaveLength(count),
  );
const statusOf = (sessionId: string) => service.gateway.getSession(sessionId)?.status;

test("a shell answers with the machine's prompt, and what is typed comes back with its result", async () => {
  const { client, sessionId } = await openShell();
  client.type("echo $((6*7)) é 漢字 🎉\r");
  await client.shows("42 é 漢字 🎉\r\n");
  expect(statusOf(sessionId)).toBe("Connected");
});

test("programs see the client's size, and its changes", async () => {
  const { client } = await openShell();
  client.resize(111, 37);
  await sizesTaken(client, 1);
  client.type("stty size\r");
  await client.shows("37 111");
  client.resize(90, 30);
  await sizesTaken(client, 2);
  client.type("stty size\r");
  await client.shows("30 90");
});

test("Ctrl-C ends what runs and leaves the shell", async () => {
  const { client } = await openShell();
  client.type("echo begin; sleep 300\r");
  await client.shows("begin\r\n");
  client.type("\x03");
  await client.shows("^C");
  client.type("echo still $((1+1))\r");
  await client.shows("still 2");
});

test("Ctrl-C outruns a flood of output", async () => {
  const { client } = await openShell();
  client.type("yes flood\r");
  await eventually(() => expect(client.bytes.length).toBeGreaterThan(500_000));
  client.type("\x03");
  client.type("echo over $((40+2))\r");
  await client.shows("over 42");
});

test("a large output arrives whole, in order and once", async () => {
  const { client } = await openShell();
  client.type("seq -f 'line %.0f' 1 30000; echo end $((3*3))\r");
  await client.shows("end 9");
  const numbers = [...client.text.matchAll(/^line (\d+)\r$/gm)].map((match) => Number(match[1]));
  expect(numbers).toEqual(Array.from({ length: 30_000 }, (_, index) => index + 1));
});

test("exit ends the session: all output, then channel_closed with an empty text, then the socket", async () => {
  const { client, sessionId } = await openShell();
  client.type("seq 1 5000; exit 3\r");
  expect(await client.ended()).toBe("");
  expect(client.text).toMatch(/\r\n4999\r\n5000\r\nexit\r\n$/);
  await eventually(() => expect(client.peer?.closeCode).toBe(1000));
  expect(statusOf(sessionId)).toBe("Terminated");
});

test("TerminateSession kills the shell and all it started", async () => {
  const { client, sessionId } = await openShell();
  client.type("sleep 500 & nohup sleep 501 >/dev/null 2>&1 & echo running $((1+1)) jobs\r");
  await client.shows("running 2 jobs");
  const processes = processesWithHome(join(root, INSTANCE_ID));
  expect(processes.length).toBeGreaterThanOrEqual(3);
  expect(service.gateway.terminateSession(sessionId)).toBe(true);
  expect(await client.ended()).toBe("");
  await eventually(() => expect(processes.filter(isAlive)).toEqual([]));
});

test("the environment of a shell is built from nothing", async () => {
  process.env.AWS_ACCESS_KEY_ID = "canary";
  process.env.CAUSEWAY_DATA_DIR = "canary";
  const { client } = await openShell();
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.CAUSEWAY_DATA_DIR;
  client.type("env; echo the end\r");
  await client.shows("\r\nthe end\r\n");
  expect(client.text).not.toMatch(/AWS_|CAUSEWAY_|NODE_|canary|VITEST/);
  expect(client.text).toContain(`HOME=${join(root, INSTANCE_ID)}\r\n`);
  expect(client.text).toContain("USER=ssm-user\r\n");
  expect(client.text).toContain("TERM=xterm-256color\r\n");
  expect(statSync(join(root, INSTANCE_ID)).mode & 0o777).toBe(0o700);
});

test("two sessions on one machine do not see each other's input or output", async () => {
  const a = await openShell();
  const b = await openShell();
  a.client.type("echo from-a $((1+1))\r");
  b.client.type("echo from-b $((2+2))\r");
  await a.client.shows("from-a 2");
  await b.client.shows("from-b 4");
  expect(a.client.text).not.toContain("from-b");
  const journal = Buffer.concat(service.gateway.inputJournal(a.sessionId).map(({ bytes }) => bytes)).toString();
  expect(journal).toBe("echo from-a $((1+1))\r");
});

test("a client that comes back finds the same shell and what it printed meanwhile", async () => {
  const { client, sessionId } = await openShell();
  client.type("marker=kept; until [ -e go ]; do sleep 0.01; done; seq 1 3000\r");
  await client.shows("seq 1 3000\r\n");
  client.drop();
  await eventually(() => expect(statusOf(sessionId)).toBe("Disconnected"));
  writeFileSync(join(root, INSTANCE_ID, "go"), "");
  const access = service.gateway.resumeSession(sessionId);
  expect(access).toBeDefined();
  await client.connect(service.url(access?.streamPath ?? ""), access?.token ?? "");
  await client.shows("\r\n3000\r\n");
  client.type("echo $marker-$((5+5))\r");
  await client.shows("kept-10");
  expect(client.text.match(/\r\n1500\r\n/g)).toHaveLength(1);
});

test("a machine that loses its network goes on, and its sessions with it once it is back", async () => {
  const { client, sessionId } = await openShell();
  machine.loseNetwork();
  await eventually(() => expect(service.gateway.isConnected(INSTANCE_ID)).toBe(false));
  await eventually(() => expect(client.events).toContainEqual({ kind: "publication", paused: true }));
  client.type("echo while-away $((7*7))\r");
  machine.restoreNetwork();
  await client.shows("while-away 49");
  expect(client.events).toContainEqual({ kind: "publication", paused: false });
  expect(statusOf(sessionId)).toBe("Connected");
  await eventually(() => expect(service.gateway.isConnected(INSTANCE_ID)).toBe(true));
});

test("stopping a machine ends its sessions and leaves no process; it can be started again", async () => {
  const { client } = await openShell();
  client.type("(setsid sleep 700 &); echo left $((1+1))\r");
  await client.shows("left 2");
  const processes = processesWithHome(join(root, INSTANCE_ID));
  await machine.stop();
  expect(await client.ended()).toBe("");
  await eventually(() => expect(processes.filter(isAlive)).toEqual([]));
  await eventually(() => expect(service.gateway.isConnected(INSTANCE_ID)).toBe(false));
  await machine.start();
  await openShell();
});

test("the agent reports itself as it starts", () => {
  expect(JSON.parse(service.heartbeats[0] ?? "{}")).toMatchObject({
    InstanceId: INSTANCE_ID,
    AgentVersion: instance.agentVersion,
    PlatformType: "Linux",
    ComputerName: "checkout-api-04",
  });
});

test("an interactive command runs in a terminal with its parameters filled in, and its end ends the session", async () => {
  const { client } = await open(
    {
      sessionType: "InteractiveCommands",
      parameters: { command: { type: "String", default: "false" } },
      properties: { linux: { commands: "{{ command }}", runAsElevated: false } },
    },
    { command: ["test -t 0 && echo tty-$((2+3))"] },
  );
  expect(await client.ended()).toBe("");
  expect(client.text).toContain("tty-5");
});

test("a non-interactive command with separate output tells both streams and the exit code", async () => {
  const { client } = await open({
    sessionType: "NonInteractiveCommands",
    properties: {
      linux: {
        commands: "sh -c 'echo good; echo bad >&2; exit 5'",
        separateOutputStream: "true",
        stdOutSeparatorPrefix: "out:",
        stdErrSeparatorPrefix: "",
      },
    },
  });
  expect(await client.ended()).toBe("");
  const of = (type: number) =>
    client.events
      .map((event) => (event.kind === "received" && event.payloadType === type && event.output) || new Uint8Array(0))
      .map((bytes) => Buffer.from(bytes).toString())
      .join("");
  expect([of(1), of(11), of(12)]).toEqual(["out:good\nout:", "bad\n", "EXIT_CODE: 5"]);
});

test("a non-interactive command without separate output sends everything when it is over", async () => {
  const { client } = await open({
    sessionType: "NonInteractiveCommands",
    properties: { linux: { commands: "sh -c 'echo one; echo two >&2'" } },
  });
  expect(await client.ended()).toBe("");
  expect(client.text.split("\n").sort().join(" ").trim()).toBe("one two");
});

test.each([
  [{ sessionType: "Something" }, "Plugin with name Something is not supported by this version"],
  [{ sessionType: "Port", properties: { portNumber: "" } }, "Port number is empty in session properties"],
  [{ sessionType: "InteractiveCommands", properties: { linux: { commands: " " } } }, "Commands cannot be empty"],
])("what cannot be started fails with a text for the person: %j", async (document, text) => {
  const { client, sessionId } = await open(document);
  expect(await client.ended()).toContain(text);
  expect(statusOf(sessionId)).toBe("Failed");
});

test("a non-interactive command that does not exist is told on stderr, and its session ends as usual", async () => {
  const { client, sessionId } = await open({
    sessionType: "NonInteractiveCommands",
    properties: { linux: { commands: "no-such-program -x" } },
  });
  expect(await client.ended()).toBe("");
  expect(client.text).toBe('exec: "no-such-program": executable file not found in $PATH');
  expect(statusOf(sessionId)).toBe("Terminated");
});

test("a shell profile is typed into the shell", async () => {
  const { client } = await open({ inputs: { shellProfile: { linux: "echo profile-$((4*4))", windows: "" } } });
  await client.shows("profile-16");
});

test("a machine that gets no data key of KMS says so in the words of the real agent, and starts no shell", async () => {
  const { client, sessionId } = await open({ inputs: { kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/k" } });
  await eventually(() => expect(client.events.map(({ kind }) => kind)).toContain("data_key_wanted"));
  client.act(() =>
    client.channel.handleDataKey({ plaintext: new Uint8Array(64), ciphertextBlob: new Uint8Array(8) }, Date.now()),
  );
  expect(await client.ended()).toMatch(
    /-ERROR-[\s\S]*Encountered error while initiating handshake. Fetching data key failed/,
  );
  expect([client.text, statusOf(sessionId)]).toEqual(["", "Failed"]);
});

test("an agent without a window, as the real one, delivers the same", async () => {
  await machine.stop(0);
  machine = newMachine("real-agent");
  await machine.start();
  const { client } = await openShell();
  client.type("seq 1 2000; exit\r");
  expect(await client.ended()).toBe("");
  expect(client.text).toContain("\r\n1999\r\n2000\r\n");
});

test("a startup file that a shell replaced by a link is written anew, and what the link names stays", async () => {
  const { client } = await openShell();
  client.type("echo precious > tmp/file; ln -sf tmp/file .bashrc; echo linked $((1+1))\r");
  await client.shows("linked 2");
  await machine.stop();
  await machine.start();
  const again = await openShell();
  again.client.type("cat tmp/file\r");
  await again.client.shows("precious\r\n");
});

test("a session that is announced twice is one shell", async () => {
  const input = service.sessionInput();
  const access = service.gateway.startSession(input);
  machine.loseNetwork(); // before it asked for a data channel: it hears again
  machine.restoreNetwork();
  const client = await TestClient.open(service, input.sessionId, access);
  await client.shows(PROMPT);
  client.type("exit\r");
  expect(await client.ended()).toBe("");
  expect(client.text.match(/ssm-user@checkout-api-04:~\$ /g)).toHaveLength(1);
});

test("a connected agent that is upgraded is connected again, its shells go on, and one from before sessions is not", async () => {
  const { client } = await openShell();
  await machine.upgrade("3.0.161.0");
  expect(service.gateway.isConnected(INSTANCE_ID)).toBe(true);
  client.type("echo still-$((3*3))\r");
  await client.shows("still-9");
  await machine.upgrade("2.2.619.0");
  await eventually(() => expect(service.gateway.isConnected(INSTANCE_ID)).toBe(false));
  await machine.upgrade("3.3.987.0");
  expect(service.gateway.isConnected(INSTANCE_ID)).toBe(true);
});

test("a command that its document wants elevated runs as root by name", async () => {
  const properties = { linux: { commands: "echo $USER-$((2*2))", runAsElevated: true } };
  const { client } = await open({ sessionType: "InteractiveCommands", properties });
  await client.shows("root-4");
});

test("a large paste reaches a program whole", async () => {
  const { client } = await openShell();
  const sizeBytes = 2 * 1024 * 1024;
  client.type(`stty raw -echo; echo ready; head -c ${sizeBytes} | cksum; stty sane\r`);
  await client.shows("ready\n");
  const paste = Buffer.alloc(sizeBytes, "0123456789abcdef");
  let offset = 0;
  while (offset < sizeBytes) {
    await eventually(() => expect(client.channel.canSend(16_384)).toBe(true));
    const piece = paste.subarray(offset, offset + 16_384);
    client.act(() => client.channel.sendInput(piece, Date.now()));
    offset += piece.length;
  }
  await client.shows(`${cksum(paste)} ${sizeBytes}`);
}, 60_000);

/** POSIX cksum: CRC-32 with polynomial 04C11DB7, the length appended. */
function cksum(bytes: Buffer): number {
  let crc = 0;
  const take = (byte: number) => {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  };
  for (const byte of bytes) take(byte);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) take(length & 255);
  return ~crc >>> 0;
}
