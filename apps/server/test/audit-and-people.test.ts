/** Auditors read what happened; admins put people out. Over HTTP, against a fake AWS. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { AuditRetention, AuditWriter } from "../src/audit/index.ts";
import { createMetrics } from "../src/platform/metrics.ts";
import { startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const DANA = { account: "111122223333", userId: "AIDADANA" };
const EVE = { account: "111122223333", userId: "AROAX:eve@example.com" };
const DAY_MS = 86_400_000;

let server: TestServer;
let admin: TestBrowser;
let auditor: TestBrowser;
let ended: string[];
let closed: string[];
beforeEach(async () => {
  ended = [];
  closed = [];
  server = await startTestServer({
    env: {
      CAUSEWAY_ADMINS: "111122223333/user/ada",
      CAUSEWAY_AUDITORS: "*/user/aud",
      CAUSEWAY_AUDIT_DAYS: "30",
      CAUSEWAY_ACCOUNTS: "111122223333=harbor-prod:prod",
    },
    domains: () => ({
      sessions: {
        ownerKeyOf: () => undefined,
        async endAllOf(identity) {
          await identity.credentials(); // they must still be there
          ended.push(identity.name);
          return 1;
        },
        handleSignedIn: () => undefined,
        closeAllOf: async (personKey, leaving) => {
          for (const identity of leaving) await identity.credentials(); // they must still be there
          closed.push(`${personKey} by ${leaving.map(({ name }) => name)}`);
          return 2;
        },
        openCountOf: (personKey) => (personKey.endsWith("AIDADANA") ? 3 : 0),
      },
      plugins: [],
    }),
  });
  server.sts.add("AKIAADMIN0000000", "111122223333", "AIDAADA", "user/ada");
  server.sts.add("AKIAAUDIT0000000", "111122223333", "AIDAAUD", "user/aud");
  admin = await signedIn("AKIAADMIN0000000");
  auditor = await signedIn("AKIAAUDIT0000000");
});
afterEach(() => server.close());

async function signedIn(key: string): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  expect((await browser.signIn(key)).statusCode).toBe(200);
  return browser;
}
const page = async (query = "") => (await auditor.get(`/api/v1/audit${query}`)).json();
const names = (events: { event: string; name: string }[]) => events.map(({ event, name }) => `${event} ${name}`);

test("me says who may do what, and a name that is not proven gives no role", async () => {
  server.sts.add("ASIAADA000000000", "111122223333", "AROAX:ada", "assumed-role/Operator/ada");
  const [dana, ada] = [await signedIn("AKIADANA00000000"), await signedIn("ASIAADA000000000")];
  const roles = [dana, auditor, admin, ada].map(async (browser) => (await browser.get("/api/v1/me")).json().role);
  expect(await Promise.all(roles)).toEqual(["user", "auditor", "admin", "user"]);
});

test("the audit is read newest first, filtered by words, event and refusals, page by page", async () => {
  await new TestBrowser(server).send("POST", "/api/v1/sign-in/access-keys", {
    accessKeyId: "AKIAUNKNOWN00000",
    secretAccessKey: "x",
  });
  await signedIn("AKIADANA00000000");
  expect(names((await page()).events)).toEqual([
    "sign_in.succeeded dana",
    "sign_in.refused ",
    "sign_in.succeeded aud",
    "sign_in.succeeded ada",
  ]);
  expect((await page("?q=access-keys%20REFUSED")).events).toHaveLength(1);
  expect((await page("?q=dana&event=sign_in.succeeded")).total).toBe(1);
  expect((await page("?q=100%25_")).total).toBe(0);
  expect((await page("?refusals=true")).events).toMatchObject([{ event: "sign_in.refused", refused: true }]);
  const first = await page("?limit=3");
  const second = await page(`?limit=3&before=${first.next}`);
  expect([first.events.length, first.total, second.events.length, second.next]).toEqual([3, 4, 1, undefined]);
  expect((await page("?limit=201")).code).toBe("REQUEST_INVALID");
});

test("an export holds every event that matches, and is itself audited", async () => {
  const csv = await auditor.get("/api/v1/audit/export?format=csv&q=ada");
  expect(csv.headers).toMatchObject({ "content-type": "text/csv; charset=utf-8", "cache-control": "no-store" });
  expect(csv.headers["content-disposition"]).toMatch(/^attachment; filename="causeway-audit-[0-9-]{10}\.csv"$/);
  expect(csv.body.trimEnd().split("\r\n")).toHaveLength(2);
  const lines = (await auditor.get("/api/v1/audit/export?format=jsonl")).body.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).event)).toEqual([
    "audit.exported",
    "audit.exported",
    "sign_in.succeeded",
    "sign_in.succeeded",
  ]);
});

test("events go when they are older than the setting says, not before, and nothing else can delete one", async () => {
  const { database } = server.deps.store;
  const audit = new AuditWriter({ ...server.deps, database, metrics: createMetrics() });
  await audit.open();
  const retention = new AuditRetention({ ...server.deps, database, audit, keptDays: 30 });
  server.clock.advance(30 * DAY_MS - 1);
  expect(await retention.expire()).toBe(0);
  await expect(database.deleteFrom("audit_events").execute()).rejects.toThrow(/append-only/);
  server.clock.advance(2);
  expect(await retention.expire()).toBe(2);
  const left = await database.selectFrom("audit_events").select(["event", "detail"]).execute();
  expect(left).toEqual([{ event: "audit.expired", detail: "2 events older than 30 days" }]);
  await expect(database.deleteFrom("audit_events").execute()).rejects.toThrow(/append-only/);
});

