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
  expect(reply.json()).toMatchObject({
    person: { account: "111122223333", name: "dana", role: "IAM user", proven: true },
    method: "access-keys",
  });
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
  const refused: [string, string?][] = [
    ["accessKeyId=AKIADANA00000000", "application/x-www-form-urlencoded"],
    [`{${keys}}`, "text/plain"],
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
