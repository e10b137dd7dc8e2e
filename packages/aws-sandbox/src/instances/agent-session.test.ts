import { buildInteractiveShell, type InteractiveShell, readInteractiveShell } from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SILENT_LOG } from "../log.ts";
import { eventually, TestClient, TestControl } from "../ssm-messages/test-peers.ts";
import { INSTANCE_ID, TestService } from "../ssm-messages/test-service.ts";
import { AgentApi } from "./agent-api.ts";
import { AgentSession, FIRST_ATTEMPTS_MAX, INPUT_BYTES_MAX, type TaskResult } from "./agent-session.ts";
import { BackOff } from "./back-off.ts";
import { DEFAULT_FLEET } from "./default-fleet.ts";
import type { FleetInstance } from "./fleet.ts";
import type { SessionProcess, SessionProcessEvents } from "./session-process.ts";

const instance = DEFAULT_FLEET.find(({ id }) => id === INSTANCE_ID) as FleetInstance;
let service: TestService;
const sessions: AgentSession[] = [];

beforeEach(async () => {
  service = await new TestService().listen();
  await TestControl.open(service);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await service.close();
});

class FakeProcess implements SessionProcess {
  inputBytesWaiting = 0;
  input = "";
  sizes: string[] = [];
  kills = 0;
  events: SessionProcessEvents | undefined;
  write(bytes: Uint8Array): void {
    this.input += Buffer.from(bytes).toString("utf8");
  }
  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
  }
  pauseOutput(): void {}
  resumeOutput(): void {}
  kill(): void {
    this.kills++;
  }
}

function shellOf(sessionId: string): InteractiveShell {
  const payload = buildInteractiveShell({
    sessionId,
    documentName: "SSM-SessionManagerRunShell",
    sessionOwner: "arn:aws:iam::111122223333:user/dana",
    documentContent: { sessionType: "Standard_Stream" },
  });
  return readInteractiveShell(payload) as InteractiveShell;
}

/** An agent's session whose process is fake; the service was told to start it, or not. */
function begin(options: { sessionId: string; createToken?: () => Promise<string>; noWait?: boolean }) {
  const process = new FakeProcess();
  const results: TaskResult[] = [];
  const api = new AgentApi({
    instance,
    endpoint: service.endpoint,
    credentials: { accessKeyId: INSTANCE_ID, secretAccessKey: "unused" },
    nowMs: Date.now,
  });
  const backOff = new BackOff(Math.random);
  if (options.noWait) backOff.next = () => 0;
  const session = new AgentSession({
    shell: shellOf(options.sessionId),
    instanceId: INSTANCE_ID,
    agentVersion: instance.agentVersion,
    unackedMessagesMax: 128,
    pauseBetweenMessagesMs: 0,
    decryptDataKey: () => Promise.reject(new Error("no session here is encrypted")),
    connection: {
      createToken: options.createToken ?? ((signal) => api.createDataChannel(options.sessionId, signal)),
      request: () => api.dataChannelRequest(options.sessionId),
      backOff,
      nowMs: Date.now,
    },
    startProcess: (events) => {
      process.events = events;
      return { process, typed: "", tellsExitCode: false };
    },
    recordInput: () => {},
    finished: (result) => results.push(result),
    log: SILENT_LOG,
    nowMs: Date.now,
  });
  sessions.push(session);
  session.start();
  return { session, process, results };
}

async function join() {
  const input = service.sessionInput();
  const access = service.gateway.startSession(input);
  const agent = begin({ sessionId: input.sessionId });
  const client = await TestClient.open(service, input.sessionId, access);
  await eventually(() => expect(agent.process.events).toBeDefined());
  agent.process.events?.output(Buffer.from("$ "), false);
  await client.shows("$ ");
  return { client, ...agent };
}

test("input beyond what a process takes is not acknowledged, and arrives once when there is room; sizes pass", async () => {
  const { client, process } = await join();
  process.inputBytesWaiting = INPUT_BYTES_MAX + 1;
  client.type("held back");
  client.resize(99, 44);
  await eventually(() => expect(client.channel.unacknowledged.messages).toBe(1));
  expect(process.input).toBe("");
  process.inputBytesWaiting = INPUT_BYTES_MAX;
  await eventually(() => expect(process.input).toBe("held back"));
  await eventually(() => expect(process.sizes).toContain("99x44"));
  await eventually(() => expect(client.channel.unacknowledged.messages).toBe(0));
});

test("a cancelled session reports once its process is gone, and no later than its bound", async () => {
  const { session, process, results } = await join();
  session.cancel();
  expect([process.kills, results]).toEqual([1, []]);
  process.events?.exited(129);
  expect(results).toEqual([{ status: "Success", output: "" }]);

  const stuck = await join();
  stuck.session.cancel();
  await eventually(() => expect(stuck.results).toEqual([{ status: "Success", output: "" }]));
});

test("a session that never gets a data channel fails after six attempts, with the service's text", async () => {
  let attempts = 0;
  const createToken = () => {
    attempts++;
    return Promise.reject(new Error("AccessDeniedException"));
  };
  const { results } = begin({ sessionId: "dana-00000000000000000", createToken, noWait: true });
  await eventually(() => expect(results).toHaveLength(1));
  expect(attempts).toBe(FIRST_ATTEMPTS_MAX);
  expect(results[0]).toEqual({
    status: "Failed",
    output:
      "\n----------ERROR-------\nSetting up data channel with id dana-00000000000000000 failed: AccessDeniedException",
  });
});

test("an agent that comes late to a terminated session is told so, tries no more, and reports its end", async () => {
  const input = service.sessionInput();
  service.gateway.startSession(input);
  service.gateway.terminateSession(input.sessionId);
  const { results, process } = begin({ sessionId: input.sessionId });
  await eventually(() => expect(results).toEqual([{ status: "Success", output: "" }]));
  expect(process.events).toBeUndefined();
});

test("a session whose socket is lost while the process ends still delivers everything", async () => {
  const { session, process, results, client } = await join();
  session.networkLost();
  process.events?.output(Buffer.from("last words\n"), false);
  process.events?.exited(0);
  session.networkBack();
  await client.shows("last words\n");
  expect(await client.ended()).toBe("");
  await eventually(() => expect(results).toEqual([{ status: "Success", output: "" }]));
});
