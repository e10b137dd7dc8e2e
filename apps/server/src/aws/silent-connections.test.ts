/** Connections to AWS that died without a word: what is sent over them arrives nowhere, and nothing says so. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsSessionCalls } from "../sessions/calls/aws-session-calls.ts";
import { createAwsClientFactory } from "./aws-clients.ts";
import { OutboundAgents } from "./outbound-agents.ts";
import { testIdentity } from "./testing/aws-endpoint.ts";

const ADDRESS = { region: "eu-west-1", awsSessionId: "dana-0123456789abcdef0" };
const BODY = JSON.stringify({ SessionId: ADDRESS.awsSessionId, StreamUrl: "wss://example.com/x", TokenValue: "token" });
const HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: ${BODY.length}\r\n\r\n`;
const TOKEN = { kind: "token", token: "token", streamUrl: "wss://example.com/x" };
const dana = testIdentity();

let server: Server;
let agents: OutboundAgents;
let calls: AwsSessionCalls;
let sockets: Socket[];
/** Connections made up to this number swallow what they are sent. */
let deadBelow: number;
/** What is written for a request; the rest of the answer never comes. */
let answer: string;
/** Requests wait for it: so that several are under way at once, each on a connection of its own. */
let heldUntil: number;
let held: (() => void)[];
beforeEach(async () => {
  sockets = [];
  held = [];
  deadBelow = 0;
  heldUntil = 0;
  answer = HEAD + BODY;
  server = createServer((socket) => {
    const number = sockets.push(socket) - 1;
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      if (number < deadBelow || !data.toString().endsWith("}")) return;
      held.push(() => socket.write(answer));
      if (held.length >= heldUntil) for (const write of held.splice(0)) write();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  agents = new OutboundAgents();
  const ssm = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  calls = new AwsSessionCalls(createAwsClientFactory({ agents, version: "test", endpoints: { ssm } }));
});
afterEach(async () => {
  agents.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Several calls at once, so that as many connections are kept for later ones; then all of them go silent. */
async function keptConnectionsDie(count: number): Promise<void> {
  heldUntil = count;
  await Promise.all(Array.from({ length: count }, () => calls.resume(dana, ADDRESS)));
  expect(sockets).toHaveLength(count);
  heldUntil = 0;
  deadBelow = count;
}

test("a resume over a connection that died costs its own patience, and the next goes over a new one", async () => {
  await keptConnectionsDie(3);
  const unanswered = calls.resume(dana, ADDRESS, { withinMs: 200 });
  await expect(unanswered).rejects.toMatchObject({ code: "AWS_UNREACHABLE" });
  expect(await calls.resume(dana, ADDRESS, { withinMs: 20_000 })).toEqual(TOKEN);
  expect(sockets).toHaveLength(4);
});

test("an answer that stops in its middle is no answer", async () => {
  answer = HEAD + BODY.slice(0, 5);
  const unanswered = calls.resume(dana, ADDRESS, { withinMs: 200 });
  await expect(unanswered).rejects.toMatchObject({ code: "AWS_UNREACHABLE" });
  answer = HEAD + BODY;
  expect(await calls.resume(dana, ADDRESS, { withinMs: 20_000 })).toEqual(TOKEN);
});

test("what is under way on a connection that lives is not cut because another one died", async () => {
  await keptConnectionsDie(1);
  heldUntil = 2;
  const unanswered = calls.resume(dana, ADDRESS, { withinMs: 200 });
  const slow = calls.resume(dana, ADDRESS);
  await expect(unanswered).rejects.toMatchObject({ code: "AWS_UNREACHABLE" });
  expect(await Promise.all([slow, calls.resume(dana, ADDRESS)])).toEqual([TOKEN, TOKEN]);
});
