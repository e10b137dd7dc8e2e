/** Signing in at a real OIDC provider on loopback, over HTTP; AWS is a fake one that keeps the token it was shown. */
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { agentFetch, OutboundAgents } from "../src/aws/index.ts";
import { OpenIdClientProvider } from "../src/identity/index.ts";
import { FLOW_MS } from "../src/identity/methods/oidc/oidc-flows.ts";
import { STARTS_PER_MINUTE_MAX } from "../src/identity/methods/oidc/oidc-sign-in.ts";
import { CatalogError } from "../src/platform/catalog-error.ts";
import { systemClock } from "../src/platform/clock.ts";
import { PreferenceStore, preferencesPlugin } from "../src/preferences/index.ts";
import { type LocalOidcProvider, startOidcProvider } from "../src/test-support/oidc-provider.ts";
import {
  HOST,
  NO_SESSIONS,
  ORIGIN,
  startTestServer,
  TestBrowser,
  type TestServer,
} from "../src/test-support/test-server.ts";

const API = "/api/v1/sign-in/oidc";
const OPERATOR = "arn:aws:iam::111122223333:role/Harbor-Operator";
const SUPPORT = "arn:aws:iam::111122223333:role/Harbor-Support";
const SECRET = `client-secret-canary-${randomBytes(8).toString("hex")}`;

let provider: LocalOidcProvider;
let server: TestServer;
let dana: TestBrowser;
beforeAll(async () => {
  provider = await startOidcProvider({ id: "causeway", secret: SECRET, redirectUri: `${ORIGIN}${API}/callback` });
});
afterAll(() => provider.close());
beforeEach(async () => {
  provider.person = "dana";
  server = await serverWith({});
  server.leaks.addSecret("the client's secret", SECRET);
  dana = new TestBrowser(server);
});
afterEach(() => server.close());

function serverWith(env: Record<string, string>, secret = SECRET): Promise<TestServer> {
  const config = { issuer: provider.issuer, clientId: "causeway", scopes: "openid profile email offline_access" };
  const fetch = agentFetch(new OutboundAgents());
  return startTestServer({
    env: {
      CAUSEWAY_OIDC_ISSUER: provider.issuer,
      CAUSEWAY_OIDC_CLIENT_ID: "causeway",
      CAUSEWAY_OIDC_ROLES: OPERATOR,
      CAUSEWAY_ADMINS: "claim:groups=causeway-admins",
      ...env,
    },
    deps: { oidcProvider: new OpenIdClientProvider({ config, secret, fetch, clock: systemClock }) },
    aws: async (_config, { callerIdentity, store, clock }) => ({
      callerIdentity,
      domains: () => ({
        sessions: NO_SESSIONS,
        plugins: [preferencesPlugin({ store: new PreferenceStore(store.database, clock), clock })],
      }),
    }),
  });
}

async function started(browser = dana, body: object = {}): Promise<string> {
  const reply = await browser.send("POST", `${API}/start`, body);
  expect(reply.statusCode).toBe(200);
  return reply.json().authorizationUrl;
}
/** To the provider and back, up to our page. */
async function wentAndCameBack(browser = dana, body: object = {}): Promise<void> {
  const back = new URL(await provider.visit(await started(browser, body)));
  expect(back.origin + back.pathname).toBe(`${ORIGIN}${API}/callback`);
  const code = back.searchParams.get("code"); // none: whoever it is cancelled
  if (code !== null) server.leaks.addSecret("the provider's code", code);
  const reply = await browser.get(back.pathname + back.search);
  expect([reply.statusCode, reply.headers.location]).toEqual([303, "/sign-in?via=oidc"]);
}
const finish = (browser = dana) => browser.send("POST", `${API}/finish`);

test("to the provider and back: signed in as a proven person, with keys of the role, for the provider's own token", async () => {
  await wentAndCameBack();
  const reply = await finish();
  expect(reply.json()).toMatchObject({
    role: "admin",
    identities: [
      {
        method: "oidc",
        renews: true,
        person: { account: "111122223333", role: "Harbor-Operator", name: "dana@harbor.example", proven: true },
      },
    ],
  });
  const [call] = server.roles.calls;
  const claims = JSON.parse(Buffer.from(call?.idToken?.split(".")[1] ?? "", "base64url").toString());
  expect([call?.roleArn, claims.iss, claims.aud, claims.sub]).toEqual([OPERATOR, provider.issuer, "causeway", "dana"]);
});

test("the question holds a challenge, a nonce and a state, and asks for an answer at our own address", async () => {
  const url = new URL(await started());
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    client_id: "causeway",
    response_type: "code",
    code_challenge_method: "S256",
    redirect_uri: `${ORIGIN}${API}/callback`,
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
  });
});

