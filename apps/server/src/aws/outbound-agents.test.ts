import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../platform/clock.ts";
import { webSocketDialer } from "../sessions/index.ts";
import { createAwsClientFactory } from "./aws-clients.ts";
import { getCallerIdentity } from "./caller-identity.ts";
import { OutboundAgents, type OutboundOptions, outboundOptionsFromEnvironment } from "./outbound-agents.ts";
import { ConnectProxy } from "./testing/connect-proxy.ts";
import { makeLoopbackCertificate } from "./testing/loopback-tls.ts";

const CREDENTIALS = { accessKeyId: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: "secret" };
const certificate = makeLoopbackCertificate();
const IDENTITY_XML = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

let aws: Server;
let websockets: WebSocketServer;
let seen: { userAgent: string; authorization: string }[];
let proxy: ConnectProxy;
let agents: OutboundAgents | undefined;

beforeAll(async () => {
  aws = createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => {
    seen.push({
      userAgent: request.headers["user-agent"] ?? "",
      authorization: request.headers.authorization ?? "",
    });
    request.resume();
    response.writeHead(200, { "content-type": "text/xml" }).end(IDENTITY_XML);
  });
  websockets = new WebSocketServer({ server: aws });
  websockets.on("connection", (socket) => socket.on("message", (data) => socket.send(`echo ${data}`)));
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  websockets.close();
  aws.closeAllConnections();
  aws.close();
});
beforeEach(async () => {
  seen = [];
  proxy = await ConnectProxy.start();
});
afterEach(async () => {
  agents?.close();
  await proxy.close();
});

const port = () => (aws.address() as AddressInfo).port;

function callApi(options: OutboundOptions) {
  agents = new OutboundAgents({ ca: certificate.ca, ...options });
  const endpoints = { sts: `https://localhost:${port()}` };
  return getCallerIdentity(createAwsClientFactory({ agents, version: "1.2.3", endpoints }), CREDENTIALS, "eu-west-1");
}

function openChannel(options: OutboundOptions): Promise<string> {
  agents = new OutboundAgents({ ca: certificate.ca, ...options });
  const dialer = webSocketDialer(agents, systemClock, "causeway/1.2.3");
  return new Promise((resolve) => {
    const socket = dialer.dial(`wss://localhost:${port()}/v1/data-channel/x`, {
      onOpen: () => socket.send({ kind: "text", text: "hello" }),
      onFrame: (data) => {
        socket.close();
        resolve(`${data}`);
      },
      onLost: (loss) => resolve(`lost: ${loss.reason}`),
    });
  });
}

