import { FAVOURITES_MAX, PREFERENCES_BYTES_MAX } from "@causeway/wire-contract/preferences";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_SESSIONS, secretOf, startTestServer, TestBrowser, type TestServer } from "../test-support/test-server.ts";
import { PreferenceStore, preferencesPlugin } from "./index.ts";

let server: TestServer;
let dana: TestBrowser;
beforeEach(async () => {
  server = await startTestServer({
    aws: async (_config, deps) => ({
      callerIdentity: deps.callerIdentity,
      domains: () => ({
        sessions: NO_SESSIONS,
        plugins: [
          preferencesPlugin({ store: new PreferenceStore(deps.store.database, deps.clock), clock: deps.clock }),
        ],
      }),
    }),
  });
  dana = new TestBrowser(server);
  await dana.signIn();
});
afterEach(() => server.close());

const PATH = "/api/v1/me/preferences";
const favourite = (n: number) => ({
  account: "111122223333",
  region: "eu-west-1",
  instanceId: `i-${n.toString(16).padStart(17, "0")}`,
});
const parts = (count: number) => ({
  instances: { favourites: Array.from({ length: count }, (_, n) => favourite(n)), recents: [], views: [] },
});
const put = (version: number, value: object, browser = dana) => browser.send("PUT", PATH, { version, parts: value });

test("who never chose anything has an empty document of version 0", async () => {
  expect((await dana.get(PATH)).json()).toEqual({ version: 0, parts: {} });
});

test("what was stored is there again in another browser of the same person, and of nobody else", async () => {
  expect((await put(0, parts(2))).json()).toEqual({ version: 1, parts: parts(2) });
  const elsewhere = new TestBrowser(server);
  await elsewhere.signIn();
  expect((await elsewhere.get(PATH)).json()).toEqual({ version: 1, parts: parts(2) });
  const kofi = new TestBrowser(server);
  await kofi.signIn("AKIAKOFI00000000");
  expect((await kofi.get(PATH)).json()).toEqual({ version: 0, parts: {} });
});

/** dana of one organisation, with one of her roles. */
async function asRole(role: string, account = "111122223333"): Promise<TestBrowser> {
  const browser = new TestBrowser(server);
  const place = { startUrl: "https://harbor.awsapps.com/start", region: "eu-west-1" };
  const code = (await browser.send("POST", "/api/v1/sign-in/identity-center/codes", place)).json();
  server.identityCenter.answers.push("approved");
  await vi.waitFor(async () => {
    server.clock.advance(1_000);
    const { state } = (await browser.get(`/api/v1/sign-in/identity-center/codes/${code.id}`)).json();
    expect(state).toBe("approved");
  });
  const path = `/api/v1/sign-in/identity-center/portals/${code.id}/sign-in`;
  const reply = await browser.send("POST", path, { accountId: account, roleName: role });
  expect(reply.statusCode).toBe(200);
  return browser;
}

test("whichever account and role of her organisation she begins with, her choices are hers", async () => {
  const operator = await asRole("SRE-Operator");
  await put(0, parts(2), operator);
  for (const browser of [await asRole("ReadOnly"), await asRole("ReadOnly", "444455556666")])
    expect((await browser.get(PATH)).json()).toEqual({ version: 1, parts: parts(2) });
  expect((await dana.get(PATH)).json().version).toBe(0);
});

test("a user has her choices behind the roles that she assumes with her keys; a name that anybody may choose has none of them", async () => {
  await put(0, parts(2));
  const withRole = async (accessKeyId: string) => {
    const browser = new TestBrowser(server);
    const roleArn = "arn:aws:iam::444455556666:role/Operator";
    const keys = { accessKeyId, secretAccessKey: secretOf(accessKeyId), roleArn };
    expect((await browser.send("POST", "/api/v1/sign-in/access-keys", keys)).statusCode).toBe(200);
    return (await browser.get(PATH)).json().version;
  };
  expect(await withRole("AKIADANA00000000")).toBe(1);
  server.sts.add("ASIADANA00000000", "111122223333", "AROAX:dana", "assumed-role/Shared/dana");
  expect(await withRole("ASIADANA00000000")).toBe(0);
});

test("what she chose before it was known who she is behind her role is still there, and is not taken twice", async () => {
  const { database } = server.deps.store;
  const row = (key: string, count: number) => ({
    ...{ owner_key: `111122223333/AROA${key}:dana@harbor.example`, version: 4, updated_at: 0 },
    parts: JSON.stringify(parts(count)),
  });
  await database
    .insertInto("preferences")
    .values([row("SRE-Operator", 1), row("ReadOnly", 2)])
    .execute();
  expect((await (await asRole("SRE-Operator")).get(PATH)).json()).toEqual({ version: 4, parts: parts(1) });
  expect((await (await asRole("ReadOnly")).get(PATH)).json()).toEqual({ version: 4, parts: parts(1) });
});

test("a change that was made from an older version is refused, and undoes nothing", async () => {
  await put(0, parts(1));
  await put(1, parts(2));
  for (const version of [0, 1, 3]) expect((await put(version, parts(3))).json().code).toBe("PREFERENCES_CONFLICT");
  expect((await dana.get(PATH)).json()).toEqual({ version: 2, parts: parts(2) });
});

test("of two changes at the same time exactly one is stored", async () => {
  const codes = (await Promise.all([put(0, parts(1)), put(0, parts(2))])).map((reply) => reply.statusCode);
  expect(codes.sort()).toEqual([200, 409]);
});

test("what the contract does not know, and what is beyond its bounds, is refused", async () => {
  expect((await put(0, parts(FAVOURITES_MAX))).statusCode).toBe(200);
  expect((await put(1, parts(FAVOURITES_MAX + 1))).json().code).toBe("REQUEST_INVALID");
  expect((await put(1, { secrets: {} })).json().code).toBe("REQUEST_INVALID");
  const views = Array.from({ length: 50 }, (_, n) => ({
    name: `${n}`,
    filter: "\u{1f389}".repeat(200),
    groupBy: "\u{1f389}".repeat(70),
  }));
  expect(Buffer.byteLength(JSON.stringify(views))).toBeGreaterThan(PREFERENCES_BYTES_MAX);
  const reply = await put(1, { instances: { favourites: [], recents: [], views } });
  expect(reply.json().code).toBe("REQUEST_TOO_LARGE");
});
