/** Signing in through IAM Identity Center, over HTTP, against a fake one. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CODES_PER_MINUTE_MAX } from "../src/identity/methods/identity-center/identity-center-sign-in.ts";
import { CatalogError } from "../src/platform/catalog-error.ts";
import { CLIENT_SECRET, DEVICE_CODE } from "../src/test-support/fake-identity-center.ts";
import { HOST, startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const PLACE = { startUrl: "https://harbor.awsapps.com/start", region: "eu-west-1" };
const API = "/api/v1/sign-in/identity-center";
const OPERATOR = { accountId: "111122223333", roleName: "SRE-Operator" };

let server: TestServer;
let dana: TestBrowser;
beforeEach(async () => {
  server = await startTestServer({
    env: { CAUSEWAY_IDENTITY_CENTER: `${PLACE.region} ${PLACE.startUrl}` },
  });
  dana = new TestBrowser(server);
});
afterEach(() => server.close());

const codeOf = async (browser: TestBrowser, place = PLACE) => {
  const reply = await browser.send("POST", `${API}/codes`, place);
  expect(reply.statusCode).toBe(200);
  return reply.json() as { id: string; userCode: string; state: string; expiresInMs: number; verificationUri: string };
};
const stateOf = async (browser: TestBrowser, id: string): Promise<string> => {
  const reply = await browser.get(`${API}/codes/${id}`);
  return reply.statusCode === 200 ? reply.json().state : reply.json().code;
};
/** Lets time pass until the code has this state. */
const until = (browser: TestBrowser, id: string, state: string) =>
  vi.waitFor(async () => {
    server.clock.advance(1_000);
    expect(await stateOf(browser, id)).toBe(state);
  });
async function approved(browser = dana): Promise<string> {
  server.identityCenter.answers.push("approved");
  const { id } = await codeOf(browser);
  await until(browser, id, "approved");
  return id;
}
const choose = (browser: TestBrowser, portalId: string, role: object = OPERATOR) =>
  browser.send("POST", `${API}/portals/${portalId}/sign-in`, role);

test("the page offers the places of the configuration, and no others can be typed beside them", async () => {
  expect((await dana.get("/api/v1/sign-in")).json().identityCenter).toEqual({
    offered: true,
    typed: false,
    listed: [PLACE],
  });
  const foreign = { startUrl: "https://evil.awsapps.com/start", region: "eu-west-1" };
  expect((await dana.send("POST", `${API}/codes`, foreign)).json().code).toBe("START_URL_NOT_ALLOWED");
  expect(server.identityCenter.calls).toEqual([]);
});

test("a code shows what to compare and where to go, and nothing that could be redeemed", async () => {
  const reply = await dana.send("POST", `${API}/codes`, PLACE);
  expect(reply.json()).toEqual({
    ...PLACE,
    id: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    userCode: "KXQM-TRVB",
    verificationUri: "https://device.sso.eu-west-1.amazonaws.com/?user_code=KXQM-TRVB",
    state: "waiting",
    expiresInMs: 600_000,
    lifetimeMs: 600_000,
  });
  expect(reply.body).not.toContain(DEVICE_CODE);
});

test("the cookie of a sign-in is for this browser's own requests only, and another one for each code", async () => {
  await codeOf(dana);
  const first = dana.signInCookie;
  const reply = await dana.send("POST", `${API}/codes`, PLACE);
  expect(reply.headers["set-cookie"]).toMatch(
    /^causeway-sign-in-4123=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=3600$/,
  );
  expect(dana.signInCookie).not.toBe(first);
});

test("an approved code, an account and a role: signed in as a proven person, with keys of that role", async () => {
  const portalId = await approved();
  const accounts = (await dana.get(`${API}/portals/${portalId}/accounts`)).json().accounts;
  expect(accounts[0]).toMatchObject({ id: "111122223333", name: "harbor-0" });
  const reply = await choose(dana, portalId);
  expect(reply.statusCode).toBe(200);
  const me = (await dana.get("/api/v1/me")).json();
  expect(JSON.stringify(me)).toContain('"name":"dana@harbor.example"');
  expect(JSON.stringify(me)).toContain('"role":"SRE-Operator"');
  expect(JSON.stringify(me)).toContain('"proven":true');
});

test("a code started in browser A cannot be read in browser B, nor sign it in, whoever approves it", async () => {
  const attacker = new TestBrowser(server);
  const portalId = await approved(attacker);
  await codeOf(dana); // B has a cookie of its own, and the id was told to it
  expect(await stateOf(dana, portalId)).toBe("SIGN_IN_CODE_UNKNOWN");
  expect((await dana.get(`${API}/portals/${portalId}/accounts`)).json().code).toBe("SIGN_IN_CODE_UNKNOWN");
  expect((await choose(dana, portalId)).json().code).toBe("SIGN_IN_CODE_UNKNOWN");
  expect((await dana.send("DELETE", `${API}/codes/${portalId}`)).json().code).toBe("SIGN_IN_CODE_UNKNOWN");
  expect((await dana.get("/api/v1/me")).json().code).toBe("SIGN_IN_REQUIRED");
  expect((await choose(attacker, portalId)).statusCode).toBe(200);
});

