/** Signing in with a profile of the server's own machine, over HTTP. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AwsCredentials, LocalProfiles } from "../src/identity/index.ts";
import { personOf } from "../src/identity/index.ts";
import { CatalogError } from "../src/platform/catalog-error.ts";
import { readConfig } from "../src/platform/config.ts";
import { secretOf, startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const DANA = { account: "111122223333", userId: "AIDADANA", arn: "arn:aws:iam::111122223333:user/dana" };

class FakeProfiles implements LocalProfiles {
  expiresAtMs: number | undefined;
  failWith: CatalogError | undefined;

  async list() {
    return [{ name: "harbor", kind: "keys", mfa: false } as const];
  }

  async signIn() {
    if (this.failWith) throw this.failWith;
    const person = personOf(DANA);
    if (person === "root") throw new Error("dana is no root");
    const accessKeyId = "AKIADANA00000000";
    const credentials: AwsCredentials = { accessKeyId, secretAccessKey: secretOf(accessKeyId) };
    if (this.expiresAtMs !== undefined) credentials.expiresAtMs = this.expiresAtMs;
    return { credentials, person };
  }
}

let profiles: FakeProfiles;
let server: TestServer;
beforeEach(async () => {
  profiles = new FakeProfiles();
  server = await startTestServer({ env: { CAUSEWAY_LOCAL_PROFILES: "true" }, deps: { profiles } });
});
afterEach(() => server.close());

async function launched(): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  await browser.send("POST", "/api/v1/sign-in/launch", { secret: server.launchSecrets.at(-1) });
  return browser;
}
const signIn = (browser: TestBrowser) => browser.send("POST", "/api/v1/sign-in/profile", { name: "harbor" });

test("a browser that came through the printed link sees the profiles by name, and signs in with one", async () => {
  const browser = await launched();
  expect((await browser.get("/api/v1/sign-in")).json().profiles).toEqual({ launched: true });
  expect((await browser.get("/api/v1/sign-in/profiles")).json()).toEqual({
    profiles: [{ name: "harbor", kind: "keys", mfa: false }],
    truncated: false,
  });
  const [identity] = (await signIn(browser)).json().identities;
  expect(identity).toMatchObject({ method: "profile", person: { name: "dana", proven: true } });
});

test("somebody who signed in otherwise is not the machine's owner: she sees none and uses none", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn("AKIAKOFI00000000");
  expect((await browser.get("/api/v1/sign-in")).json().profiles).toEqual({ launched: false });
  for (const reply of [await browser.get("/api/v1/sign-in/profiles"), await signIn(browser)])
    expect([reply.statusCode, reply.json().code]).toEqual([403, "LAUNCH_REQUIRED"]);
});

test("keys that end are read again before they do, also after a time in which the profile gave none", async () => {
  profiles.expiresAtMs = server.clock.nowMs() + 3_600_000;
  const browser = await launched();
  await signIn(browser);
  const expiry = async () => (await browser.get("/api/v1/me")).json().identities[0].credentialsExpireAt;
  const before = await expiry();
  profiles.failWith = new CatalogError("PROFILE_SIGN_IN_ENDED");
  server.clock.advance(0.8 * 3_600_000);
  await vi.waitFor(() => {
    server.clock.advance(1_000);
    expect(server.logLines.join("")).toContain("credentials not renewed");
  });
  profiles.failWith = undefined;
  profiles.expiresAtMs = server.clock.nowMs() + 7_200_000;
  await vi.waitFor(async () => {
    server.clock.advance(1_000);
    expect(await expiry()).toBeGreaterThan(before);
  });
});

test.each([
  ["beyond loopback", { CAUSEWAY_PUBLIC_URL: "https://console.example.com", CAUSEWAY_TRUSTED_PROXIES: "10.0.0.7" }],
  ["behind a proxy", { CAUSEWAY_TRUSTED_PROXIES: "127.0.0.1" }],
  [
    "in a container",
    {
      CAUSEWAY_LISTEN: "0.0.0.0:4123",
      CAUSEWAY_PUBLIC_URL: "http://localhost:4123",
      CAUSEWAY_PUBLISHED_ON_LOOPBACK: "true",
    },
  ],
])("a server %s does not start with profiles", (_where, env) => {
  const read = (more: object) => readConfig({ ...env, ...more }, { homeDir: "/home/x", webDir: "/web" });
  expect(read({}).localProfiles).toBe(false);
  expect(() => read({ CAUSEWAY_LOCAL_PROFILES: "true" })).toThrow(
    expect.objectContaining({ problems: [expect.stringContaining("CAUSEWAY_LOCAL_PROFILES")] }),
  );
});

test("without the switch there are none", async () => {
  await server.close();
  server = await startTestServer();
  const browser = await launched();
  expect((await browser.get("/api/v1/sign-in")).json().profiles).toBeUndefined();
  expect((await signIn(browser)).json().code).toBe("SIGN_IN_METHOD_OFF");
});
