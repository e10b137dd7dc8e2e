import { randomUUID } from "node:crypto";
import {
  buildSize,
  decodeAgentMessage,
  PAYLOAD_TYPE,
  readAgentTaskAcknowledge,
  readInteractiveShell,
} from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TOKEN_LIFE_MS } from "./channel-tokens.ts";
import { LIVE_SESSIONS_MAX, PAST_SESSIONS_MAX, UNOPENED_CHANNELS_MAX } from "./session-gateway.ts";
import { DURATION_TEXT, IDLE_TEXT } from "./session-limits.ts";
import {
  type ClientAccess,
  type StartSessionInput,
  TargetNotConnectedError,
  TooManySessionsError,
} from "./session-types.ts";
import { eventually, frameOf, RawPeer, TestAgent, TestClient, TestControl } from "./test-peers.ts";
import { INSTANCE_ID, TestService } from "./test-service.ts";

const MINUTE_MS = 60_000;
const OTHER_INSTANCE_ID = "i-0c41b7e92fa03d518";
let service: TestService;
let control: TestControl;

beforeEach(async () => {
  service = await new TestService().listen();
  control = await TestControl.open(service);
});
afterEach(() => service.close());

function start(change: Partial<StartSessionInput> = {}) {
  const input = service.sessionInput(change);
  return { ...service.gateway.startSession(input), sessionId: input.sessionId };
}
/** Client and agent, joined. */
async function join(change: Partial<StartSessionInput> = {}) {
  const session = start(change);
  const client = await TestClient.open(service, session.sessionId, session);
  const agent = await TestAgent.open(service, session.sessionId);
  agent.print("$ ");
  await client.shows("$ ");
  return { ...session, client, agent };
}
const sessionOf = (sessionId: string) => service.gateway.getSession(sessionId);
const open = (tokenValue: string) =>
  JSON.stringify({ MessageSchemaVersion: "1.0", RequestId: randomUUID(), TokenValue: tokenValue });
async function say(path: string, message: string | Uint8Array, headers: Record<string, string> = {}) {
  const peer = await new RawPeer(service.url(path), headers).opened();
  peer.ws.send(message);
  return peer;
}
const expectRefused = (peer: RawPeer) => eventually(() => expect(peer.closeCode).toBe(1008));
const signedBy = (instanceId: string) => ({ authorization: `AWS4-HMAC-SHA256 Credential=${instanceId}/test` });

// ---- starting

test("StartSession tells the agent and gives the client a token and a path without one", () => {
  const { token, streamPath, sessionId } = start({ parameters: { command: ["id"] }, reason: "INC-1" });
  expect(streamPath).toBe(`/v1/data-channel/${sessionId}?role=publish_subscribe`);
  expect(token.length).toBeGreaterThanOrEqual(43);
  expect(token.length).toBeLessThanOrEqual(300);
  expect(sessionOf(sessionId)).toMatchObject({ status: "Connecting", target: INSTANCE_ID, reason: "INC-1" });
});

test("the agent reads the session from interactive_shell", async () => {
  const { sessionId } = start({ parameters: { command: ["id"] } });
  await eventually(() => expect(control.peer.types).toEqual(["interactive_shell"]));
  const decoded = decodeAgentMessage(control.peer.received[0] as Buffer);
  const shell = decoded.ok ? readInteractiveShell(decoded.message.payload) : undefined;
  expect(shell).toMatchObject({ taskId: sessionId, sessionId, documentName: "SSM-SessionManagerRunShell" });
  expect(shell?.parameters.get("command")).toEqual(["id"]);
  expect(shell?.documentContent).toMatchObject({ schemaVersion: "1.0", sessionType: "Standard_Stream" });
});

test("a machine without a control channel is not connected", async () => {
  expect(() => start({ target: OTHER_INSTANCE_ID })).toThrow(TargetNotConnectedError);
  control.peer.ws.terminate();
  await eventually(() => expect(service.gateway.isConnected(INSTANCE_ID)).toBe(false));
  expect(() => start()).toThrow(TargetNotConnectedError);
});

