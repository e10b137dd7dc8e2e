/** Each fault of the relay as both ends meet it, on real sockets. */
import { readFrame } from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FaultPlanInput, HALF_OPEN_MS_DEFAULT } from "../faults/fault-plan.ts";
import { readFaultPlan } from "../faults/read-fault-plan.ts";
import { DURATION_TEXT, IDLE_TEXT } from "./session-limits.ts";
import { eventually, frameOf, RawPeer, TestAgent, TestClient, TestControl } from "./test-peers.ts";
import { INSTANCE_ID, TestService } from "./test-service.ts";

let service: TestService;

beforeEach(async () => {
  service = await new TestService().listen();
  await TestControl.open(service);
});
afterEach(() => service.close());

const setFaults = (plan: FaultPlanInput) =>
  service.faults.setPlan(readFaultPlan(plan, { operations: [], instances: [INSTANCE_ID], people: [] }));
const done = (deed: string) => service.faults.counts()[deed] ?? 0;
const statusOf = (sessionId: string) => service.gateway.getSession(sessionId)?.status;

function start() {
  const input = service.sessionInput();
  return { ...service.gateway.startSession(input), sessionId: input.sessionId };
}
/** Client and agent, joined. */
async function join() {
  const session = start();
  const client = await TestClient.open(service, session.sessionId, session);
  const agent = await TestAgent.open(service, session.sessionId);
  agent.print("$ ");
  await client.shows("$ ");
  return { ...session, client, agent };
}
/** What a client does when its socket is gone. */
async function resume({ sessionId, client }: Awaited<ReturnType<typeof join>>) {
  const access = service.gateway.resumeSession(sessionId);
  if (!access) throw new Error("the session is over");
  await client.connect(service.url(access.streamPath), access.token);
}

/** Two ends that never send again what is lost: what arrives is the schedule itself. */
async function joinRaw() {
  const { sessionId, streamPath, token } = start();
  const client = await new RawPeer(service.url(streamPath)).opened();
  client.ws.send(JSON.stringify({ MessageSchemaVersion: "1.0", TokenValue: token }));
  const agent = await new RawPeer(service.url(streamPath), {
    authorization: `AWS4-HMAC-SHA256 Credential=${INSTANCE_ID}/test`,
  }).opened();
  const agentToken = service.gateway.createDataChannelToken(sessionId, INSTANCE_ID);
  agent.ws.send(JSON.stringify({ MessageSchemaVersion: "1.0", TokenValue: agentToken }));
  const send = (from: RawPeer, count: number, type: "input_stream_data" | "output_stream_data") => {
    for (let number = 0; number < count; number++) from.ws.send(frameOf(type, Buffer.from("x"), 1, number));
  };
  return {
    sessionId,
    client,
    agent,
    output: (count: number) => send(agent, count, "output_stream_data"),
    input: (count: number) => send(client, count, "input_stream_data"),
  };
}
const numbersAt = (peer: RawPeer) => peer.received.map((frame) => readFrame(frame).sequenceNumber);
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

// ---- frames

/** @returns the numbers of 60 frames as the agent received them */
async function inputSchedule(plan: FaultPlanInput) {
  setFaults(plan);
  const { agent, input, sessionId } = await joinRaw();
  input(60);
  await eventually(() => expect(done("links[0].toAgent.lost") + new Set(numbersAt(agent)).size).toBe(60));
  const numbers = numbersAt(agent);
  service.gateway.terminateSession(sessionId);
  return numbers;
}

test("lost frames do not come, doubled ones come twice, and the same seed gives the same ones in another session", async () => {
  const plan: FaultPlanInput = { seed: 3, links: [{ toAgent: { loss: 0.2, duplicate: 0.2 } }] };
  const first = await inputSchedule(plan);
  expect(new Set(first).size).toBeLessThan(60);
  expect(first.length).toBeGreaterThan(new Set(first).size);
  expect(await inputSchedule(plan)).toEqual(first);
  expect(await inputSchedule({ ...plan, seed: 4 })).not.toEqual(first);
});

test("held frames come behind later ones", async () => {
  const numbers = await inputSchedule({ links: [{ toAgent: { reorder: { probability: 0.2, frames: 4 } } }] });
  expect(numbers).not.toEqual(upTo(60));
  expect([...numbers].sort((a, b) => a - b)).toEqual(upTo(60));
});

test("delayed frames come late, in order, and the other direction is not delayed", async () => {
  setFaults({ links: [{ toAgent: { delay: { ms: 2_000, jitterMs: 100 } } }] });
  const { agent, client, input, output } = await joinRaw();
  input(5);
  output(5);
  await eventually(() => expect(numbersAt(client)).toEqual(upTo(5)));
  expect(agent.received).toEqual([]);
  await eventually(() => expect(done("links[0].toAgent.delayed")).toBe(5));
  service.clock.advance(2_100);
  await eventually(() => expect(numbersAt(agent)).toEqual(upTo(5)));
});