test("an API call goes through HTTPS_PROXY, signed for AWS itself, with a clear user agent", async () => {
  expect(await callApi({ httpsProxy: proxy.url })).toEqual({
    account: "111122223333",
    userId: "AIDAEXAMPLE",
    arn: "arn:aws:iam::111122223333:user/alice",
  });
  expect(proxy.tunnels).toEqual([`localhost:${port()}`]);
  expect(seen[0]?.userAgent).toContain("causeway/1.2.3");
  expect(seen[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE12\//);
});

test("a data channel goes through HTTPS_PROXY", async () => {
  expect(await openChannel({ httpsProxy: proxy.url })).toBe("echo hello");
  expect(proxy.tunnels).toEqual([`localhost:${port()}`]);
});

test.each(["directly", "through a proxy"])(
  "what a channel over TLS brings %s follows whole and in order",
  async (way) => {
    agents = new OutboundAgents({ ca: certificate.ca, ...(way === "directly" ? {} : { httpsProxy: proxy.url }) });
    const peer = new Promise<WebSocket>((resolve) => websockets.once("connection", resolve));
    const frames: (Uint8Array | string)[] = [];
    const channel = webSocketDialer(agents, systemClock, "causeway/1.2.3").dial(
      `wss://localhost:${port()}/v1/data-channel/x`,
      {
        onOpen: () => {},
        onFrame: (data) => frames.push(data),
        onLost: () => {},
      },
    );
    const agent = await peer;
    for (let n = 0; n < 200; n++) agent.send(Buffer.alloc(1_150, n));
    await vi.waitFor(() => expect(frames.length).toBe(200), { timeout: 10_000 });
    expect(frames.map((frame) => (frame as Uint8Array)[1_149])).toEqual(Array.from({ length: 200 }, (_, n) => n));
    channel.close();
  },
);

test.each([403, 407, 503])("a proxy that answers CONNECT with %i is not taken for AWS", async (status) => {
  proxy.refuseWith = status;
  await expect(callApi({ httpsProxy: proxy.url })).rejects.toMatchObject({
    code: "AWS_UNREACHABLE",
    aws: { code: "ERR_PROXY_REFUSED" },
  });
  agents?.close();
  expect(await openChannel({ httpsProxy: proxy.url })).toBe("lost: ERR_PROXY_REFUSED");
});

test("NO_PROXY makes both go directly", async () => {
  const options = { httpsProxy: proxy.url, noProxy: "localhost" };
  expect(await callApi(options)).toMatchObject({ account: "111122223333" });
  agents?.close();
  expect(await openChannel(options)).toBe("echo hello");
  expect(proxy.tunnels).toEqual([]);
});

test("without a proxy both go directly", async () => {
  expect(await callApi({})).toMatchObject({ account: "111122223333" });
  agents?.close();
  expect(await openChannel({})).toBe("echo hello");
});

test("a certificate that is not trusted stops both", async () => {
  await expect(callApi({ ca: undefined })).rejects.toMatchObject({ code: "AWS_UNREACHABLE" });
  agents?.close();
  expect(await openChannel({ ca: undefined })).toMatch(/^lost: .*(CERT|VERIFY|SIGNATURE)/);
  expect(seen).toEqual([]);
});

test("CAUSEWAY_AWS_HOSTS stops both before anything is sent", async () => {
  const options = { httpsProxy: proxy.url, allowedHosts: ["ssm.eu-west-1.amazonaws.com", "localhost:1"] };
  await expect(callApi(options)).rejects.toMatchObject({ code: "AWS_HOST_NOT_ALLOWED" });
  await expect(openChannel(options)).rejects.toMatchObject({ code: "AWS_HOST_NOT_ALLOWED" });
  expect(proxy.tunnels).toEqual([]);
  expect(seen).toEqual([]);
});

test.each([
  [["localhost"], true],
  [["LOCALHOST:8443"], true],
  [["localhost:8444"], false],
  [["*.amazonaws.com"], false],
  [["*.localhost"], false],
  [[], false],
])("CAUSEWAY_AWS_HOSTS=%s allows https://localhost:8443: %s", (allowedHosts, allowed) => {
  const check = () => new OutboundAgents({ allowedHosts }).assertAllowed(new URL("https://localhost:8443/"));
  if (allowed) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: "AWS_HOST_NOT_ALLOWED" }));
});

test("a name below an allowed wildcard is allowed, a look-alike is not", () => {
  const outbound = new OutboundAgents({ allowedHosts: ["*.amazonaws.com"] });
  expect(() => outbound.assertAllowed(new URL("wss://ssmmessages.eu-west-1.amazonaws.com/x"))).not.toThrow();
  expect(() => outbound.assertAllowed(new URL("wss://evilamazonaws.com/x"))).toThrow();
  expect(() => outbound.assertAllowed(new URL("wss://amazonaws.com.example.com/x"))).toThrow();
});

test("upper and lower case of the proxy variables are read, empty ones are none", () => {
  expect(outboundOptionsFromEnvironment({ https_proxy: "http://p:1", no_proxy: "a" })).toEqual({
    httpsProxy: "http://p:1",
    noProxy: "a",
  });
  expect(outboundOptionsFromEnvironment({ HTTPS_PROXY: "http://P:1", https_proxy: "http://p:1" }).httpsProxy).toBe(
    "http://P:1",
  );
  expect(outboundOptionsFromEnvironment({ HTTPS_PROXY: "" }).httpsProxy).toBeUndefined();
});

test("data channels do not compress and announce no subprotocol", async () => {
  const offered = new Promise<string>((resolve) =>
    websockets.once("connection", (_socket: WebSocket, request) =>
      resolve(`${request.headers["sec-websocket-extensions"]} ${request.headers["sec-websocket-protocol"]}`),
    ),
  );
  await openChannel({});
  expect(await offered).toBe("undefined undefined");
});
