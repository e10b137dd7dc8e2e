/** What a websocket upgrade is refused for, and when an open one is closed: over real sockets. */
import { once } from "node:events";
import type { FastifyPluginAsync } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ORIGIN, startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

let server: TestServer;
let port: number;
let owner: string;
let received: string[];

/** Stands for the attach route: same access, and it echoes. */
const echoPlugin: FastifyPluginAsync = async (app) => {
  app.get("/sessions/:id/attach", { websocket: true, config: { access: "session-owner" } }, (socket) => {
    socket.on("message", (data: Buffer) => {
      received.push(data.toString());
      socket.send(data.toString());
    });
  });
};

beforeEach(async () => {
  owner = "111122223333/AIDADANA";
  received = [];
  server = await startTestServer({
    env: { CAUSEWAY_PUBLIC_URL: ORIGIN },
    domains: () => ({
      sessions: {
        ownerKeyOf: () => owner,
        endAllOf: async () => 0,
        handleSignedIn: () => undefined,
        closeAllOf: async () => 0,
        openCountOf: () => 0,
      },
      plugins: [echoPlugin],
    }),
  });
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = server.app.server.address() as { port: number });
});
afterEach(async () => {
  for (const socket of server.app.websocketServer.clients) socket.terminate();
  await server.close();
});

function dial(headers: Record<string, string>, path = "/api/v1/sessions/x/attach"): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, "causeway.v1", { headers });
  socket.on("error", () => undefined);
  return socket;
}

async function outcome(headers: Record<string, string>, path?: string): Promise<string> {
  const socket = dial(headers, path);
  const result = await Promise.race([
    once(socket, "open").then(() => "open"),
    once(socket, "unexpected-response").then(([, response]) => String(response.statusCode)),
  ]);
  socket.terminate();
  return result;
}

async function signedIn(accessKeyId?: string): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  await browser.signIn(accessKeyId);
  return browser;
}

test("a page of ours with its cookie gets the websocket, in our subprotocol and uncompressed", async () => {
  const socket = dial((await signedIn()).headers);
  await once(socket, "open");
  expect([socket.protocol, socket.extensions]).toEqual(["causeway.v1", ""]);
  socket.send("hello");
  expect(String((await once(socket, "message"))[0])).toBe("hello");
});

test.each([
  ["missing", undefined],
  ["null", "null"],
  ["of another site", "http://evil.example"],
  ["a look-alike", `${ORIGIN}.evil.example`],
  ["in upper case", ORIGIN.toUpperCase()],
  ["of another port of this machine", "http://127.0.0.1:4124"],
])("an upgrade whose Origin is %s is refused with 403, cookie or not", async (_what, origin) => {
  const { origin: _own, ...headers } = (await signedIn()).headers;
  expect(await outcome({ ...headers, ...(origin === undefined ? {} : { origin }) } as Record<string, string>)).toBe(
    "403",
  );
});

test("an upgrade for another host is refused", async () => {
  expect(await outcome({ ...(await signedIn()).headers, host: "evil.example" })).toBe("421");
});

test("nobody, and somebody else, are refused before the upgrade", async () => {
  expect(await outcome(new TestBrowser(server).headers)).toBe("401");
  expect(await outcome((await signedIn("AKIAKOFI00000000")).headers)).toBe("404");
});

test("an upgrade on a route without a websocket, or on none, is refused", async () => {
  const { headers } = await signedIn();
  expect(await outcome(headers, "/api/v1/me")).toBe("404");
  expect(await outcome(headers, "/healthz")).toBe("404");
  expect(await outcome(headers, "/no-such-thing")).toBe("404");
});

test("a refused upgrade leaves no connection open", async () => {
  const { origin: _own, ...headers } = new TestBrowser(server).headers;
  await outcome(headers as Record<string, string>);
  await outcome({ ...headers, origin: ORIGIN } as Record<string, string>);
  const connections = () =>
    new Promise((resolve) => server.app.server.getConnections((_error, count) => resolve(count)));
  await expect.poll(connections).toBe(0);
});

test("a message larger than 256 KiB closes the websocket", async () => {
  const socket = dial((await signedIn()).headers);
  await once(socket, "open");
  socket.send("x".repeat(256 * 1024 + 1));
  expect((await once(socket, "close"))[0]).toBe(1009);
  expect(received).toEqual([]);
});

test("signing out closes the login's websockets and says why, and leaves another login's open", async () => {
  const [first, second] = [await signedIn(), await signedIn()];
  const [ofFirst, ofSecond] = [dial(first.headers), dial(second.headers)];
  await Promise.all([once(ofFirst, "open"), once(ofSecond, "open")]);
  const said = once(ofFirst, "message");
  const closed = once(ofFirst, "close");
  await first.send("POST", "/api/v1/sign-out");
  expect(JSON.parse(String((await said)[0]))).toEqual({
    ...{ type: "error", code: "LOGIN_SIGNED_OUT_ENDED", retryable: false },
  });
  expect(await closed).toEqual([4000, Buffer.from("LOGIN_SIGNED_OUT_ENDED")]);
  ofSecond.send("still here");
  expect(String((await once(ofSecond, "message"))[0])).toBe("still here");
});

test("whoever signs in as somebody else in the same browser takes nothing along: its open websockets are closed and told", async () => {
  const browser = await signedIn();
  const [ofDana, elsewhere] = [dial(browser.headers), dial((await signedIn()).headers)];
  await Promise.all([once(ofDana, "open"), once(elsewhere, "open")]);
  const [said, closed] = [once(ofDana, "message"), once(ofDana, "close")];
  expect((await browser.signIn("AKIAKOFI00000000")).statusCode).toBe(200);
  expect(JSON.parse(String((await said)[0]))).toEqual({ type: "error", code: "LOGIN_REPLACED", retryable: false });
  expect(await closed).toEqual([4000, Buffer.from("LOGIN_REPLACED")]);
  expect(await outcome(browser.headers)).toBe("404"); // dana's session is nothing to kofi
  elsewhere.send("still here");
  expect(String((await once(elsewhere, "message"))[0])).toBe("still here");
});

test("an identity that is added beside another one closes nothing", async () => {
  const browser = await signedIn();
  const socket = dial(browser.headers);
  await once(socket, "open");
  expect((await browser.signIn("AKIAKOFI00000000", "add")).statusCode).toBe(200);
  socket.send("still here");
  expect(String((await once(socket, "message"))[0])).toBe("still here");
});

test("a login that reaches its longest duration takes its websockets with it", async () => {
  const socket = dial((await signedIn()).headers);
  await once(socket, "open");
  let closed: unknown;
  socket.on("close", (code, reason) => {
    closed = [code, String(reason)];
  });
  server.clock.advance(server.config.signInHours * 3_600_000);
  await expect
    .poll(() => {
      server.clock.advance(1_000);
      return closed;
    })
    .toEqual([4000, "LOGIN_EXPIRED"]);
});

test("a page that does not answer the closing handshake is cut", async () => {
  const browser = await signedIn();
  const socket = dial(browser.headers);
  await once(socket, "open");
  socket.pause(); // reads nothing any more, so it never answers
  const [serverSide] = server.app.websocketServer.clients;
  const cut = once(serverSide as WebSocket, "close");
  await browser.send("POST", "/api/v1/sign-out");
  await cut;
  socket.terminate();
});
