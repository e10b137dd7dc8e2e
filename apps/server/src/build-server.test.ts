import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HOST, ORIGIN, startTestServer, TestBrowser, type TestServer } from "./test-support/test-server.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

test("a person signs in with access keys, is named, and signs out", async () => {
  const browser = new TestBrowser(server);
  expect((await browser.get("/api/v1/me")).json()).toMatchObject({ code: "SIGN_IN_REQUIRED", status: 401 });
  const reply = await browser.signIn();
  expect(reply.json().identities).toMatchObject([
    {
      person: { account: "111122223333", name: "dana", role: "IAM user", proven: true },
      method: "access-keys",
    },
  ]);
  expect((await browser.get("/api/v1/me")).json()).toEqual(reply.json());
  expect((await browser.send("POST", "/api/v1/sign-out")).statusCode).toBe(204);
  expect(browser.cookie).toBeUndefined();
});

test("every answer carries the security headers, refusals too", async () => {
  for (const headers of [{ host: HOST }, { host: "evil.example" }]) {
    const reply = await server.app.inject({ url: "/api/v1/sign-in", headers });
    expect(reply.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
    });
    const policy = String(reply.headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-eval");
    expect(reply.headers["strict-transport-security"]).toBeUndefined();
  }
});

test("a body that is not JSON, too large, too deep, poisoned or of unknown fields is refused as a problem", async () => {
  const post = (payload: string, type = "application/json") =>
    server.app.inject({
      method: "POST",
      url: "/api/v1/sign-in/access-keys",
      headers: { host: HOST, origin: ORIGIN, "content-type": type },
      payload,
    });
  const keys = `"accessKeyId":"AKIADANA00000000","secretAccessKey":"x"`;
  for (const [payload, type] of [
    ["accessKeyId=AKIADANA00000000", "application/x-www-form-urlencoded"],
    [`{${keys}}`, "text/plain"],
  ] as const)
    expect((await post(payload, type)).json()).toMatchObject({ status: 415, code: "MEDIA_TYPE_NOT_SUPPORTED" });
  const refused: [string, string?][] = [
    ["{"],
    ["[".repeat(60_000)],
    ["null"],
    [""],
    [`{${keys},"extra":1}`],
    [`{${keys},"__proto__":{"admin":true}}`],
    [`{${keys},"constructor":{"prototype":{"admin":true}}}`],
    [`{"accessKeyId":1234567890123456,"secretAccessKey":"x"}`],
  ];
  for (const [payload, type] of refused) {
    const reply = await post(payload, type);
    expect([payload.slice(0, 30), reply.statusCode, reply.json().code]).toEqual([
      payload.slice(0, 30),
      400,
      "REQUEST_INVALID",
    ]);
    expect(reply.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(reply.body).not.toMatch(/stack|node_modules/);
  }
  const large = await post(`{${keys},"sessionToken":"${"x".repeat(70_000)}"}`);
  expect([large.statusCode, large.json().code]).toEqual([413, "REQUEST_TOO_LARGE"]);
});

test("unknown query fields and bodies where none belong are refused", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  expect((await browser.get("/api/v1/me?x=1")).json().code).toBe("REQUEST_INVALID");
  expect((await browser.send("POST", "/api/v1/sign-out", { now: true })).json().code).toBe("REQUEST_INVALID");
  expect((await browser.get("/api/v1/me")).statusCode).toBe(200);
});

test("a page that sends an empty JSON body where none belongs is understood", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  const headers = { ...browser.headers, "content-type": "application/json" };
  expect((await server.app.inject({ method: "POST", url: "/api/v1/sign-out", headers })).statusCode).toBe(204);
});

test("an error that nobody expected says nothing of itself but the request id, which is in the log", async () => {
  server.sts.failWith = new TypeError("secret inside") as never;
  const reply = await new TestBrowser(server).signIn();
  expect(reply.json()).toMatchObject({ code: "INTERNAL_ERROR", status: 500 });
  expect(reply.body).not.toContain("secret inside");
  const { requestId } = reply.json();
  expect(reply.headers["x-request-id"]).toBe(requestId);
  expect(server.logLines.some((line) => line.includes(requestId) && line.includes("secret inside"))).toBe(true);
});

test("a request id of the caller's choice is not taken over", async () => {
  const headers = { host: HOST, "x-request-id": "chosen", "request-id": "chosen" };
  const reply = await server.app.inject({ url: "/api/v1/me", headers });
  expect(reply.json().requestId).not.toBe("chosen");
});

