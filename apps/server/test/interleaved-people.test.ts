/** Several people at once, each with several identities, over HTTP: nobody ever acts with, or sees, what is another's. */
import { Type } from "typebox";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  NO_SESSIONS,
  secretOf,
  startTestServer,
  TestBrowser,
  type TestServer,
} from "../src/test-support/test-server.ts";

const PEOPLE = ["DANA", "KOFI", "MIRA", "JUNO"] as const;
const ROUNDS = 15;
const keyOf = (name: string, account: number) => `AKIA${name}${account}0000000`;

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({
    domains: () => ({
      sessions: NO_SESSIONS,
      plugins: [
        async (app) => {
          // Stands for every route that acts for an identity: says whose credentials it would act with.
          app.post(
            "/act",
            {
              config: { access: "signed-in" },
              schema: { body: Type.Object({ identityId: Type.Optional(Type.String()) }) },
            },
            async (request) => {
              const { accessKeyId } = await request.awsIdentity.credentials();
              return { accessKeyId, name: request.awsIdentity.name };
            },
          );
        },
      ],
    }),
  });
  for (const name of PEOPLE)
    for (const account of [1, 2])
      server.sts.add(keyOf(name, account), `${account}`.repeat(12), `AIDA${name}${account}`, `user/${name}`);
});
afterEach(() => server.close());

async function signInAs(browser: TestBrowser, name: string): Promise<string[]> {
  for (const account of [1, 2]) {
    const accessKeyId = keyOf(name, account);
    const how = account === 1 ? "replace" : "add";
    const body = { accessKeyId, secretAccessKey: secretOf(accessKeyId), how };
    expect((await browser.send("POST", "/api/v1/sign-in/access-keys", body)).statusCode).toBe(200);
  }
  const { identities } = (await browser.get("/api/v1/me")).json();
  return identities.map(({ id }: { id: string }) => id);
}

test("interleaved under stress, each acts with her own credentials in the account she named, and with nobody else's", async () => {
  const everybody = PEOPLE.map((name) => ({ name, browser: new TestBrowser(server), ids: [] as string[] }));
  for (const person of everybody) person.ids = await signInAs(person.browser, person.name);
  const acts = everybody.flatMap(({ name, browser }, index) =>
    Array.from({ length: ROUNDS }, async (_, round) => {
      const foreign = everybody[(index + 1 + (round % (PEOPLE.length - 1))) % PEOPLE.length];
      const own = everybody[index]?.ids[round % 2];
      const [mine, theirs] = await Promise.all([
        browser.send("POST", "/api/v1/act", { identityId: own }),
        browser.send("POST", "/api/v1/act", { identityId: foreign?.ids[round % 2] }),
      ]);
      expect(mine.json()).toEqual({ accessKeyId: keyOf(name, 1 + (round % 2)), name });
      expect(theirs.json().code).toBe("IDENTITY_NOT_FOUND");
    }),
  );
  await Promise.all(acts);
});

test("a colleague who assumes the shared role under somebody else's session name gets nothing of hers", async () => {
  const role = "assumed-role/Operator/eve@example.com";
  server.sts.add("ASIACOLLEAGUE000", "111122223333", "AROAX:eve@example.com", role);
  const [hers, colleague] = [new TestBrowser(server), new TestBrowser(server)];
  await hers.signIn("ASIAROLE00000000");
  await colleague.signIn("ASIACOLLEAGUE000");
  const { identities } = (await hers.get("/api/v1/me")).json();
  const stolen = await colleague.send("POST", "/api/v1/act", { identityId: identities[0].id });
  expect(stolen.json().code).toBe("IDENTITY_NOT_FOUND");
  expect((await colleague.send("POST", "/api/v1/act", {})).json().accessKeyId).toBe("ASIACOLLEAGUE000");
  // She is not even listed among the colleague's browsers, and cannot be signed out from there.
  const { logins } = (await colleague.get("/api/v1/logins")).json();
  expect(logins).toHaveLength(1);
  const { current } = (await hers.get("/api/v1/logins")).json();
  const out = await colleague.send("POST", `/api/v1/logins/${current}/sign-out`, { sessions: "end" });
  expect(out.json().code).toBe("LOGIN_NOT_FOUND");
  expect((await hers.get("/api/v1/me")).statusCode).toBe(200);
});