test("an agent that reopens its control channel hears again of a session it has not asked for, with the same message", async () => {
  start();
  await eventually(() => expect(control.peer.received).toHaveLength(1));
  const again = await TestControl.open(service);
  await eventually(() => expect(again.peer.received).toHaveLength(1));
  expect(again.peer.received[0]).toEqual(control.peer.received[0]);
  await eventually(() => expect(control.peer.closeCode).toBe(1000));
  expect(service.gateway.isConnected(INSTANCE_ID)).toBe(true);
});

// ---- tokens

test("a token works once", async () => {
  const { token, streamPath, sessionId } = start();
  await TestClient.open(service, sessionId, { token, streamPath });
  await expectRefused(await say(streamPath, open(token)));
});

test("a caller whose policy lacks OpenDataChannel gets tokens, and is refused after the open message, again and again", async () => {
  const input = service.sessionInput();
  const first = service.gateway.startSession(input, false);
  const refused = await say(first.streamPath, open(first.token));
  await eventually(() => expect([refused.closeCode, refused.received]).toEqual([1008, []]));
  const second = service.gateway.resumeSession(input.sessionId, false);
  await expectRefused(await say(first.streamPath, open(second?.token ?? "")));
  // The policy was mended: the same session opens.
  const third = service.gateway.resumeSession(input.sessionId, true);
  const client = await TestClient.open(service, input.sessionId, third as ClientAccess);
  const agent = await TestAgent.open(service, input.sessionId);
  agent.print("$ ");
  await client.shows("$ ");
});

test("a token works for its life only", async () => {
  const { token, streamPath } = start();
  service.clock.advance(TOKEN_LIFE_MS);
  await expectRefused(await say(streamPath, open(token)));
});

test("a token works for its own session only", async () => {
  const a = start();
  const b = start();
  await expectRefused(await say(b.streamPath, open(a.token)));
  const client = await say(a.streamPath, open(a.token));
  await TestAgent.open(service, a.sessionId);
  await eventually(() => expect(client.types).toContain("start_publication"));
});

test("a wrong token is refused and does not void the right one", async () => {
  const { token, streamPath, sessionId } = start();
  await expectRefused(await say(streamPath, open(`${token.slice(0, -1)}_`)));
  await TestClient.open(service, sessionId, { token, streamPath });
  await TestAgent.open(service, sessionId);
  await eventually(() => expect(sessionOf(sessionId)?.status).toBe("Connected"));
});

test("an agent's token does not open the client's end, nor the client's token the agent's", async () => {
  const { token, streamPath, sessionId } = start();
  const agentToken = service.gateway.createDataChannelToken(sessionId, INSTANCE_ID);
  await expectRefused(await say(streamPath, open(agentToken)));
  await expectRefused(await say(streamPath, open(token), signedBy(INSTANCE_ID)));
});

test.each([
  ["a binary message", Buffer.from("{}")],
  ["no JSON", "hello"],
  ["no token", "{}"],
  ["a token that is no text", '{"TokenValue":1}'],
  ["more than an open message can be", JSON.stringify({ TokenValue: "x".repeat(5_000) })],
])("who begins with %s is refused", async (_name, message) => {
  await expectRefused(await say(start().streamPath, message));
});

test("who says nothing is cut off after 10 s", async () => {
  const peer = await new RawPeer(service.url(start().streamPath)).opened();
  service.clock.advance(10_000);
  await expectRefused(peer);
});

test("field names of the open message are read in any case, and only the token is needed", async () => {
  const { token, streamPath } = start();
  const peer = await say(streamPath, JSON.stringify({ tokenvalue: token }));
  peer.ws.ping();
  await new Promise((resolve) => peer.ws.once("pong", resolve));
  expect(peer.closeCode).toBeUndefined();
});