test("identity headers of a client are nobody's identity", async () => {
  const headers = { host: HOST, "x-forwarded-user": "dana", "x-remote-user": "dana", authorization: "Bearer x" };
  expect((await server.app.inject({ url: "/api/v1/me", headers })).statusCode).toBe(401);
});

test("forwarded headers are ignored unless the proxy is trusted", async () => {
  const headers = { host: "evil.example", "x-forwarded-host": HOST, "x-forwarded-proto": "https" };
  expect((await server.app.inject({ url: "/api/v1/me", headers })).json().code).toBe("HOST_NOT_ALLOWED");
});

test("behind a trusted proxy people come by https only, with a cookie that is pinned to the host", async () => {
  const env = { CAUSEWAY_PUBLIC_URL: "https://console.example", CAUSEWAY_TRUSTED_PROXIES: "10.0.0.0/8" };
  const proxied = await startTestServer({ env });
  const ask = (remoteAddress: string, proto: string) =>
    proxied.app.inject({
      method: "POST",
      url: "/api/v1/sign-in/access-keys",
      remoteAddress,
      headers: {
        host: "console.example",
        origin: "https://console.example",
        "x-forwarded-proto": proto,
        "x-forwarded-for": "192.0.2.7",
      },
      payload: { accessKeyId: "AKIADANA00000000", secretAccessKey: "00000000ANADAIKA" },
    });
  expect((await ask("10.1.1.1", "http")).json().code).toBe("TLS_REQUIRED");
  expect((await ask("192.0.2.1", "https")).json().code).toBe("TLS_REQUIRED");
  const reply = await ask("10.1.1.1", "https");
  expect(reply.headers["set-cookie"]).toMatch(/^__Host-causeway=.*; Secure$/);
  expect(reply.headers["strict-transport-security"]).toBe("max-age=31536000");
  const [entry] = await proxied.deps.store.database.selectFrom("audit_events").select("ip").execute();
  expect(entry?.ip).toBe("192.0.2.7");
  await proxied.close();
});

test("the API describes itself: every route with its schemas and the form of its failures", async () => {
  const { paths } = (await new TestBrowser(server).get("/api/v1/openapi.json")).json();
  expect(Object.keys(paths).sort()).toEqual([
    "/api/v1/audit",
    "/api/v1/audit/activity",
    "/api/v1/audit/export",
    "/api/v1/logins",
    "/api/v1/logins/{loginId}/sign-out",
    "/api/v1/me",
    "/api/v1/people",
    "/api/v1/people/disable",
    "/api/v1/people/enable",
    "/api/v1/people/kick",
    "/api/v1/sign-in",
    "/api/v1/sign-in/access-keys",
    "/api/v1/sign-in/identity-center/codes",
    "/api/v1/sign-in/identity-center/codes/{codeId}",
    "/api/v1/sign-in/identity-center/portals",
    "/api/v1/sign-in/identity-center/portals/{portalId}/accounts",
    "/api/v1/sign-in/identity-center/portals/{portalId}/sign-in",
    "/api/v1/sign-in/launch",
    "/api/v1/sign-in/oidc/callback",
    "/api/v1/sign-in/oidc/finish",
    "/api/v1/sign-in/oidc/start",
    "/api/v1/sign-in/profile",
    "/api/v1/sign-in/profiles",
    "/api/v1/sign-in/ready-made",
    "/api/v1/sign-out",
  ]);
  const { requestBody, responses } = paths["/api/v1/sign-in/access-keys"].post;
  expect(requestBody.content["application/json"].schema.required).toEqual(["accessKeyId", "secretAccessKey"]);
  expect(responses["4XX"].content["application/problem+json"].schema.properties).toHaveProperty("remedy");
});

test("the API's description names the cookie as it is sent, and asks for it where it is needed", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  const { components, paths } = (await browser.get("/api/v1/openapi.json")).json();
  expect(components.securitySchemes.cookie.name).toBe(browser.cookie?.split("=")[0]);
  expect([paths["/api/v1/me"].get.security, paths["/api/v1/sign-in"].get.security]).toEqual([[{ cookie: [] }], []]);
});