test("once somebody signed in with a portal it is her login's: the browser's cookie alone gets nothing", async () => {
  const portalId = await approved();
  await choose(dana, portalId);
  const cookieOnly = new TestBrowser(server);
  cookieOnly.signInCookie = dana.signInCookie;
  expect((await cookieOnly.get(`${API}/portals/${portalId}/accounts`)).json().code).toBe("SIGN_IN_CODE_UNKNOWN");
  const person = "dana@harbor.example";
  expect((await dana.get(`${API}/portals`)).json()).toEqual({ portals: [{ id: portalId, ...PLACE, person }] });
});

test("who approved is said with the portal's accounts as soon as a role's keys have told it, and not before", async () => {
  const portalId = await approved();
  const listed = async () => (await dana.get(`${API}/portals/${portalId}/accounts`)).json();
  expect(await listed()).not.toHaveProperty("person");
  await choose(dana, portalId);
  expect(await listed()).toMatchObject({ person: "dana@harbor.example" });
});

test("signing in changes the login's cookie, whatever one was planted before", async () => {
  const portalId = await approved();
  dana.cookie = `causeway-4123=${"A".repeat(43)}`;
  await choose(dana, portalId);
  expect(dana.cookie).not.toContain("A".repeat(43));
});

test("another site can neither start a code nor choose a role", async () => {
  const portalId = await approved();
  for (const [path, body] of [
    [`${API}/codes`, PLACE],
    [`${API}/portals/${portalId}/sign-in`, OPERATOR],
  ] as const) {
    const reply = await server.app.inject({
      method: "POST",
      url: path,
      headers: { ...dana.headers, host: HOST, origin: "https://evil.example", "content-type": "application/json" },
      payload: JSON.stringify(body),
    });
    expect(reply.json().code).toBe("ORIGIN_NOT_ALLOWED");
  }
});

test("AWS is polled at its interval; told to slow down, five seconds more slowly", async () => {
  server.identityCenter.answers.push("pending", "slow-down", "pending");
  const { id } = await codeOf(dana);
  const polls = () => server.identityCenter.calls.filter((call) => call === "poll").length;
  const after = async (ms: number, expected: number) => {
    server.clock.advance(ms);
    await vi.waitFor(() => expect(polls()).toBe(expected));
    // The answer is worked in before more time passes.
    await stateOf(dana, id);
  };
  await after(999, 0);
  await after(1, 1);
  await after(1_000, 2);
  await after(5_999, 2);
  await after(1, 3);
});