test("another machine cannot open a session's data channel, nor a control channel that is not its own", async () => {
  const { streamPath, sessionId } = start();
  expect(service.gateway.createDataChannelToken(sessionId, OTHER_INSTANCE_ID)).toBe("unknown");
  const data = new RawPeer(service.url(streamPath), signedBy(OTHER_INSTANCE_ID));
  const unsigned = new RawPeer(service.url(`/v1/control-channel/${INSTANCE_ID}`));
  const foreign = new RawPeer(service.url(`/v1/control-channel/${INSTANCE_ID}`), signedBy(OTHER_INSTANCE_ID));
  const badlySigned = new RawPeer(service.url(streamPath), { authorization: "AWS4-HMAC-SHA256 nonsense" });
  const unknown = new RawPeer(service.url("/v1/data-channel/nobody-00000000000000000"));
  await eventually(() =>
    expect([data, unsigned, foreign, badlySigned, unknown].map(({ refusedWith }) => refusedWith)).toEqual([
      403, 403, 403, 403, 404,
    ]),
  );
});

test("a control channel with a wrong token does not make a machine connected", async () => {
  const other = new TestControl(service, OTHER_INSTANCE_ID);
  await other.peer.opened();
  other.open(service.gateway.createControlChannelToken(INSTANCE_ID));
  await expectRefused(other.peer);
  expect(service.gateway.isConnected(OTHER_INSTANCE_ID)).toBe(false);
});

// ---- relaying

test("start_publication comes first to a client, and keys and output pass both ways", async () => {
  const { client, agent, sessionId } = await join();
  expect(client.peer?.types[0]).toBe("start_publication");
  client.type("echo é 漢字 🎉\r");
  await eventually(() => expect(agent.input).toBe("echo é 漢字 🎉\r"));
  expect(sessionOf(sessionId)?.status).toBe("Connected");
});

test("an agent that is first finds a client that comes later, with all its output", async () => {
  const session = start();
  const agent = await TestAgent.open(service, session.sessionId);
  for (let index = 0; index < 50; index++) agent.print(`line ${index}\n`);
  const client = await TestClient.open(service, session.sessionId, session);
  await client.shows("line 49\n");
  expect(client.text.match(/line/g)).toHaveLength(50);
});

test("frames pass byte for byte, also of types the service does not know", async () => {
  const session = start();
  const client = await say(session.streamPath, open(session.token));
  const agent = await say(
    session.streamPath,
    open(service.gateway.createDataChannelToken(session.sessionId, INSTANCE_ID)),
    signedBy(INSTANCE_ID),
  );
  const frames = [
    frameOf("output_stream_data", Buffer.from("x"), 1),
    frameOf("something_new", Buffer.from("y"), 77, 5),
  ];
  for (const frame of frames) agent.ws.send(frame);
  await eventually(() => expect(client.received).toHaveLength(2));
  expect(client.received.map((frame) => frame.toString("hex"))).toEqual(
    frames.map((frame) => Buffer.from(frame).toString("hex")),
  );
});

test("no frame that would deafen a real peer is relayed, and none that only the service makes", async () => {
  const { client, agent, sessionId } = await join();
  const atAgent: string[] = [];
  agent.peer?.ws.on("message", (data: Buffer) => atAgent.push(data.toString("latin1")));
  const good = Buffer.from(frameOf("input_stream_data", Buffer.from("a"), 1, 9));
  const badLength = Buffer.from(good);
  badLength.writeUInt32BE(0xffff_fffc, 0);
  const shortHeader = Buffer.from(good.subarray(0, 117));
  shortHeader.writeUInt32BE(112, 0);
  const hostile = [
    good.subarray(0, 115),
    good.subarray(0, 116),
    good.subarray(0, 119),
    shortHeader,
    badLength,
    Buffer.alloc(0),
    ...["agent_session_state", "channel_closed", "start_publication", "pause_publication", "agent_task_complete"].map(
      (type) => Buffer.from(frameOf(type, Buffer.from('{"SessionState":"Terminating"}'))),
    ),
    Buffer.from(frameOf("channel_closed", Buffer.from("{}"))).fill(0, 18, 36), // padded with NULs, as other clients do
  ];
  for (const frame of hostile) client.peer?.ws.send(frame);
  client.type("z");
  await eventually(() => expect(agent.input).toBe("z"));
  const types = atAgent.map((frame) => frame.slice(4, 36).trim());
  expect(new Set(types)).toEqual(new Set(["input_stream_data"]));
  expect(sessionOf(sessionId)?.status).toBe("Connected");
  expect(service.log.lines.filter((line) => line.includes("gateway_frame_dropped")).length).toBeLessThan(
    hostile.length,
  );
});

