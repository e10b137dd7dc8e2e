/**
 * Every route × {anonymous, launched, owner, other person} × {own, foreign, unknown} session. The rows are generated from
 * the server's own route table: a route without an expected row fails, and so does a row without a route.
 */
import { randomBytes } from "node:crypto";
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Domains, SharedParts } from "../src/build-server.ts";
import type { AwsIdentity } from "../src/identity/index.ts";
import { eventsPlugin, Inventory, instancesPlugin } from "../src/instances/index.ts";
import { FakeDirectory, OpenBudget } from "../src/instances/testing/fake-directory.ts";
import { FakeClock } from "../src/platform/fake-clock.ts";
import { createLog } from "../src/platform/logger.ts";
import { preferencesPlugin } from "../src/preferences/index.ts";
import { type SessionService, sessionsPlugin, unheldSessionsPlugin } from "../src/sessions/index.ts";
import { CarriedLinks, type SharingService, sharingPlugin } from "../src/sharing/index.ts";
import { ORIGIN, startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const OWN = "A".repeat(22);
const FOREIGN = "B".repeat(22);
const UNKNOWN = "C".repeat(22);
const SHARE = "S".repeat(22);

type Caller = "anonymous" | "launched" | "owner" | "other" | "auditor" | "admin";
type Row = Record<Caller, string>;
/** What a caller gets: "in" (let in), or the code of the refusal. Sessions: own / foreign or unknown. */
const EVERYONE: Row = { anonymous: "in", launched: "in", owner: "in", other: "in", auditor: "in", admin: "in" };
const LAUNCHED: Row = { ...EVERYONE, anonymous: "LAUNCH_REQUIRED" };
const LAUNCHED_ONLY: Row = {
  anonymous: "LAUNCH_REQUIRED",
  launched: "in",
  owner: "LAUNCH_REQUIRED",
  other: "LAUNCH_REQUIRED",
  auditor: "LAUNCH_REQUIRED",
  admin: "LAUNCH_REQUIRED",
};
const PERSON: Row = { ...EVERYONE, anonymous: "SIGN_IN_REQUIRED", launched: "SIGN_IN_REQUIRED" };
const OWNER: Row = {
  ...PERSON,
  other: "SESSION_NOT_FOUND",
  auditor: "SESSION_NOT_FOUND",
  admin: "SESSION_NOT_FOUND",
};
/** Whoever came by the link; here that is the one whose sessions are asked for. */
const VIEWER: Row = {
  ...PERSON,
  other: "SHARE_NOT_FOUND",
  auditor: "SHARE_NOT_FOUND",
  admin: "SHARE_NOT_FOUND",
};
const AUDITOR: Row = { ...PERSON, owner: "ROLE_REQUIRED", other: "ROLE_REQUIRED" };
const ADMIN: Row = { ...AUDITOR, auditor: "ROLE_REQUIRED" };

const EXPECTED: Record<string, Row> = {
  "GET /healthz": EVERYONE,
  "GET /readyz": EVERYONE,
  "GET /metrics": EVERYONE,
  "GET /api/v1/openapi.json": EVERYONE,
  "GET /api/v1/sign-in": EVERYONE,
  "POST /api/v1/sign-in/launch": EVERYONE,
  "POST /api/v1/sign-in/access-keys": EVERYONE,
  "POST /api/v1/sign-in/ready-made": LAUNCHED,
  // A code and a portal belong to one browser or login; without it there is nothing to find.
  "POST /api/v1/sign-in/identity-center/codes": EVERYONE,
  "GET /api/v1/sign-in/identity-center/codes/:codeId": EVERYONE,
  "DELETE /api/v1/sign-in/identity-center/codes/:codeId": EVERYONE,
  "GET /api/v1/sign-in/identity-center/portals": PERSON,
  "GET /api/v1/sign-in/identity-center/portals/:portalId/accounts": EVERYONE,
  "POST /api/v1/sign-in/identity-center/portals/:portalId/sign-in": EVERYONE,
  // Whoever signed in otherwise may be another user of the machine.
  "GET /api/v1/sign-in/profiles": LAUNCHED_ONLY,
  "POST /api/v1/sign-in/profile": LAUNCHED_ONLY,
  "POST /api/v1/sign-in/oidc/start": EVERYONE,
  // Leads everybody to our own page, and finishes only what this browser began.
  "GET /api/v1/sign-in/oidc/callback": EVERYONE,
  "POST /api/v1/sign-in/oidc/finish": EVERYONE,
  "POST /api/v1/sign-out": PERSON,
  "GET /api/v1/me": PERSON,
  "GET /api/v1/me/preferences": PERSON,
  "PUT /api/v1/me/preferences": PERSON,
  "GET /api/v1/audit": AUDITOR,
  "GET /api/v1/audit/activity": AUDITOR,
  "GET /api/v1/audit/export": AUDITOR,
  "GET /api/v1/people": ADMIN,
  "POST /api/v1/people/disable": ADMIN,
  "POST /api/v1/people/enable": ADMIN,
  "POST /api/v1/people/kick": ADMIN,
  "GET /api/v1/logins": PERSON,
  "POST /api/v1/logins/:loginId/sign-out": PERSON,
  "GET /api/v1/instances": PERSON,
  "GET /api/v1/instances/:instanceId": PERSON,
  "POST /api/v1/events/ticket": PERSON,
  "GET /api/v1/events (websocket)": PERSON,
  "POST /api/v1/sessions": PERSON,
  "GET /api/v1/sessions": PERSON,
  "GET /api/v1/sessions/documents": PERSON,
  "GET /api/v1/sessions/unheld": PERSON,
  "DELETE /api/v1/sessions/unheld/:awsSessionId": PERSON,
  "GET /api/v1/sessions/:id": OWNER,
  "DELETE /api/v1/sessions/:id": OWNER,
  "POST /api/v1/sessions/:id/attach-ticket": OWNER,
  "GET /api/v1/sessions/:id/attach (websocket)": OWNER,
  "GET /api/v1/sessions/:id/shares": OWNER,
  "POST /api/v1/sessions/:id/shares": OWNER,
  "DELETE /api/v1/sessions/:id/shares": OWNER,
  "PUT /api/v1/sessions/:id/shares/:shareId": OWNER,
  "DELETE /api/v1/sessions/:id/shares/:shareId": OWNER,
  "GET /api/v1/shares": PERSON,
  "GET /api/v1/shares/carried": PERSON,
  // Keeps what it is told for this browser, and tells nothing of any link.
  "POST /api/v1/shares/:shareId/carry": EVERYONE,
  // Who has no secret gets the answer of a link that there is not: see the tests beside sharing/.
  "POST /api/v1/shares/:shareId/join": PERSON,
  "GET /api/v1/shares/:shareId": VIEWER,
  "POST /api/v1/shares/:shareId/attach-ticket": VIEWER,
  "GET /api/v1/shares/:shareId/attach (websocket)": VIEWER,
};

const owners = new Map<string, string>();
let server: TestServer;
let port: number;

function fakeDomains({ tickets, auditFor, publicAddress }: SharedParts): Domains {
  const session = (id: string) => ({
    id,
    identityId: "",
    awsSessionId: "dana-0123456789abcdef0",
    account: "111122223333",
    region: "eu-west-1",
    instanceId: "i-0123456789abcdef0",
    instanceName: "checkout-api-04",
    channel: "open",
    cols: 80,
    rows: 24,
    startedAt: 0,
  });
  const sessions = {
    ownerKeyOf: (id: string) => owners.get(id),
    endAllOf: async () => 0,
    handleSignedIn: () => undefined,
    closeAllOf: async () => 0,
    openCountOf: () => 0,
    start: async () => session(OWN),
    get: session,
    listFor: (_identity: AwsIdentity) => [],
    end: async () => undefined,
  };
  const unheld = {
    list: async () => ({ region: "eu-west-1", startedHere: [], others: [], truncated: false }),
    end: async () => undefined,
  };
  const share = { id: SHARE, sessionId: OWN, shareClass: "view" };
  const view = {
    ...{ id: SHARE, sessionId: OWN, mode: "view", audience: "account", people: [], createdAt: 0 },
    ...{ earlierOutput: false, fitSmallest: false, viewersMax: 50, watching: 0, joined: 0 },
  };
  const shared = {
    ...{ shareId: SHARE, mode: "view", owner: { name: "", account: "", role: "", proven: true }, account: "" },
    ...{ region: "", instanceId: "", instanceName: "", earlierOutput: false, startedAt: 0, joinedAt: 0 },
  };
  const policy = {
    ...{ sharing: true, typing: true, anyone: true, needsStartSession: false, sharesMax: 20, viewersMax: 50 },
  };
  const sharing = {
    isViewer: (shareId: string, ownerKey: string) => shareId === SHARE && ownerKey === owners.get(OWN),
    list: () => ({ shares: [], policy }),
    create: async () => ({ share: view, secret: "" }),
    change: async () => view,
    revoke: async () => undefined,
    revokeAll: async () => 0,
    lists: () => ({ mine: [], withMe: [] }),
    join: async () => shared,
    viewOf: () => shared,
    classOf: () => "view",
    membership: () => ({ share, viewer: {} }),
  };
  const clock = new FakeClock();
  const regions = ["eu-west-1"];
  const directory = new FakeDirectory();
  const log = createLog("silent", () => undefined);
  const startRules: SessionStartRules = {
    reason: "optional",
    documents: ["SSM-SessionManagerRunShell"],
    accountDocuments: true,
  };
  const documents = { list: async () => ({ documents: [], more: false }), check: async () => undefined };
  const inventory = new Inventory({ directory, budget: new OpenBudget(), clock, log, random: () => 0.5 });
  // Whose preferences are whose is tested beside the store; here nobody has any.
  const store = { read: async () => ({ version: 0, parts: {} }), write: async () => ({ version: 1, parts: {} }) };
  return {
    sessions,
    shares: sharing,
    plugins: [
      instancesPlugin({ inventory, directory, budget: new OpenBudget(), clock, regions }),
      eventsPlugin({ inventory, tickets, clock, regions, auditFor }),
      preferencesPlugin({ store, clock }),
      // The routes are the real ones; what they would do to AWS is not the matter here.
      sessionsPlugin({
        sessions: sessions as unknown as SessionService,
        tickets,
        clock,
        regions,
        startRules,
        documents,
      }),
      unheldSessionsPlugin({ unheld, clock, regions }),
      sharingPlugin({
        ...{ sharing: sharing as unknown as SharingService, tickets, clock },
        sessions: sessions as unknown as SessionService,
        carried: new CarriedLinks(clock, randomBytes),
        publicAddress,
        screenAt: async () => Promise.reject(new Error("nobody attaches here")),
      }),
    ],
  };
}

async function browserOf(caller: Caller): Promise<TestBrowser> {
  server.clock.advance(61_000); // a new window for the limits of sign-in
  const browser = new TestBrowser(server);
  if (caller === "launched")
    await browser.send("POST", "/api/v1/sign-in/launch", { secret: server.launchSecrets.at(-1) });
  if (caller === "owner") await browser.signIn("AKIADANA00000000");
  if (caller === "other") await browser.signIn("AKIAKOFI00000000");
  if (caller === "auditor") await browser.signIn("AKIAAUDIT0000000");
  if (caller === "admin") await browser.signIn("AKIAADMIN0000000");
  return browser;
}

const BODIES: Record<string, unknown> = {
  "POST /api/v1/sign-in/launch": { secret: "a guess that is long enough" },
  "POST /api/v1/sign-in/access-keys": { accessKeyId: "AKIAUNKNOWN00000", secretAccessKey: "x" },
  "POST /api/v1/sign-in/ready-made": { personId: "dana" },
  "POST /api/v1/sign-in/identity-center/codes": { startUrl: "http://169.254.169.254/start", region: "eu-west-1" },
  "POST /api/v1/sign-in/identity-center/portals/:portalId/sign-in": { accountId: "111122223333", roleName: "Admin" },
  "POST /api/v1/sign-in/profile": { name: "default" },
  "POST /api/v1/sign-in/oidc/start": {},
  "PUT /api/v1/me/preferences": { version: 0, parts: {} },
  "POST /api/v1/logins/:loginId/sign-out": { sessions: "keep" },
  "POST /api/v1/people/disable": { account: "111122223333", userId: "AIDANOBODY" },
  "POST /api/v1/people/enable": { account: "111122223333", userId: "AIDANOBODY" },
  "POST /api/v1/people/kick": { account: "111122223333", userId: "AIDANOBODY" },
  "POST /api/v1/sessions/:id/shares": {
    ...{ mode: "view", audience: "account", expires: "session", earlierOutput: false },
  },
  "PUT /api/v1/sessions/:id/shares/:shareId": { expires: "1-hour" },
  "POST /api/v1/shares/:shareId/join": { secret: "x" },
  "POST /api/v1/shares/:shareId/carry": { secret: "x" },
  "POST /api/v1/sessions": { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 },
};
/** Refusals that come after the access check: the caller was let in. */
const AFTER_ACCESS = [
  "LOGIN_NOT_FOUND",
  "SIGN_IN_CODE_UNKNOWN",
  "START_URL_NOT_ALLOWED",
  "LAUNCH_SECRET_INVALID",
  "ACCESS_KEYS_REFUSED",
  "SIGN_IN_METHOD_OFF",
  "INSTANCE_NOT_LISTED",
];

async function ask(caller: Caller, route: string, sessionId: string, shareId = SHARE): Promise<string> {
  const browser = await browserOf(caller);
  const [method = "", pattern = ""] = route.split(" ");
  const inRegion = /\/(instances|:instanceId|documents|unheld|:awsSessionId)$/.test(pattern);
  const path =
    pattern
      .replace(":instanceId", "i-00000001")
      .replace(":id", sessionId)
      .replace(":shareId", shareId)
      .replace(/:(loginId|codeId|portalId)/, UNKNOWN)
      .replace(":awsSessionId", "dana-0123456789abcdef0") +
    (inRegion ? "?region=eu-west-1" : pattern.endsWith("/export") ? "?format=csv" : "");
  if (route.endsWith("(websocket)")) return upgrade(browser, path);
  const reply =
    method === "GET"
      ? await browser.get(path)
      : await browser.send(method as "POST" | "PUT" | "DELETE", path, BODIES[route]);
  if (reply.statusCode < 400) return "in";
  const { code } = reply.json();
  return AFTER_ACCESS.includes(code) ? "in" : code;
}

/** A real upgrade over a real socket: 101, or the refusal before it. */
function upgrade(browser: TestBrowser, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = `ws://127.0.0.1:${port}${path}`;
    const socket = new WebSocket(url, "causeway.v1", { headers: browser.headers });
    socket.on("open", () => {
      socket.terminate();
      resolve("in");
    });
    socket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve(JSON.parse(body).code));
    });
    socket.on("error", reject);
  });
}