test("a session between ends that do resend loses nothing to loss, duplication, reordering and delay both ways", async () => {
  // What is lost costs a timeout each: few lines, so that the test stays short.
  const bad = { loss: 0.1, duplicate: 0.1, reorder: { probability: 0.1, frames: 3 }, delay: { ms: 1, jitterMs: 10 } };
  setFaults({ seed: 11, links: [{ toAgent: bad, toClient: bad }] });
  const { client, agent } = await join();
  const lines = Array.from({ length: 20 }, (_, line) => `line ${line}\n`);
  for (const line of lines) {
    agent.print(line);
    client.type(line);
  }
  await eventually(() => expect(client.text).toBe(`$ ${lines.join("")}`));
  await eventually(() => expect(agent.input).toBe(lines.join("")));
  for (const deed of ["lost", "duplicated", "reordered", "delayed"])
    expect(done(`links[0].toClient.${deed}`) + done(`links[0].toAgent.${deed}`)).toBeGreaterThan(0);
});

test("faults on one session leave another session of the same machine alone", async () => {
  const [mine, other] = [await join(), await join()];
  setFaults({ links: [{ session: mine.sessionId, toAgent: { loss: 1 }, toClient: { loss: 1 } }] });
  mine.client.type("lost");
  other.client.type("safe");
  await eventually(() => expect(other.agent.input).toBe("safe"));
  await eventually(() => expect(other.client.channel.unacknowledged.messages).toBe(0));
  expect([mine.agent.input, mine.client.channel.unacknowledged.messages]).toEqual(["", 1]);
  setFaults({});
  await eventually(() => expect(mine.agent.input).toBe("lost"));
});

test("output that is under way when the session ends arrives before the end", async () => {
  const { client, agent, sessionId } = await join();
  setFaults({ links: [{ toClient: { delay: { ms: 10_000, jitterMs: 0 } } }] });
  agent.print("last words");
  await eventually(() => expect(done("links[0].toClient.delayed")).toBeGreaterThan(0));
  service.gateway.terminateSession(sessionId);
  await client.ended();
  expect(client.text).toBe("$ last words");
});

// ---- cuts

test("an abrupt cut is a lost connection for the end it meets; the session goes on after a resume", async () => {
  const session = await join();
  expect(service.gateway.cutDataChannels({}, { end: "client", how: "abrupt", forMs: 0 })).toBe(1);
  await eventually(() => expect(session.client.peer?.closeCode).toBe(1006));
  expect(session.agent.peer?.closeCode).toBeUndefined();
  await eventually(() => expect(statusOf(session.sessionId)).toBe("Disconnected"));
  session.agent.print("meanwhile");
  await resume(session);
  await session.client.shows("$ meanwhile");
});

test("a cut of both ends meets both, of one session alone when it is named", async () => {
  const [mine, other] = [await join(), await join()];
  expect(service.gateway.cutDataChannels({ session: mine.sessionId }, { end: "both", how: "abrupt", forMs: 0 })).toBe(
    2,
  );
  await eventually(() => expect([mine.client.peer?.closeCode, mine.agent.peer?.closeCode]).toEqual([1006, 1006]));
  expect([other.client.peer?.closeCode, other.agent.peer?.closeCode]).toEqual([undefined, undefined]);
});

test("a half-open client neither gets nor gives anything, pongs included, until it resumes on a new socket", async () => {
  const session = await join();
  const { client, agent, sessionId } = session;
  service.gateway.cutDataChannels({}, { end: "client", how: "half_open", forMs: HALF_OPEN_MS_DEFAULT });
  const old = client.peer;
  let pongs = 0;
  old?.ws.on("pong", () => pongs++);
  old?.ws.ping();
  client.type("into the void");
  agent.print("unheard");
  // Another session answers meanwhile: the gateway had time to do wrong.
  await join();
  expect([pongs, agent.input, client.text, old?.closeCode]).toEqual([0, "", "$ ", undefined]);
  expect(statusOf(sessionId)).toBe("Connected");

  await resume(session);
  await client.shows("$ unheard");
  await eventually(() => expect(agent.input).toBe("into the void"));
  service.clock.advance(HALF_OPEN_MS_DEFAULT);
  await eventually(() => expect(old?.closeCode).toBe(1006));
  expect(statusOf(sessionId)).toBe("Connected");
});

test("a half-open agent hears nothing until its socket is destroyed and it comes back", async () => {
  const { client, agent, sessionId } = await join();
  service.gateway.cutDataChannels({}, { end: "agent", how: "half_open", forMs: 5_000 });
  client.type("waits");
  await join();
  expect([agent.input, client.channel.unacknowledged.messages]).toEqual(["", 1]);
  service.clock.advance(5_000);
  await eventually(() => expect(agent.peer?.closeCode).toBe(1006));
  await agent.reopen(service, sessionId);
  await eventually(() => expect(agent.input).toBe("waits"));
});