test("a frame beyond 256 KiB ends its sender's connection only", async () => {
  const { client, agent } = await join();
  client.peer?.ws.send(Buffer.alloc(256 * 1024 + 1));
  await eventually(() => expect(client.peer?.closeCode).toBeDefined());
  expect(agent.peer?.closeCode).toBeUndefined();
});

test("a client that does not read stops the reading of its agent, and misses nothing", async () => {
  const { client, agent } = await join();
  client.peer?.ws.pause();
  const chunk = Buffer.alloc(1024, "x").toString();
  let printed = 0;
  // Kernel buffers take a few MiB; then the agent's own socket fills up.
  await eventually(() => {
    for (let index = 0; index < 2_000; index++) agent.print(chunk);
    printed += 2_000;
    expect(agent.peer?.ws.bufferedAmount ?? 0).toBeGreaterThan(1024 * 1024);
  });
  client.peer?.ws.resume();
  await eventually(() => expect(client.bytes.length).toBe(2 + printed * 1024));
}, 60_000);

// ---- losing and resuming

test("a client that is lost is shown as disconnected; with a new token it goes on where it was", async () => {
  const { client, agent, sessionId } = await join();
  client.drop();
  await eventually(() => expect(sessionOf(sessionId)?.status).toBe("Disconnected"));
  agent.print("while you were away");
  const access = service.gateway.resumeSession(sessionId);
  await client.connect(service.url(access?.streamPath ?? ""), access?.token ?? "");
  await client.shows("$ while you were away");
  expect(sessionOf(sessionId)?.status).toBe("Connected");
});

test("a data channel that the service recycles closes with 1000, and the session goes on with a new one", async () => {
  const { client, agent, sessionId } = await join();
  expect(service.gateway.recycleDataChannel(sessionId)).toBe(true);
  await eventually(() => expect(client.peer?.closeCode).toBe(1000));
  await eventually(() => expect(sessionOf(sessionId)?.status).toBe("Disconnected"));
  agent.print("still here");
  const access = service.gateway.resumeSession(sessionId);
  await client.connect(service.url(access?.streamPath ?? ""), access?.token ?? "");
  await client.shows("still here");
  expect(service.gateway.recycleDataChannel("nobody-00000000000000000")).toBe(false);
});

test("a second client replaces the first, whose connection is closed", async () => {
  const { client, sessionId, agent } = await join();
  const access = service.gateway.resumeSession(sessionId);
  const first = client.peer;
  await client.connect(service.url(access?.streamPath ?? ""), access?.token ?? "");
  await eventually(() => expect(first?.closeCode).toBe(1000));
  agent.print("hello");
  await client.shows("hello");
  expect(sessionOf(sessionId)?.status).toBe("Connected");
});

test("a client is told when the agent is lost and when it is back, and keys typed between arrive once", async () => {
  const { client, agent, sessionId } = await join();
  agent.drop();
  await eventually(() => expect(client.events).toContainEqual({ kind: "publication", paused: true }));
  client.type("typed meanwhile");
  await agent.reopen(service, sessionId);
  await eventually(() => expect(agent.input).toBe("typed meanwhile"));
  expect(client.events).toContainEqual({ kind: "publication", paused: false });
});

