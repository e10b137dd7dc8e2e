/** Several people work at once over HTTP: lists and shells are each made with the own credentials, and seen by nobody else. */
import { randomBytes, randomUUID } from "node:crypto";
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AwsIdentity } from "../src/identity/index.ts";
import { type InstanceDirectory, type InstancePages, Inventory, instancesPlugin } from "../src/instances/index.ts";
import { OpenBudget } from "../src/instances/testing/fake-directory.ts";
import { CatalogError } from "../src/platform/catalog-error.ts";
import { SessionService, SessionStore, sessionsPlugin } from "../src/sessions/index.ts";
import { FakeAws } from "../src/sessions/testing/fake-aws.ts";
import { MemoryDialer } from "../src/sessions/testing/memory-dialer.ts";
import { MemorySessionLogs } from "../src/sessions/testing/memory-session-logs.ts";
import { secretOf, startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const PEOPLE = ["dana", "kofi", "mira", "juno"] as const;
const ACCOUNTS = [1, 2] as const;
const ROUNDS = 6;
const REGIONS = ["eu-west-1"];
const keyOf = (name: string, account: number) => `AKIA${name.toUpperCase()}${account}0000000`;

/** Everybody has one machine in each account, named after the key that asked for it. */
class OwnMachines implements InstanceDirectory {
  pages(identity: AwsIdentity): InstancePages {
    const read = async () => {
      const { accessKeyId } = await identity.credentials();
      const id = `i-${Buffer.from(accessKeyId).toString("hex").slice(8, 25)}`;
      return { items: [{ id, state: "running", tags: [{ key: "Name", value: accessKeyId }] }], nextToken: undefined };
    };
    return { ec2: read, ssm: async () => ({ items: [], nextToken: undefined }) };
  }
  async facts() {
    return { ec2: { value: undefined }, ssm: { value: undefined }, connected: { value: false } };
  }
}

let server: TestServer;
let aws: FakeAws;
beforeEach(async () => {
  server = await startTestServer({
    env: { CAUSEWAY_ADMINS: "*/user/juno" },
    aws: async (_config, deps) => {
      const { clock, log, metrics, store } = deps;
      aws = new FakeAws(clock);
      const directory = new OwnMachines();
      const inventory = new Inventory({ directory, budget: new OpenBudget(), clock, log, random: () => 0.5 });
      return {
        callerIdentity: deps.callerIdentity,
        domains: ({ tickets, audit }) => {
          const sessions = new SessionService({
            ...{ calls: aws, preferences: aws, dialer: new MemoryDialer(aws), audit, metrics, clock, log },
            store: new SessionStore(store.database),
            logs: new MemorySessionLogs(),
            random: () => 0.5,
            randomId: () => randomBytes(16).toString("base64url"),
            randomUuid: randomUUID,
            settings: { sessionDocument: "SSM-SessionManagerRunShell", sessionsPerPersonMax: 50 },
          });
          // No shell of these tests names a document.
          const documents = { list: async () => ({ documents: [], more: false }), check: async () => undefined };
          const startRules: SessionStartRules = { reason: "optional", documents: [], accountDocuments: false };
          return {
            sessions,
            plugins: [
              instancesPlugin({ inventory, directory, budget: new OpenBudget(), clock, regions: REGIONS }),
              sessionsPlugin({ sessions, tickets, clock, regions: REGIONS, startRules, documents }),
            ],
          };
        },
      };
    },
  });
  for (const name of PEOPLE)
    for (const account of ACCOUNTS)
      server.sts.add(keyOf(name, account), `${account}`.repeat(12), `AIDA${name}${account}`, `user/${name}`);
});
afterEach(() => server.close());

interface Person {
  name: string;
  browser: TestBrowser;
  /** One per account. */
  ids: string[];
  started: string[];
}

async function signedIn(name: string): Promise<Person> {
  const browser = new TestBrowser(server);
  for (const account of ACCOUNTS) {
    const accessKeyId = keyOf(name, account);
    const how = account === 1 ? "replace" : "add";
    const body = { accessKeyId, secretAccessKey: secretOf(accessKeyId), how };
    expect((await browser.send("POST", "/api/v1/sign-in/access-keys", body)).statusCode).toBe(200);
  }
  const { identities } = (await browser.get("/api/v1/me")).json();
  return { name, browser, ids: identities.map(({ id }: { id: string }) => id), started: [] };
}

async function listsHerOwn({ name, browser, ids }: Person, account: 1 | 2): Promise<void> {
  const reply = await browser.get(`/api/v1/instances?region=eu-west-1&identityId=${ids[account - 1]}`);
  expect(reply.json().instances.map((machine: { name: string }) => machine.name)).toEqual([keyOf(name, account)]);
}

async function startsHerOwn({ name, browser, ids, started }: Person, account: 1 | 2): Promise<void> {
  const place = { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 };
  const reply = await browser.send("POST", "/api/v1/sessions", { ...place, identityId: ids[account - 1] });
  expect([name, reply.statusCode, reply.json().account]).toEqual([name, 201, `${account}`.repeat(12)]);
  started.push(reply.json().id);
}

test("interleaved under stress, each lists her own machines and starts her own shells, by whichever of her identities", async () => {
  const everybody = await Promise.all(PEOPLE.map(signedIn));
  const acts = Array.from({ length: ROUNDS }, (_, round): 1 | 2 => (round % 2 === 0 ? 1 : 2)).flatMap((account) =>
    everybody.flatMap((person) => [listsHerOwn(person, account), startsHerOwn(person, account)]),
  );
  await Promise.all(acts);
  for (const person of everybody) {
    const { sessions } = (await person.browser.get("/api/v1/sessions")).json();
    expect(sessions.map(({ id }: { id: string }) => id).sort()).toEqual([...person.started].sort());
  }
  // AWS was asked by whom it belongs to: as many shells in each account as she started there, none in another's name.
  const owners = aws.sessions.map(({ ownerArn }) => ownerArn).sort();
  const each = (name: string) => ACCOUNTS.map((account) => `arn:aws:iam::${`${account}`.repeat(12)}:user/${name}`);
  const expected = PEOPLE.flatMap((name) => each(name).flatMap((arn) => Array(ROUNDS / 2).fill(arn)));
  expect(owners).toEqual(expected.sort());
}, 60_000);

test("while everybody works, nobody finds, attaches to or ends a shell of anybody else", async () => {
  const everybody = await Promise.all(PEOPLE.map(signedIn));
  await Promise.all(everybody.flatMap((person) => [startsHerOwn(person, 1), startsHerOwn(person, 2)]));
  const tries = everybody.flatMap(({ browser, name }) =>
    everybody.flatMap((other) =>
      other.name === name
        ? []
        : other.started.flatMap((id) => [
            browser.get(`/api/v1/sessions/${id}`),
            browser.send("POST", `/api/v1/sessions/${id}/attach-ticket`),
            browser.send("DELETE", `/api/v1/sessions/${id}`),
          ]),
    ),
  );
  const codes = (await Promise.all(tries)).map((reply) => reply.json().code);
  expect(new Set(codes)).toEqual(new Set(["SESSION_NOT_FOUND"]));
  expect(codes).toHaveLength(PEOPLE.length * (PEOPLE.length - 1) * ACCOUNTS.length * 3);
  expect(aws.calls.filter((call) => call.startsWith("terminate"))).toEqual([]);
}, 60_000);

test.each(["kick", "disable"])(
  "%s ends her shells in AWS with the credentials she had, in an admin's name",
  async (act) => {
    const [juno, dana] = [await signedIn("juno"), await signedIn("dana")];
    await startsHerOwn(dana, 1);
    const person = { account: "111111111111", userId: "AIDAdana1" };
    expect((await juno.browser.send("POST", `/api/v1/people/${act}`, person)).json()).toEqual({
      logins: 1,
      sessions: 1,
    });
    expect(aws.calls).toContain("terminate dana");
    expect(await endOf(dana.started[0])).toMatchObject({ by: "server", code: "ENDED_BY_ADMIN" });
  },
);

test.each(["kick", "disable"])(
  "%s without any usable credentials closes her shells here all the same, says that AWS ends them later, and none comes back",
  async (act) => {
    const [juno, dana] = [await signedIn("juno"), await signedIn("dana")];
    await startsHerOwn(dana, 1);
    const [id = ""] = dana.started;
    aws.failNext("terminate", new CatalogError("CREDENTIALS_EXPIRED"), 10);
    const person = { account: "111111111111", userId: "AIDAdana1" };
    const reply = await juno.browser.send("POST", `/api/v1/people/${act}`, person);
    expect(reply.json()).toEqual({ logins: 1, sessions: 1 });
    const end = await endOf(id);
    expect(end).toMatchObject({ by: "server", code: "ENDED_BY_ADMIN" });
    expect(JSON.stringify(end)).toContain("AWS could not be asked to end the shell");
    // Whatever she signs in with again, the shell is over for her, though AWS still has it.
    expect(aws.last.hasEnded).toBe(false);
    const again = new TestBrowser(server);
    const accessKeyId = keyOf("dana", 1);
    await again.signIn(accessKeyId);
    const { code } = (await again.send("POST", `/api/v1/sessions/${id}/attach-ticket`)).json();
    expect(code).toBe(act === "kick" ? undefined : "SIGN_IN_REQUIRED");
    expect(aws.calls.filter((call) => call.startsWith("resume"))).toEqual([]);
  },
);

/** As the store has it, once it has. */
async function endOf(id: string | undefined): Promise<unknown> {
  const row = () =>
    server.deps.store.database
      .selectFrom("sessions")
      .select("end_json")
      .where("id", "=", id ?? "")
      .executeTakeFirst();
  await expect.poll(async () => (await row())?.end_json ?? null).not.toBeNull();
  return JSON.parse((await row())?.end_json ?? "null");
}