test("nobody polls for a page that is gone, and the next look goes on", async () => {
  const { id } = await codeOf(dana);
  for (let second = 0; second < 120; second++) {
    server.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const polls = server.identityCenter.calls.filter((call) => call === "poll").length;
  expect(polls).toBeLessThanOrEqual(30);
  server.identityCenter.answers.push("approved");
  await until(dana, id, "approved");
});

test.each(["denied", "expired"] as const)("a code that AWS calls %s stays so, and gives no portal", async (state) => {
  server.identityCenter.answers.push(state);
  const { id } = await codeOf(dana);
  await until(dana, id, state);
  expect((await choose(dana, id)).json().code).toBe("SIGN_IN_CODE_UNKNOWN");
});

test("a code ends after ten minutes though AWS does not say so", async () => {
  const { id } = await codeOf(dana);
  server.clock.advance(600_000);
  expect(await stateOf(dana, id)).toBe("expired");
});

test("a role that she does not have is refused, and audited without a secret", async () => {
  const portalId = await approved();
  const reply = await choose(dana, portalId, { accountId: "444455556666", roleName: "SRE-Operator" });
  expect([reply.statusCode, reply.json().code]).toEqual([403, "ROLE_NOT_ASSIGNED"]);
  const rows = await server.deps.store.database.selectFrom("audit_events").selectAll().execute();
  expect(rows.map(({ event, detail }) => [event, detail])).toEqual([
    ["sign_in.refused", "identity-center: ROLE_NOT_ASSIGNED"],
  ]);
});

test("keys that turn out to be of another role sign nobody in", async () => {
  const portalId = await approved();
  server.sts.callerIdentity = async () => ({
    account: "111122223333",
    userId: "AROAX:dana",
    arn: "arn:aws:sts::111122223333:assumed-role/Admin/dana",
  });
  Object.assign(server.deps, { callerIdentity: server.sts.callerIdentity });
  const { roleCredentials } = server.identityCenter;
  server.identityCenter.roleCredentials = async (...args) => {
    const credentials = await roleCredentials.apply(server.identityCenter, args);
    server.sts.add(credentials.accessKeyId, "111122223333", "AROAX:dana", "assumed-role/Admin/dana");
    return credentials;
  };
  expect((await choose(dana, portalId)).json().code).toBe("AWS_FAILED");
});

test("a token that ran out is renewed once for all who ask at the same time", async () => {
  server.identityCenter.tokenLifeMs = 30_000;
  const portalId = await approved();
  server.identityCenter.calls.length = 0;
  const replies = await Promise.all([choose(dana, portalId), dana.get(`${API}/portals/${portalId}/accounts`)]);
  expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(server.identityCenter.calls.filter((call) => call === "refresh").length).toBeLessThanOrEqual(2);
});

test("a portal that AWS ended asks for a new code", async () => {
  const portalId = await approved();
  await server.identityCenter.logout();
  expect((await choose(dana, portalId)).json().code).toBe("IDENTITY_CENTER_SIGN_IN_ENDED");
});

test("with the same portal a second role is added beside the first, without a new code", async () => {
  const portalId = await approved();
  await choose(dana, portalId);
  const reply = await choose(dana, portalId, { accountId: "444455556666", roleName: "ReadOnly", how: "add" });
  const { identities } = reply.json();
  expect(identities.map(({ person }: { person: object }) => person)).toMatchObject([
    { account: "111122223333", role: "SRE-Operator" },
    { account: "444455556666", role: "ReadOnly" },
  ]);
  expect((await dana.get(`${API}/portals`)).json().portals).toHaveLength(1);
});

test("another role in place of the first takes the portal along", async () => {
  const portalId = await approved();
  await choose(dana, portalId);
  await choose(dana, portalId, { accountId: "444455556666", roleName: "ReadOnly" });
  expect((await dana.get("/api/v1/me")).json().identities).toHaveLength(1);
  expect((await dana.get(`${API}/portals/${portalId}/accounts`)).statusCode).toBe(200);
});

test("keys are renewed by the server at 80 % of their life, with a fresh token, without the person", async () => {
  server.identityCenter.tokenLifeMs = 600_000;
  const portalId = await approved();
  await choose(dana, portalId);
  const expiry = async () => (await dana.get("/api/v1/me")).json().identities[0].credentialsExpireAt as number;
  const before = await expiry();
  server.clock.advance(0.8 * 3_600_000 - 1_000);
  expect(await expiry()).toBe(before);
  await vi.waitFor(async () => {
    server.clock.advance(10_000);
    expect(await expiry()).toBeGreaterThan(before);
  });
  expect(server.identityCenter.calls).toContain("refresh");
});

test("signing out forgets the portal, and tells AWS", async () => {
  const portalId = await approved();
  await choose(dana, portalId);
  await dana.send("POST", "/api/v1/sign-out");
  await vi.waitFor(() => expect(server.identityCenter.calls.at(-1)).toBe("logout"));
  expect(await server.deps.store.database.selectFrom("portals").selectAll().execute()).toEqual([]);
});

test("a registration that AWS forgot is made anew", async () => {
  await codeOf(dana);
  server.identityCenter.knowsClient = false;
  await codeOf(dana);
  expect(server.identityCenter.calls.filter((call) => call.startsWith("registerClient"))).toHaveLength(2);
});

test("one address gets so many codes a minute", async () => {
  for (let count = 0; count < CODES_PER_MINUTE_MAX; count++) await codeOf(dana);
  expect((await dana.send("POST", `${API}/codes`, PLACE)).json().code).toBe("RATE_LIMITED");
  server.clock.advance(60_000);
  await codeOf(dana);
});

test("AWS out of reach is not the end of a code: it is asked again, more slowly", async () => {
  const { id } = await codeOf(dana);
  server.identityCenter.failWith = new CatalogError("AWS_UNREACHABLE");
  server.clock.advance(1_000);
  expect(await stateOf(dana, id)).toBe("waiting");
  server.identityCenter.failWith = undefined;
  server.identityCenter.answers.push("approved");
  await until(dana, id, "approved");
});

test("neither tokens nor codes are in the log, the audit or the store", async () => {
  const portalId = await approved();
  await choose(dana, portalId);
  const { database } = server.deps.store;
  const kept = JSON.stringify([
    await database.selectFrom("portals").selectAll().execute(),
    await database.selectFrom("logins").selectAll().execute(),
    await database.selectFrom("audit_events").selectAll().execute(),
    server.logLines,
  ]);
  for (const canary of [DEVICE_CODE, CLIENT_SECRET, "access-canary", "refresh-canary", "KXQM-TRVB"])
    expect(kept).not.toContain(canary);
});