// ---- ends

test("Terminating ends the session: output first, then channel_closed once, then both sockets", async () => {
  const { client, agent, sessionId } = await join();
  for (let index = 0; index < 100; index++) agent.print(`${index}\n`);
  agent.exit();
  expect(await client.ended()).toBe("");
  expect(client.text.endsWith("98\n99\n")).toBe(true);
  control.completeTask(sessionId, "Success", "");
  await eventually(() => expect([client.peer?.closeCode, agent.peer?.closeCode]).toEqual([1000, 1000]));
  expect(client.peer?.types.filter((type) => type === "channel_closed")).toHaveLength(1);
  expect(client.peer?.types.at(-1)).toBe("channel_closed");
  expect(sessionOf(sessionId)).toMatchObject({ status: "Terminated", endDate: expect.any(Number) });
});

test("a failed task ends the session with the agent's text; reported twice, it is acknowledged twice and told once", async () => {
  const { client, sessionId } = await join();
  control.completeTask(sessionId, "Failed", "\n----------ERROR-------\nno such user");
  control.completeTask(sessionId, "Failed", "\n----------ERROR-------\nno such user", 2);
  expect(await client.ended()).toBe("\n----------ERROR-------\nno such user");
  await eventually(() =>
    expect(control.peer.types.filter((type) => type === "agent_task_acknowledge")).toHaveLength(2),
  );
  expect(client.peer?.types.filter((type) => type === "channel_closed")).toHaveLength(1);
  expect(sessionOf(sessionId)?.status).toBe("Failed");
});