beforeAll(async () => {
  server = await startTestServer({
    domains: fakeDomains,
    env: {
      CAUSEWAY_PUBLIC_URL: ORIGIN,
      CAUSEWAY_AUDITORS: "111122223333/user/aud",
      CAUSEWAY_ADMINS: "111122223333/user/ada",
    },
  });
  server.sts.add("AKIAAUDIT0000000", "111122223333", "AIDAAUD", "user/aud");
  server.sts.add("AKIAADMIN0000000", "111122223333", "AIDAADA", "user/ada");
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = server.app.server.address() as { port: number });
  owners.set(OWN, "111122223333/AIDADANA");
  owners.set(FOREIGN, "111122223333/somebody-else");
});
afterAll(() => server.close());

test("every route has an expected row, and every row a route", () => {
  const names = server.routes.map(({ method, url, websocket }) => `${method} ${url}${websocket ? " (websocket)" : ""}`);
  expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
});

test("the API's description has every route of the API but the websockets and itself", async () => {
  const { paths } = (await new TestBrowser(server).get("/api/v1/openapi.json")).json();
  const described = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
  const expected = server.routes
    .filter(({ url, websocket }) => url.startsWith("/api/") && !websocket && !url.endsWith("/openapi.json"))
    .map(({ method, url }) => `${method} ${url}`);
  expect(described.sort()).toEqual(expected.sort());
});