test("a method that an address does not take is refused with those it takes, a probe's HEAD too", async () => {
  const ask = (method: "PUT" | "HEAD" | "OPTIONS", url: string) =>
    server.app.inject({ method, url, headers: { host: HOST, origin: ORIGIN } });
  const put = await ask("PUT", "/api/v1/me");
  expect([put.statusCode, put.json().code, put.headers.allow]).toEqual([405, "METHOD_NOT_ALLOWED", "GET"]);
  expect((await ask("OPTIONS", "/api/v1/sign-in/launch")).headers.allow).toBe("POST");
  expect((await ask("HEAD", "/readyz")).statusCode).toBe(405);
  expect((await ask("PUT", "/api/v1/nothing")).json().code).toBe("ROUTE_NOT_FOUND");
});

test("an address that cannot be read is refused as a problem, with the headers of every answer", async () => {
  for (const [url, status, code] of [
    ["/%ff", 400, "REQUEST_INVALID"],
    ["/api/v1/%", 400, "REQUEST_INVALID"],
  ] as const) {
    const reply = await server.app.inject({ url, headers: { host: HOST } });
    expect([url, reply.statusCode, reply.json().code]).toEqual([url, status, code]);
    expect(reply.headers).toMatchObject({
      "content-type": "application/problem+json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(reply.body).not.toContain("FST_ERR");
  }
});

test.each([
  ["headers beyond Node's bound", `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX: ${"a".repeat(20_000)}\r\n\r\n`, 431],
  ["no HTTP at all", "hello\r\n\r\n", 400],
  ["two lengths", `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
])("a request with %s is answered with a problem, and its connection closed", async (_what, bytes, status) => {
  const address = new URL(await server.app.listen({ host: "127.0.0.1", port: 0 }));
  const socket = connect(Number(address.port), "127.0.0.1");
  socket.write(bytes);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain("content-type: application/problem+json; charset=utf-8");
  expect(JSON.parse(body)).toMatchObject({ status, retryable: false });
});

test("metrics without a token are for this machine alone: a proxy in front of loopback is not let in", async () => {
  const env = { CAUSEWAY_PUBLIC_URL: "https://console.example", CAUSEWAY_TRUSTED_PROXIES: "127.0.0.1" };
  const proxied = await startTestServer({ env });
  const headers = { host: "console.example", "x-forwarded-proto": "https" };
  expect((await proxied.app.inject({ url: "/metrics", headers })).json().code).toBe("ROUTE_NOT_FOUND");
  await proxied.close();
});

test("ready says which check failed; a stopping server is not ready, lives, and lets nobody in", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  expect((await browser.get("/readyz")).json()).toEqual({ status: "ready", checks: { store: "ok", audit: "ok" } });
  await server.deps.store.database.schema.dropTable("store_checks").execute();
  const broken = await browser.get("/readyz");
  expect([broken.statusCode, broken.json().checks.store]).toEqual([503, "failed"]);
  server.beginStopping();
  expect((await browser.get("/readyz")).statusCode).toBe(503);
  expect((await browser.get("/healthz")).statusCode).toBe(200);
  expect((await browser.get("/api/v1/me")).json().code).toBe("SERVER_STOPPING");
});

test("metrics name routes and never people; their token is asked for when there is one", async () => {
  await new TestBrowser(server).signIn();
  await new TestBrowser(server).get("/api/v1/no-such-thing/dana");
  const metrics = (await new TestBrowser(server).get("/metrics")).body;
  expect(metrics).toContain(
    'causeway_http_requests_total{method="POST",route="/api/v1/sign-in/access-keys",status="200"} 1',
  );
  expect(metrics).not.toMatch(/dana|AKIA/);

  const guarded = await startTestServer({ env: { CAUSEWAY_METRICS_TOKEN: "metrics-token-1234567890" } });
  const ask = (authorization?: string) =>
    guarded.app.inject({ url: "/metrics", headers: { host: HOST, ...(authorization ? { authorization } : {}) } });
  expect((await ask()).json().code).toBe("METRICS_TOKEN_REQUIRED");
  expect((await ask("Bearer metrics-token-1234567891")).statusCode).toBe(401);
  expect((await ask("Bearer metrics-token-1234567890")).statusCode).toBe(200);
  await guarded.close();

  const env = {
    CAUSEWAY_LISTEN: "0.0.0.0:4123",
    CAUSEWAY_PUBLIC_URL: ORIGIN,
    CAUSEWAY_PUBLISHED_ON_LOOPBACK: "true",
  };
  const open = await startTestServer({ env });
  expect((await open.app.inject({ url: "/metrics", headers: { host: HOST } })).statusCode).toBe(404);
  await open.close();
});
