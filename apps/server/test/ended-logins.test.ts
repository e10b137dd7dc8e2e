/** A browser whose login ended asks with a cookie that is worth nothing: it is told how the login ended, and nobody else is. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { ENDED_LOGIN_TOLD_MS } from "../src/identity/ended-logins.ts";
import { LOGINS_PER_PERSON_MAX } from "../src/identity/logins.ts";
import { startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function signedIn(accessKeyId?: string): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  expect((await browser.signIn(accessKeyId)).statusCode).toBe(200);
  return browser;
}
/** What the page is told when it asks for anything. */
async function told(browser: TestBrowser): Promise<string> {
  const reply = await browser.get("/api/v1/me");
  const { code } = reply.json();
  expect(reply.statusCode).toBe(code === undefined ? 200 : 401);
  return code ?? "signed in";
}
const HOUR_MS = 3_600_000;

test("a login that reached its longest duration says so for a day, then only that nobody is known", async () => {
  const dana = await signedIn();
  server.clock.advance(server.config.signInHours * HOUR_MS);
  await signedIn("AKIAKOFI00000000"); // makes room: what has ended is deleted
  expect(await told(dana)).toBe("LOGIN_EXPIRED");
  expect((await dana.get("/api/v1/logins")).json().code).toBe("LOGIN_EXPIRED");
  server.clock.advance(ENDED_LOGIN_TOLD_MS - 1);
  expect(await told(dana)).toBe("LOGIN_EXPIRED");
  server.clock.advance(1);
  expect(await told(dana)).toBe("SIGN_IN_REQUIRED");
});

test("the cookie is sent for as long as there is something to tell", async () => {
  const reply = await new TestBrowser(server).signIn();
  const [, seconds] = /Max-Age=(\d+)/.exec(String(reply.headers["set-cookie"])) ?? [];
  expect(Number(seconds)).toBe((server.config.signInHours * HOUR_MS + ENDED_LOGIN_TOLD_MS) / 1_000);
});

test("signed out from another browser: the shells go on, whatever was asked, for she holds them there", async () => {
  const [here, there] = [await signedIn(), await signedIn()];
  const { current, logins } = (await here.get("/api/v1/logins")).json();
  const other = logins.find(({ id }: { id: string }) => id !== current).id;
  await here.send("POST", `/api/v1/logins/${other}/sign-out`, { sessions: "end" });
  expect([await told(there), await told(here)]).toEqual(["LOGIN_SIGNED_OUT", "signed in"]);
});

test.each([
  ["end", "LOGIN_SIGNED_OUT_ENDED"],
  ["keep", "LOGIN_SIGNED_OUT"],
] as const)("signed out everywhere with `%s`: the other browsers are told %s", async (sessions, code) => {
  const [here, there] = [await signedIn(), await signedIn()];
  await here.send("POST", "/api/v1/sign-out", { sessions, everywhere: true });
  expect(await told(there)).toBe(code);
  // its cookie is gone: what its other tabs are told comes by their websockets
  expect(await told(here)).toBe("SIGN_IN_REQUIRED");
});

test("the oldest of too many browsers is told that newer ones took its place", async () => {
  const oldest = await signedIn();
  for (let count = 1; count < LOGINS_PER_PERSON_MAX; count++) {
    server.clock.advance(60_000); // the pace of sign-ins has a bound, too
    await signedIn();
  }
  expect(await told(oldest)).toBe("signed in");
  server.clock.advance(60_000);
  await signedIn();
  expect(await told(oldest)).toBe("LOGIN_CROWDED_OUT");
});

test("a cookie that the server never gave, and one of a store that was lost, are not known; signing in again ends the word", async () => {
  const stranger = new TestBrowser(server);
  const dana = await signedIn();
  stranger.cookie = `${dana.cookie?.split("=")[0]}=${"A".repeat(43)}`;
  expect(await told(stranger)).toBe("SIGN_IN_REQUIRED");
  for (const table of ["login_identities", "logins"] as const)
    await server.deps.store.database.deleteFrom(table).execute();
  expect(await told(dana)).toBe("SIGN_IN_REQUIRED");
  await dana.signIn();
  expect(await told(dana)).toBe("signed in");
});