test("only the cookie of the way there and back may come along from another site, and scripts cannot read it", async () => {
  const reply = await dana.send("POST", `${API}/start`, {});
  expect(reply.headers["set-cookie"]).toMatch(
    /^causeway-oidc-4123=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
});

test("login CSRF: an answer that another browser fetched signs this one in nowhere", async () => {
  const attacker = new TestBrowser(server);
  const back = new URL(await provider.visit(await started(attacker)));
  await started(); // she has a cookie of a sign-in of her own
  await dana.get(back.pathname + back.search);
  expect((await finish()).json().code).toBe("OIDC_SIGN_IN_UNKNOWN");
  expect((await dana.get("/api/v1/me")).statusCode).toBe(401);
});

test("an answer works once", async () => {
  await wentAndCameBack();
  const cookie = dana.oidcCookie;
  expect((await finish()).statusCode).toBe(200);
  const again = new TestBrowser(server);
  again.oidcCookie = cookie;
  expect((await finish(again)).json().code).toBe("OIDC_SIGN_IN_UNKNOWN");
});

test("open redirect: wherever the answer says to go, the way back leads to our own page", async () => {
  for (const query of ["", "?state=x&next=https://evil.example", "?redirect_uri=//evil.example", "?state[]=a"]) {
    const reply = await dana.get(`${API}/callback${query}`);
    expect([reply.statusCode, reply.headers.location]).toEqual([303, "/sign-in?via=oidc"]);
  }
});

test("session fixation: the login's cookie is another one after signing in", async () => {
  dana.cookie = `causeway-4123=${"A".repeat(43)}`;
  await wentAndCameBack();
  await finish();
  expect(dana.cookie).not.toContain("A".repeat(43));
});

test("another site can neither begin nor finish", async () => {
  await wentAndCameBack();
  for (const path of ["start", "finish"]) {
    const headers = { ...dana.headers, host: HOST, origin: "https://evil.example", "content-type": "application/json" };
    const body = path === "start" ? { payload: "{}" } : {};
    const reply = await server.app.inject({ method: "POST", url: `${API}/${path}`, headers, ...body });
    expect(reply.json().code).toBe("ORIGIN_NOT_ALLOWED");
  }
});

test("who cancels at the provider is told so, and not as a failure of the server", async () => {
  provider.person = undefined;
  await wentAndCameBack();
  expect((await finish()).json()).toMatchObject({ code: "OIDC_SIGN_IN_REFUSED", detail: "access_denied" });
});

test("a code of another sign-in is refused: the provider checks who may redeem it", async () => {
  await wentAndCameBack();
  const [flow] = [new URL(await provider.visit(await started()))];
  const stolen = flow.searchParams.get("code") ?? "";
  const mine = new URL(await started());
  const query = `?code=${stolen}&state=${mine.searchParams.get("state")}&iss=${encodeURIComponent(provider.issuer)}`;
  await dana.get(`${API}/callback${query}`);
  expect((await finish()).json()).toMatchObject({ code: "OIDC_SIGN_IN_FAILED", detail: "invalid_grant" });
});

test("an answer in another issuer's name is refused (mix-up)", async () => {
  const back = new URL(await provider.visit(await started()));
  back.searchParams.set("iss", "https://evil.example");
  await dana.get(back.pathname + back.search);
  expect((await finish()).json().code).toBe("OIDC_SIGN_IN_FAILED");
});

test("after ten minutes a sign-in is over, and says so", async () => {
  await wentAndCameBack();
  server.clock.advance(FLOW_MS);
  expect((await finish()).json().code).toBe("OIDC_SIGN_IN_UNKNOWN");
});

test("an e-mail address that nobody verified names nobody", async () => {
  provider.person = "eve";
  await wentAndCameBack();
  expect((await finish()).json()).toMatchObject({
    code: "OIDC_CLAIMS_UNUSABLE",
    detail: "email_verified is not true",
  });
});

test("one address begins so many sign-ins a minute", async () => {
  for (let count = 0; count < STARTS_PER_MINUTE_MAX; count++) await started();
  expect((await dana.send("POST", `${API}/start`, {})).json().code).toBe("RATE_LIMITED");
});

test("with the wrong client secret the operator is named, and the secret is not", async () => {
  await server.close();
  server = await serverWith({}, "wrong-secret-canary");
  dana = new TestBrowser(server);
  await wentAndCameBack();
  const reply = await finish();
  expect(reply.json()).toMatchObject({ code: "OIDC_SIGN_IN_FAILED", detail: "invalid_client" });
  expect(reply.body + server.logLines.join("")).not.toContain("wrong-secret-canary");
});

test("where several roles are listed the page offers them, and no other can be asked for", async () => {
  await server.close();
  server = await serverWith({ CAUSEWAY_OIDC_ROLES: `${OPERATOR},${SUPPORT}`, CAUSEWAY_OIDC_LABEL: "Harbor" });
  dana = new TestBrowser(server);
  expect((await dana.get("/api/v1/sign-in")).json().oidc).toEqual({ name: "Harbor", roles: [OPERATOR, SUPPORT] });
  const other = { roleArn: "arn:aws:iam::111122223333:role/Admin" };
  for (const body of [{}, other])
    expect((await dana.send("POST", `${API}/start`, body)).json().code).toBe("ROLE_NOT_ASSUMABLE");
  await wentAndCameBack(dana, { roleArn: SUPPORT });
  expect((await finish()).json().identities[0].person.role).toBe("Harbor-Support");
});

test("a second role is added beside the first, though the way back knows no login", async () => {
  await dana.signIn();
  await wentAndCameBack(dana, { how: "add" });
  const { identities } = (await finish()).json();
  expect(identities.map(({ method }: { method: string }) => method)).toEqual(["access-keys", "oidc"]);
});

test("the role can come in a claim", async () => {
  await server.close();
  server = await serverWith({ CAUSEWAY_OIDC_ROLES: "claim:aws_role", CAUSEWAY_OIDC_NAME_CLAIM: "sub" });
  dana = new TestBrowser(server);
  await wentAndCameBack();
  expect((await finish()).json().identities[0].person).toMatchObject({ name: "dana", role: "Harbor-Operator" });
});

test("keys are renewed at 80 % of their life with the refresh token, also when AWS fails in between", async () => {
  await wentAndCameBack();
  await finish();
  const expiry = async () => (await dana.get("/api/v1/me")).json().identities[0].credentialsExpireAt as number;
  const before = await expiry();
  server.roles.failWith = new CatalogError("AWS_UNREACHABLE");
  server.clock.advance(0.8 * 3_600_000);
  await vi.waitFor(() => {
    server.clock.advance(1_000);
    expect(server.roles.calls.length).toBeGreaterThan(1);
  });
  expect(await expiry()).toBe(before);
  server.roles.failWith = undefined;
  await vi.waitFor(async () => {
    server.clock.advance(10_000);
    expect(await expiry()).toBeGreaterThan(before);
  });
  // Rotated: a second renewal needs the token that came with the first.
  const renewed = await expiry();
  server.clock.advance(0.8 * 3_600_000);
  await vi.waitFor(async () => {
    server.clock.advance(10_000);
    expect(await expiry()).toBeGreaterThan(renewed);
  });
});

test("neither tokens, codes nor the client's secret are in log, audit or store", async () => {
  const url = await started();
  const back = new URL(await provider.visit(url));
  await dana.get(back.pathname + back.search);
  await finish();
  const { database } = server.deps.store;
  const kept = JSON.stringify([
    await database.selectFrom("login_identities").selectAll().execute(),
    await database.selectFrom("audit_events").selectAll().execute(),
    server.logLines,
  ]);
  const canaries = [
    SECRET,
    back.searchParams.get("code"),
    back.searchParams.get("state"),
    server.roles.calls[0]?.idToken,
  ];
  for (const canary of canaries) {
    expect(canary?.length).toBeGreaterThan(20);
    expect(kept).not.toContain(canary);
  }
});

test("without a provider in the configuration the way is off", async () => {
  await server.close();
  server = await startTestServer();
  dana = new TestBrowser(server);
  expect((await dana.get("/api/v1/sign-in")).json().oidc).toBeUndefined();
  expect((await dana.send("POST", `${API}/start`, {})).json().code).toBe("SIGN_IN_METHOD_OFF");
});

test("whichever role she asks for, the choices of somebody of the provider are hers, and nobody else's behind the same role", async () => {
  await server.close();
  server = await serverWith({ CAUSEWAY_OIDC_ROLES: `${OPERATOR},${SUPPORT}` });
  const path = "/api/v1/me/preferences";
  const come = async (person: string, roleArn: string): Promise<TestBrowser> => {
    provider.person = person;
    const browser = new TestBrowser(server);
    await wentAndCameBack(browser, { roleArn });
    expect((await finish(browser)).json().identities[0].person.role).toBe(roleArn.split("/").at(-1));
    return browser;
  };
  const parts = { settings: { copyOnSelect: true } };
  expect((await (await come("dana", OPERATOR)).send("PUT", path, { version: 0, parts })).statusCode).toBe(200);
  expect((await (await come("dana", SUPPORT)).get(path)).json()).toEqual({ version: 1, parts });
  expect((await (await come("kofi", SUPPORT)).get(path)).json()).toEqual({ version: 0, parts: {} });
});