test("a task's acknowledgement names the message it answers", async () => {
  const { sessionId } = start();
  control.completeTask(sessionId, "Success", "");
  await eventually(() => expect(control.peer.types).toContain("agent_task_acknowledge"));
  const decoded = decodeAgentMessage(control.peer.received.at(-1) as Buffer);
  const acknowledge = decoded.ok ? readAgentTaskAcknowledge(decoded.message.payload) : undefined;
  expect(acknowledge).toMatchObject({ taskId: sessionId, messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test("a client that comes after the end, with a token from before, still reads output and reason", async () => {
  const session = start();
  const agent = await TestAgent.open(service, session.sessionId);
  agent.print("last words");
  control.completeTask(session.sessionId, "Failed", "why");
  await eventually(() => expect(sessionOf(session.sessionId)?.status).toBe("Failed"));
  const client = await TestClient.open(service, session.sessionId, session);
  expect(await client.ended()).toBe("why");
  expect(client.text).toBe("last words");
});

test("a task of another machine's session is acknowledged and changes nothing", async () => {
  const { sessionId } = await join();
  const other = await TestControl.open(service, OTHER_INSTANCE_ID);
  other.completeTask(sessionId, "Failed", "not mine");
  await eventually(() => expect(other.peer.types).toEqual(["agent_task_acknowledge"]));
  expect(sessionOf(sessionId)?.status).toBe("Connected");
});

test("TerminateSession closes both ends; the session can be terminated again, but not resumed or reopened", async () => {
  const { client, agent, sessionId } = await join();
  expect(service.gateway.terminateSession(sessionId)).toBe(true);
  expect(await client.ended()).toBe("");
  await eventually(() => expect(agent.events).toContainEqual({ kind: "cancelled" }));
  expect(sessionOf(sessionId)?.status).toBe("Terminated");
  expect(service.gateway.terminateSession(sessionId)).toBe(true);
  expect(service.gateway.resumeSession(sessionId)).toBeUndefined();
  expect(service.gateway.createDataChannelToken(sessionId, INSTANCE_ID)).toBe("terminated");
  expect(service.gateway.terminateSession("nobody-00000000000000000")).toBe(false);
});

test("TerminateSession before the agent opened its data channel goes over the control channel", async () => {
  const { sessionId } = start();
  service.gateway.terminateSession(sessionId);
  await eventually(() => expect(control.peer.types).toEqual(["interactive_shell", "channel_closed"]));
});

// ---- limits

test("twenty minutes without keys, sizes or a resume end a session with AWS's words; output does not count", async () => {
  const { client, agent, sessionId } = await join();
  service.clock.advance(19 * MINUTE_MS);
  client.type("k");
  await eventually(() => expect(agent.input).toBe("k"));
  service.clock.advance(19 * MINUTE_MS);
  client.peer?.ws.send(frameOf("input_stream_data", buildSize({ cols: 80, rows: 24 }), PAYLOAD_TYPE.size, 1));
  agent.print("output");
  await eventually(() => expect(agent.events).toContainEqual({ kind: "size", cols: 80, rows: 24 }));
  service.clock.advance(19 * MINUTE_MS);
  service.gateway.resumeSession(sessionId);
  service.clock.advance(19 * MINUTE_MS);
  expect(sessionOf(sessionId)?.status).toBe("Connected");
  agent.print("more output");
  await client.shows("more output");
  service.clock.advance(MINUTE_MS);
  expect(await client.ended()).toBe(IDLE_TEXT);
  expect(sessionOf(sessionId)?.status).toBe("Terminated");
  await eventually(() => expect(agent.events).toContainEqual({ kind: "cancelled" }));
});

test("the document's idle timeout and maximum duration count", async () => {
  const document = (inputs: object) => ({
    document: { schemaVersion: "1.0", sessionType: "Standard_Stream", inputs: { ...inputs } },
  });
  const idle = await join(document({ idleSessionTimeout: "2" }));
  const long = await join(document({ idleSessionTimeout: "60", maxSessionDuration: "5" }));
  service.clock.advance(2 * MINUTE_MS + 1_000);
  expect(await idle.client.ended()).toBe(IDLE_TEXT);
  long.client.type("busy");
  await eventually(() => expect(long.agent.input).toBe("busy"));
  expect(long.client.closedWith).toBeUndefined();
  service.clock.advance(3 * MINUTE_MS);
  expect(await long.client.ended()).toBe(DURATION_TEXT);
});

test("there are only so many sessions at a time, and so many past ones are remembered", () => {
  const ids = Array.from({ length: LIVE_SESSIONS_MAX }, () => start().sessionId);
  expect(() => start()).toThrow(TooManySessionsError);
  for (const sessionId of ids) service.gateway.terminateSession(sessionId);
  expect(service.gateway.listSessions()).toHaveLength(PAST_SESSIONS_MAX);
  expect(sessionOf(ids[LIVE_SESSIONS_MAX - PAST_SESSIONS_MAX - 1] ?? "")).toBeUndefined();
  expect(sessionOf(ids[LIVE_SESSIONS_MAX - PAST_SESSIONS_MAX] ?? "")?.status).toBe("Terminated");
});

test("only so many connections may be silent at a time; one that speaks or goes makes room", async () => {
  const { streamPath, token } = start();
  const silent = Array.from({ length: UNOPENED_CHANNELS_MAX }, () => new RawPeer(service.url(streamPath)));
  for (const peer of silent) await peer.opened();
  const refused = new RawPeer(service.url(streamPath));
  await eventually(() => expect(refused.refusedWith).toBe(503));
  silent[0]?.ws.send(open(token));
  silent[1]?.ws.terminate();
  await eventually(() => expect(silent[1]?.closeCode).toBeDefined());
  await eventually(() => new RawPeer(service.url(streamPath)).opened());
});

// ---- secrets

test("neither tokens nor what is typed or printed reach the log", async () => {
  const { client, agent, token } = await join();
  client.type("canary-typed");
  agent.print("canary-printed");
  await client.shows("canary-printed");
  await eventually(() => expect(agent.input).toBe("canary-typed"));
  const log = service.log.lines.join("\n");
  expect(log).not.toContain("canary");
  expect(log).not.toContain(token);
});
