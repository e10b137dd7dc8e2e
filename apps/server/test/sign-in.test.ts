/** Signing in and out, over HTTP, against a fake AWS. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ATTEMPTS_MAX, REFUSED_ATTEMPTS_MAX } from "../src/identity/sign-in.ts";
import { CatalogError } from "../src/platform/catalog-error.ts";
import {
  HOST,
  MFA_CODE,
  ORIGIN,
  secretOf,
  startTestServer,
  TestBrowser,
  type TestServer,
} from "../src/test-support/test-server.ts";

const PEOPLE = {
  version: 1,
  endpointUrl: "http://127.0.0.1:4124",
  adminToken: "admin-canary",
  people: ["dana", "kofi"].map((id) => {
    const accessKeyId = `AKIA${id.toUpperCase()}00000000`;
    return { id, name: id, role: "SRE", description: "…", accessKeyId, secretAccessKey: secretOf(accessKeyId) };
  }),
};

let directory: string;
let file: string;
let server: TestServer;
let endedFor: string[];
let renewedFor: string[];
let whileEnding: (() => Promise<void>) | undefined;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "causeway-people-"));
  file = join(directory, "people.json");
  writeFileSync(file, JSON.stringify(PEOPLE), { mode: 0o600 });
  endedFor = [];
  renewedFor = [];
  whileEnding = undefined;
  server = await startTestServer({
    env: { CAUSEWAY_READY_MADE_PEOPLE_FILE: file },
    domains: () => ({
      sessions: {
        ownerKeyOf: () => undefined,
        async endAllOf(identity) {
          await identity.credentials(); // they must still be there
          await whileEnding?.();
          endedFor.push(identity.name);
          return 1;
        },
        closeAllOf: async () => 0,
        openCountOf: () => 0,
        handleSignedIn: (identity) => {
          renewedFor.push(identity.name);
        },
      },
      plugins: [],
    }),
  });
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const audit = () =>
  server.deps.store.database.selectFrom("audit_events").select(["event", "name", "detail"]).orderBy("id").execute();

async function launched(): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  await browser.send("POST", "/api/v1/sign-in/launch", { secret: server.launchSecrets.at(-1) });
  return browser;
}

test("a browser that did not come through the link learns that there are ready-made people, but not whom", async () => {
  const browser = new TestBrowser(server);
  expect((await browser.get("/api/v1/sign-in")).json().readyMade).toEqual({
    offered: true,
    launched: false,
    people: [],
  });
  expect((await browser.send("POST", "/api/v1/sign-in/ready-made", { personId: "dana" })).json().code).toBe(
    "LAUNCH_REQUIRED",
  );
});

test("a launched browser is shown the people without their keys, and signs in as one", async () => {
  const browser = await launched();
  const options = await browser.get("/api/v1/sign-in");
  expect(options.json().readyMade.people.map(({ id }: { id: string }) => id)).toEqual(["dana", "kofi"]);
  expect(options.body).not.toMatch(/AKIA|admin-canary/);
  const me = await browser.send("POST", "/api/v1/sign-in/ready-made", { personId: "kofi" });
  expect(me.json().identities[0]).toMatchObject({ method: "ready-made", person: { name: "kofi", proven: true } });
});

test("the link works once; the next browser needs the fresh one", async () => {
  const secret = server.launchSecrets.at(-1);
  expect((await new TestBrowser(server).send("POST", "/api/v1/sign-in/launch", { secret })).statusCode).toBe(200);
  expect((await new TestBrowser(server).send("POST", "/api/v1/sign-in/launch", { secret })).json().code).toBe(
    "LAUNCH_SECRET_INVALID",
  );
  expect((await launched()).cookie).toBeDefined();
});

test("a launched browser that signs out stays launched", async () => {
  const browser = await launched();
  await browser.send("POST", "/api/v1/sign-in/ready-made", { personId: "dana" });
  expect((await browser.send("POST", "/api/v1/sign-out")).statusCode).toBe(204);
  expect((await browser.get("/api/v1/me")).json().code).toBe("SIGN_IN_REQUIRED");
  expect((await browser.get("/api/v1/sign-in")).json().readyMade.launched).toBe(true);
});

test("the file of people is read anew at each sign-in, as a restarted sandbox writes new keys", async () => {
  const browser = await launched();
  writeFileSync(file, JSON.stringify({ ...PEOPLE, people: [] }));
  expect((await browser.send("POST", "/api/v1/sign-in/ready-made", { personId: "dana" })).json().code).toBe(
    "SIGN_IN_METHOD_OFF",
  );
  expect((await browser.get("/api/v1/sign-in")).json().readyMade.people).toEqual([]);
});

test.each<[string, () => void]>([
  ["readable by others", () => chmodSync(file, 0o644)],
  ["absent", () => rmSync(file)],
  ["no JSON", () => writeFileSync(file, `{"secretAccessKey":"people-canary"`)],
  ["of another form", () => writeFileSync(file, `{"version":2,"people":[]}`)],
])("a file of people that is %s lets nobody in, and the server is not ready", async (_what, damage) => {
  const browser = await launched();
  damage();
  expect((await browser.send("POST", "/api/v1/sign-in/ready-made", { personId: "dana" })).json().code).toBe(
    "SIGN_IN_METHOD_OFF",
  );
  const ready = await browser.get("/readyz");
  expect([ready.statusCode, ready.json().checks.people]).toEqual([503, "failed"]);
  expect(server.logLines.join("")).not.toContain("people-canary");
});

test("keys that AWS does not know are refused with what AWS said, audited without the keys", async () => {
  const browser = new TestBrowser(server);
  const keys = { accessKeyId: "AKIANOBODY000000", secretAccessKey: "typed-canary" };
  const reply = await browser.send("POST", "/api/v1/sign-in/access-keys", keys);
  expect(reply.json()).toMatchObject({ code: "ACCESS_KEYS_REFUSED", aws: { code: "InvalidClientTokenId" } });
  expect(await audit()).toEqual([{ event: "sign_in.refused", name: "", detail: "access-keys: ACCESS_KEYS_REFUSED" }]);
});

test("root keys are refused, though AWS accepts them", async () => {
  expect((await new TestBrowser(server).signIn("AKIAROOT00000000")).json().code).toBe("ROOT_KEYS_REFUSED");
});

test("the keys of an assumed role sign in as an unverified name", async () => {
  expect((await new TestBrowser(server).signIn("ASIAROLE00000000")).json().identities[0].person).toMatchObject({
    name: "eve@example.com",
    role: "Operator",
    proven: false,
  });
});

test("guessing is slowed down per address, signing in correctly is not", async () => {
  const browser = new TestBrowser(server);
  const guess = () =>
    browser.send("POST", "/api/v1/sign-in/access-keys", { accessKeyId: "AKIANOBODY000000", secretAccessKey: "x" });
  for (let count = 0; count < 2 * REFUSED_ATTEMPTS_MAX; count++) expect((await browser.signIn()).statusCode).toBe(200);
  for (let count = 0; count < REFUSED_ATTEMPTS_MAX; count++) expect((await guess()).statusCode).toBe(401);
  server.clock.advance(20_000);
  const refused = await guess();
  expect(refused.json()).toMatchObject({ code: "RATE_LIMITED", status: 429, retryable: true });
  expect(refused.headers["retry-after"]).toBe("40");
  expect((await browser.signIn()).json().code).toBe("RATE_LIMITED");
  server.clock.advance(60_000);
  expect((await browser.signIn()).statusCode).toBe(200);
});

test("even correct sign-ins of one address have a bound, as each asks AWS", async () => {
  const browser = new TestBrowser(server);
  for (let count = 0; count < ATTEMPTS_MAX; count++) await browser.signIn();
  expect((await browser.signIn()).json().code).toBe("RATE_LIMITED");
});

test("an AWS that cannot be reached counts against nobody", async () => {
  const browser = new TestBrowser(server);
  server.sts.failWith = new CatalogError("AWS_UNREACHABLE");
  for (let count = 0; count <= REFUSED_ATTEMPTS_MAX; count++)
    expect((await browser.signIn()).json().code).toBe("AWS_UNREACHABLE");
  server.sts.failWith = undefined;
  expect((await browser.signIn()).statusCode).toBe(200);
});

test("a forged X-Forwarded-For of somebody who is no trusted proxy does not escape the limit", async () => {
  const guess = (address: string) =>
    server.app.inject({
      method: "POST",
      url: "/api/v1/sign-in/access-keys",
      headers: { host: HOST, origin: ORIGIN, "x-forwarded-for": address },
      payload: { accessKeyId: "AKIANOBODY000000", secretAccessKey: "x" },
    });
  for (let count = 0; count < REFUSED_ATTEMPTS_MAX; count++) await guess(`10.0.0.${count}`);
  expect((await guess("10.0.0.99")).json().code).toBe("RATE_LIMITED");
});

test("signing out ends the shells while the credentials are there, from the last browser only", async () => {
  const [first, second] = [new TestBrowser(server), new TestBrowser(server)];
  await first.signIn();
  await second.signIn();
  await first.send("POST", "/api/v1/sign-out");
  expect(endedFor).toEqual([]);
  await second.send("POST", "/api/v1/sign-out");
  expect(endedFor).toEqual(["dana"]);
  expect((await audit()).filter(({ event }) => event === "sign_out")).toEqual([
    { event: "sign_out", name: "dana", detail: "sessions ended: 0" },
    { event: "sign_out", name: "dana", detail: "sessions ended: 1" },
  ]);
});

test("nothing new begins with a login while its shells are being ended", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  let answer: number | undefined;
  whileEnding = async () => {
    answer = (await browser.get("/api/v1/me")).statusCode;
  };
  await browser.send("POST", "/api/v1/sign-out");
  expect([endedFor, answer]).toEqual([["dana"], 401]);
});

test("a stolen cookie is worth nothing after sign-out or a new sign-in", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  const stolen = new TestBrowser(server);
  stolen.cookie = browser.cookie;
  await browser.signIn();
  expect((await stolen.get("/api/v1/me")).statusCode).toBe(401);
  stolen.cookie = browser.cookie;
  await browser.send("POST", "/api/v1/sign-out");
  expect((await stolen.get("/api/v1/me")).statusCode).toBe(401);
});

test("the audit tells who came and went, in order", async () => {
  const browser = await launched();
  await browser.send("POST", "/api/v1/sign-in/ready-made", { personId: "dana" });
  await browser.send("POST", "/api/v1/sign-out");
  expect((await audit()).map(({ event, name }) => [event, name])).toEqual([
    ["launch.used", ""],
    ["sign_in.succeeded", "dana"],
    ["sign_out", "dana"],
  ]);
});

test("who signs in again, in whatever way, brings her sessions fresh credentials that can be used at once", async () => {
  const browser = new TestBrowser(server);
  await browser.signIn();
  await browser.signIn();
  expect(renewedFor).toEqual(["dana", "dana"]);
  await (await launched()).send("POST", "/api/v1/sign-in/ready-made", { personId: "dana" });
  expect(renewedFor).toEqual(["dana", "dana", "dana"]);
  await browser.signIn("AKIAUNKNOWN00000");
  expect(renewedFor).toHaveLength(3);
});

test("with an MFA code only the session is kept: the typed keys are nowhere afterwards", async () => {
  const browser = new TestBrowser(server);
  const accessKeyId = "AKIADANA00000000";
  const reply = await browser.send("POST", "/api/v1/sign-in/access-keys", {
    accessKeyId,
    secretAccessKey: secretOf(accessKeyId),
    mfa: { code: MFA_CODE, hours: 4 },
  });
  expect(server.sts.sessionHours).toEqual([4]);
  expect([reply.statusCode, ...["name", "proven"].map((key) => reply.json().identities[0].person[key])]).toEqual([
    200,
    "dana",
    true,
  ]);
  const [row] = await server.deps.store.database.selectFrom("login_identities").selectAll().execute();
  const kept = server.deps.box.open("login credentials", row?.id ?? "", row?.credentials ?? "");
  expect(JSON.parse(kept)).toMatchObject({ accessKeyId: "ASIADANA00000000", sessionToken: "session" });
});

const ROLE = "arn:aws:iam::111122223333:role/Harbor-Operator";
const withRole = (browser: TestBrowser, accessKeyId: string, more: object = {}) =>
  browser.send("POST", "/api/v1/sign-in/access-keys", {
    accessKeyId,
    secretAccessKey: secretOf(accessKeyId),
    roleArn: ROLE,
    ...more,
  });

test("keys and a role: she acts as the role, under her own name, which is proven and her account's", async () => {
  const reply = await withRole(new TestBrowser(server), "AKIADANA00000000");
  expect(reply.json().identities[0].person).toMatchObject({
    name: "dana@111122223333",
    role: "Harbor-Operator",
    proven: true,
  });
  expect(reply.json().identities[0].renews).toBe(true);
});

test("behind a role that somebody assumed already, her name stays unverified", async () => {
  const reply = await withRole(new TestBrowser(server), "ASIAROLE00000000");
  expect(reply.json().identities[0].person).toMatchObject({
    name: "eve@example.com",
    role: "Harbor-Operator",
    proven: false,
  });
});

test("a role that AWS does not give signs nobody in", async () => {
  const reply = await withRole(new TestBrowser(server), "AKIAKOFI00000000");
  expect([reply.statusCode, reply.json().code]).toEqual([403, "ROLE_NOT_ASSUMABLE"]);
});

test("a role is renewed as long as the keys live that it was assumed with, and then she is asked", async () => {
  const browser = new TestBrowser(server);
  await withRole(browser, "AKIADANA00000000", { mfa: { code: MFA_CODE } });
  const identity = async () => (await browser.get("/api/v1/me")).json().identities[0];
  const { credentialsExpireAt: before } = await identity();
  server.clock.advance(0.8 * 3_600_000);
  await vi.waitFor(async () => {
    server.clock.advance(10_000);
    expect((await identity()).credentialsExpireAt).toBeGreaterThan(before);
  });
  server.roles.failWith = new CatalogError("CREDENTIALS_EXPIRED");
  server.clock.advance(0.8 * 3_600_000);
  await vi.waitFor(async () => {
    server.clock.advance(1_000);
    expect((await identity()).renews).toBe(false);
  });
});

test("whoever an admin keeps out as a user does not come back as a role", async () => {
  const { database } = server.deps.store;
  const dana = { person_key: "111122223333/AIDADANA", name: "dana", by_name: "ada", at: 0 };
  await database.insertInto("disabled_people").values(dana).execute();
  expect((await withRole(new TestBrowser(server), "AKIADANA00000000")).json().code).toBe("PERSON_DISABLED");
});

test("a wrong MFA code signs nobody in, and counts as a refused attempt", async () => {
  const accessKeyId = "AKIADANA00000000";
  const body = { accessKeyId, secretAccessKey: secretOf(accessKeyId), mfa: { code: "000000" } };
  const codes: string[] = [];
  for (let count = 0; count <= REFUSED_ATTEMPTS_MAX; count++)
    codes.push((await new TestBrowser(server).send("POST", "/api/v1/sign-in/access-keys", body)).json().code);
  expect([codes[0], codes.at(-1)]).toEqual(["MFA_CODE_REFUSED", "RATE_LIMITED"]);
});