test("an admin sees who is signed in, and from how many browsers", async () => {
  await signedIn("AKIADANA00000000");
  await signedIn("AKIADANA00000000");
  const { people } = (await admin.get("/api/v1/people")).json();
  expect(people.find(({ userId }: { userId: string }) => userId === "AIDADANA")).toMatchObject({
    name: "dana",
    accountName: "harbor-prod",
    logins: 2,
    sessions: 3,
    proven: true,
  });
});

test("whom an admin puts out is out of every browser; her shells end first, with her credentials", async () => {
  const [first, second] = [await signedIn("AKIADANA00000000"), await signedIn("AKIADANA00000000")];
  const reply = await admin.send("POST", "/api/v1/people/kick", DANA);
  expect(reply.json()).toEqual({ logins: 2, sessions: 2 });
  expect([ended, closed]).toEqual([[], ["111122223333/AIDADANA by dana,dana"]]);
  for (const browser of [first, second])
    expect((await browser.get("/api/v1/me")).json()).toMatchObject({ status: 401, code: "LOGIN_ENDED_BY_ADMIN" });
  expect((await admin.get("/api/v1/me")).statusCode).toBe(200);
  expect((await signedIn("AKIADANA00000000")).cookie).toBeDefined();
  expect((await page("?event=person.kicked")).events).toMatchObject([
    { name: "ada", detail: "111122223333/AIDADANA; logins ended: 2; sessions ended: 2" },
  ]);
});

test("a disabled person is out, stays out whatever way she comes, and comes back when she is enabled", async () => {
  const dana = await signedIn("AKIADANA00000000");
  expect((await admin.send("POST", "/api/v1/people/disable", DANA)).statusCode).toBe(200);
  expect((await dana.get("/api/v1/me")).json()).toMatchObject({ status: 401, code: "LOGIN_ENDED_DISABLED" });
  expect((await new TestBrowser(server).signIn("AKIADANA00000000")).json().code).toBe("PERSON_DISABLED");
  expect((await page("?event=sign_in.refused")).events[0].detail).toBe("access-keys: PERSON_DISABLED");
  const { people } = (await admin.get("/api/v1/people")).json();
  expect(people.find(({ userId }: { userId: string }) => userId === "AIDADANA")).toMatchObject({
    name: "dana",
    accountName: "harbor-prod",
    disabled: { by: "ada" },
  });
  expect((await admin.send("POST", "/api/v1/people/enable", DANA)).statusCode).toBe(204);
  expect((await new TestBrowser(server).signIn("AKIADANA00000000")).statusCode).toBe(200);
  expect((await admin.send("POST", "/api/v1/people/enable", DANA)).json().code).toBe("PERSON_NOT_FOUND");
});

test("a disabled role session is out as well, and its other identities in that browser stay", async () => {
  const browser = await signedIn("AKIAKOFI00000000");
  await browser.send("POST", "/api/v1/sign-in/access-keys", {
    accessKeyId: "ASIAROLE00000000",
    secretAccessKey: [..."ASIAROLE00000000"].reverse().join(""),
    how: "add",
  });
  await admin.send("POST", "/api/v1/people/disable", EVE);
  const me = (await browser.get("/api/v1/me")).json();
  expect(me.identities.map(({ person }: { person: { name: string } }) => person.name)).toEqual(["kofi"]);
});

test("an admin cannot disable herself", async () => {
  const reply = await admin.send("POST", "/api/v1/people/disable", { account: "111122223333", userId: "AIDAADA" });
  expect(reply.json().code).toBe("REQUEST_INVALID");
  expect((await admin.get("/api/v1/me")).statusCode).toBe(200);
});

test("own logins are listed with device and time; another person's are neither listed nor signed out", async () => {
  const [first, second] = [await signedIn("AKIADANA00000000"), await signedIn("AKIADANA00000000")];
  const kofi = await signedIn("AKIAKOFI00000000");
  const list = (await first.get("/api/v1/logins")).json();
  expect(list.logins).toHaveLength(2);
  const other = list.logins.find(({ id }: { id: string }) => id !== list.current);
  expect(other).toMatchObject({
    people: [{ name: "dana", accountName: "harbor-prod" }],
    lastSeenAt: server.clock.nowMs(),
  });
  const foreign = await kofi.send("POST", `/api/v1/logins/${other.id}/sign-out`, { sessions: "end" });
  expect(foreign.json().code).toBe("LOGIN_NOT_FOUND");
  const own = await first.send("POST", `/api/v1/logins/${other.id}/sign-out`, { sessions: "keep" });
  expect([own.statusCode, (await second.get("/api/v1/me")).statusCode, ended]).toEqual([204, 401, []]);
});

test("signing out everywhere with `end` ends the shells once, with `keep` none", async () => {
  const [first, second] = [await signedIn("AKIADANA00000000"), await signedIn("AKIADANA00000000")];
  await first.send("POST", "/api/v1/sign-out", { sessions: "end", everywhere: true });
  expect([(await second.get("/api/v1/me")).statusCode, ended]).toEqual([401, ["dana"]]);
  const third = await signedIn("AKIADANA00000000");
  await third.send("POST", "/api/v1/sign-out", { sessions: "keep" });
  expect(ended).toEqual(["dana"]);
});