const callers: Caller[] = ["anonymous", "launched", "owner", "other", "auditor", "admin"];
test.each(Object.keys(EXPECTED))("%s lets in whom it should, and nobody else", async (route) => {
  for (const caller of callers) {
    const expected = (EXPECTED[route] as Row)[caller];
    expect([caller, "own", await ask(caller, route, OWN)]).toEqual([caller, "own", expected]);
    if (!/:id\b/.test(route)) continue;
    const foreign = expected === "SIGN_IN_REQUIRED" ? expected : "SESSION_NOT_FOUND";
    for (const id of [FOREIGN, UNKNOWN, "..%2f..%2fme", "constructor"])
      expect([caller, id, await ask(caller, route, id)]).toEqual([caller, id, foreign]);
  }
});

const VIEWERS = Object.keys(EXPECTED).filter((route) => EXPECTED[route] === VIEWER);
test.each(VIEWERS)(
  "%s: a link by which one did not come and one that does not exist get the same answer",
  async (route) => {
    expect(await ask("owner", route, OWN, UNKNOWN)).toBe("SHARE_NOT_FOUND");
    expect(await ask("owner", route, OWN, "constructor")).toBe("SHARE_NOT_FOUND");
  },
);

test("a foreign session and one that does not exist get the same answer, byte for byte but the request id", async () => {
  const browser = await browserOf("owner");
  const answers = await Promise.all(
    [FOREIGN, UNKNOWN].map(async (id) => ({ ...(await browser.get(`/api/v1/sessions/${id}`)).json(), requestId: "" })),
  );
  expect(answers[0]).toEqual(answers[1]);
});

/** Requests that act for one identity, which they name. */
const NAMES_IDENTITY = Object.keys(EXPECTED).filter((route) =>
  /(GET .*\/instances|POST .*\/sessions|\/documents|\/unheld(\/:awsSessionId)?)$/.test(route),
);
test.each(NAMES_IDENTITY)("%s acts for an identity of the asking login, and for nobody else's", async (route) => {
  const other = await browserOf("other");
  const browser = await browserOf("owner");
  const theirs = (await other.get("/api/v1/me")).json().identities[0].id;
  const own = (await browser.get("/api/v1/me")).json().identities[0].id;
  const answers = [];
  for (const identityId of [own, theirs, UNKNOWN]) {
    const [method = "", pattern = ""] = route.split(" ");
    const path = pattern.replace(":awsSessionId", "dana-0123456789abcdef0");
    const reply =
      method === "POST"
        ? await browser.send("POST", path, { ...(BODIES[route] as object), identityId })
        : await browser.send(method as "GET", `${path}?region=eu-west-1&identityId=${identityId}`);
    answers.push(reply.statusCode < 300 ? "in" : reply.json().code);
  }
  expect(answers).toEqual(["in", "IDENTITY_NOT_FOUND", "IDENTITY_NOT_FOUND"]);
});