test("the hourly close is 1000 Bye at every interval, so many times, and on new sockets, too", async () => {
  setFaults({ cuts: [{ end: "client", how: "bye", everyMs: 60_000, times: 2 }] });
  const session = await join();
  for (let hour = 1; hour <= 2; hour++) {
    const socket = session.client.peer;
    service.clock.advance(60_000);
    await eventually(() => expect(socket?.closeCode).toBe(1000));
    await eventually(() => expect(statusOf(session.sessionId)).toBe("Disconnected"));
    await resume(session);
    await eventually(() => expect(statusOf(session.sessionId)).toBe("Connected"));
    expect(done("cuts[0].bye")).toBe(hour);
  }
  service.clock.advance(600_000);
  session.client.type("x");
  await eventually(() => expect(session.agent.input).toBe("x"));
  expect(session.client.peer?.closeCode).toBeUndefined();
});

test("a cut after so many frames comes each time that many were relayed", async () => {
  setFaults({ cuts: [{ end: "agent", how: "abrupt", afterFrames: 3, times: 1 }] });
  const { agent, output, client } = await joinRaw();
  output(2);
  await eventually(() => expect(numbersAt(client)).toEqual([0, 1]));
  expect(agent.closeCode).toBeUndefined();
  output(1);
  await eventually(() => expect(agent.closeCode).toBe(1006));
  expect(done("cuts[0].abrupt")).toBe(1);
});

test("intervals end with their session, and with their plan", async () => {
  setFaults({ cuts: [{ end: "client", how: "abrupt", everyMs: 60_000 }] });
  const { sessionId, client } = await join();
  setFaults({});
  service.clock.advance(120_000);
  client.type("x");
  await eventually(() => expect(client.channel.unacknowledged.messages).toBe(0));
  setFaults({ cuts: [{ end: "both", how: "abrupt", everyMs: 60_000 }] });
  service.gateway.terminateSession(sessionId);
  await client.ended();
  service.clock.advance(120_000);
  expect(service.faults.counts()).toEqual({});
});

// ---- tokens

test("a token that expires at once is refused, and the next resume brings a good one when its times are over", async () => {
  setFaults({ tokens: [{ end: "client", lifeMs: 0, times: 1 }] });
  const session = start();
  const refused = await TestClient.open(service, session.sessionId, session);
  await eventually(() => expect(refused.peer?.closeCode).toBe(1008));
  const access = service.gateway.resumeSession(session.sessionId);
  const client = await TestClient.open(service, session.sessionId, access ?? session);
  const agent = await TestAgent.open(service, session.sessionId);
  agent.print("$ ");
  await client.shows("$ ");
  expect(done("tokens[0].shortened")).toBe(1);
});

test("a token that lives for a moment works in that moment and not after it", async () => {
  setFaults({ tokens: [{ end: "client", lifeMs: 5_000 }] });
  const [early, late] = [start(), start()];
  const client = await TestClient.open(service, early.sessionId, early);
  const agent = await TestAgent.open(service, early.sessionId);
  agent.print("$ ");
  await client.shows("$ ");
  service.clock.advance(5_000);
  const refused = await TestClient.open(service, late.sessionId, late);
  await eventually(() => expect(refused.peer?.closeCode).toBe(1008));
});

test("an agent's token can expire, too", async () => {
  setFaults({ tokens: [{ end: "agent", lifeMs: 0 }] });
  const { sessionId } = start();
  const agent = await TestAgent.open(service, sessionId);
  await eventually(() => expect(agent.peer?.closeCode).toBe(1008));
});

// ---- limits

test("idle timeout and maximum duration of seconds end a session with AWS's texts", async () => {
  setFaults({ limits: [{ idleSeconds: 3 }] });
  const idle = await join();
  service.clock.advance(2_000);
  idle.client.type("still here");
  await eventually(() => expect(idle.agent.input).toBe("still here"));
  service.clock.advance(2_000);
  expect(statusOf(idle.sessionId)).toBe("Connected");
  service.clock.advance(2_000);
  expect(await idle.client.ended()).toBe(IDLE_TEXT);
  expect(done("limits[0].ended")).toBe(1);

  setFaults({ limits: [{ durationSeconds: 3 }] });
  const long = await join();
  service.clock.advance(4_000);
  expect(await long.client.ended()).toBe(DURATION_TEXT);
});

test("limits about one machine or session touch no other, and go with the plan", async () => {
  const { sessionId, client, agent } = await join();
  setFaults({ limits: [{ session: "somebody-else", idleSeconds: 1 }] });
  service.clock.advance(5_000);
  client.type("x");
  await eventually(() => expect(agent.input).toBe("x"));
  expect(statusOf(sessionId)).toBe("Connected");
});
