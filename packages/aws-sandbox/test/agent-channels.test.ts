// How an agent gets its channel tokens: data-channel.md §13.1.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccessKey } from "../src/iam/credential-store.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import type { FleetInstance } from "../src/instances/fleet.ts";
import { type ApiServer, sendSigned, startApiServer } from "./api-server.ts";

const [MACHINE, OTHER] = DEFAULT_FLEET as unknown as [FleetInstance, FleetInstance];
const SESSION = "dana@example.com-0123456789abcdef0";
const BODY = { MessageSchemaVersion: "1.0", RequestId: "f47ac10b-58cc-4372-a567-0e02b2c3d479" };

let server: ApiServer;
let machine: AccessKey;
beforeEach(async () => {
  server = await startApiServer();
  machine = server.node(MACHINE);
});
afterEach(() => server.close());

const post = (path: string, key: AccessKey = machine, body: object = BODY, service = "ssmmessages") =>
  sendSigned(
    server,
    { path, service, headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    { key },
  );
const addSession = (status: "Connecting" | "Terminated") =>
  server.gateway.add(
    {
      sessionId: SESSION,
      region: MACHINE.region,
      target: MACHINE.id,
      documentName: "SSM-SessionManagerRunShell",
      owner: { arn: "", userId: "", account: "", sessionName: "" },
    },
    { status },
  );

test("a machine gets a control channel token, with status 201 and as XML", async () => {
  const reply = await post(`/v1/control-channel/${MACHINE.id}`);
  expect(reply.status).toBe(201);
  expect(reply.body).toBe(
    `<CreateControlChannelResponse><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>control token of ${MACHINE.id}</TokenValue></CreateControlChannelResponse>`,
  );
});

test("a session id with characters that a URL escapes reaches the gateway as it is, and an empty ClientId is fine", async () => {
  addSession("Connecting");
  const reply = await post(`/v1/data-channel/${encodeURIComponent(SESSION)}`, machine, { ...BODY, ClientId: "" });
  expect(reply.status).toBe(201);
  expect(reply.body).toContain(`<TokenValue>data token of ${SESSION}</TokenValue>`);
});

test("for a session that ended the answer has the sentence that stops an agent's retries", async () => {
  addSession("Terminated");
  const reply = await post(`/v1/data-channel/${encodeURIComponent(SESSION)}`);
  expect(reply.status).toBe(400);
  expect(reply.body).toContain("Session is already terminated");
});

test("a session that nobody knows is not found", async () => {
  expect((await post("/v1/data-channel/nobody-0123456789abcdef0")).status).toBe(404);
});

test("another machine, a person, and a signature for another service are denied", async () => {
  for (const reply of [
    await post(`/v1/control-channel/${MACHINE.id}`, server.node(OTHER)),
    await post(`/v1/control-channel/${MACHINE.id}`, server.dana),
    await post(`/v1/data-channel/${SESSION}`, server.dana),
  ]) {
    expect(reply.status).toBe(403);
    expect(reply.body).toContain("<AccessDeniedException>");
  }
  expect((await post(`/v1/control-channel/${MACHINE.id}`, machine, BODY, "ssm")).body).toContain(
    "<InvalidSignatureException>",
  );
});

test("a body without schema version or request id is refused", async () => {
  const reply = await post(`/v1/control-channel/${MACHINE.id}`, machine, {});
  expect(reply.status).toBe(400);
  expect(reply.body).toContain("2 validation errors detected");
});
