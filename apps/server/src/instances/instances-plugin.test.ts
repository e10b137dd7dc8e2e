import { afterEach, beforeEach, expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { NO_SESSIONS, startTestServer, TestBrowser, type TestServer } from "../test-support/test-server.ts";
import { Inventory, instancesPlugin } from "./index.ts";
import { FakeDirectory, OpenBudget } from "./testing/fake-directory.ts";

let server: TestServer;
let directory: FakeDirectory;
let budget: OpenBudget;
let browser: TestBrowser;
beforeEach(async () => {
  directory = new FakeDirectory();
  server = await startTestServer({
    aws: async (_config, deps) => {
      const { clock, log } = deps;
      budget = new OpenBudget();
      const inventory = new Inventory({ directory, budget, clock, log, random: () => 0.5 });
      return {
        callerIdentity: deps.callerIdentity,
        domains: () => ({
          sessions: NO_SESSIONS,
          plugins: [instancesPlugin({ inventory, directory, budget, clock, regions: ["eu-west-1"] })],
        }),
      };
    },
  });
  browser = new TestBrowser(server);
  await browser.signIn();
});
afterEach(() => server.close());

const list = () => browser.get("/api/v1/instances?region=eu-west-1");
const detail = (id: string) => browser.get(`/api/v1/instances/${id}?region=eu-west-1`);

test("the list is the signed-in person's, of one region, whole and in natural order", async () => {
  directory.fill(11);
  const reply = (await list()).json();
  expect(reply).toMatchObject({
    region: "eu-west-1",
    sources: { ec2: { ok: true }, ssm: { ok: true } },
    truncated: false,
    fetchedAt: server.clock.nowMs(),
  });
  expect(reply.instances.map(({ name }: { name: string }) => name).slice(-2)).toEqual(["web-9", "web-10"]);
  expect(directory.calls[0]).toBe("dana eu-west-1 ec2 first");
});

test("two people never share a list", async () => {
  directory.fill(1);
  const kofi = new TestBrowser(server);
  await kofi.signIn("AKIAKOFI00000000");
  await Promise.all([list(), kofi.get("/api/v1/instances?region=eu-west-1")]);
  expect(directory.calls.filter((call) => call.includes("ec2")).sort()).toEqual([
    "dana eu-west-1 ec2 first",
    "kofi eu-west-1 ec2 first",
  ]);
});

test("a source that could not be asked says why, with AWS's words and the request's id", async () => {
  const aws = { service: "ec2", operation: "DescribeInstances", code: "UnauthorizedOperation", message: "no" };
  directory.failWith.ec2 = new CatalogError("AWS_ACCESS_DENIED", { aws });
  const reply = await list();
  expect(reply.json().sources.ec2).toMatchObject({
    ok: false,
    problem: { code: "AWS_ACCESS_DENIED", aws, requestId: reply.headers["x-request-id"] },
  });
});

test("a region that is not configured is refused before AWS is asked", async () => {
  expect((await browser.get("/api/v1/instances?region=us-east-1")).json().code).toBe("REGION_NOT_ALLOWED");
  expect((await browser.get("/api/v1/instances/i-00000001?region=us-east-1")).json().code).toBe("REGION_NOT_ALLOWED");
  expect((await browser.get("/api/v1/instances?region=../../x")).json().code).toBe("REQUEST_INVALID");
  expect((await browser.get("/api/v1/instances")).json().code).toBe("REQUEST_INVALID");
  expect((await detail("i-%2e%2e")).json().code).toBe("REQUEST_INVALID");
  expect(directory.calls).toEqual([]);
});

test("when neither service answers the request fails with the more telling of the two", async () => {
  directory.failWith.ec2 = new CatalogError("CLOCK_SKEWED");
  directory.failWith.ssm = new CatalogError("AWS_ACCESS_DENIED");
  const reply = await list();
  expect([reply.statusCode, reply.json().code]).toEqual([502, "CLOCK_SKEWED"]);
});

test("one machine in full: joined, with what each service adds and what its agent is new enough for", async () => {
  directory.factsAnswer = {
    ec2: {
      value: { machine: { id: "i-00000001", state: "running", tags: [] }, facts: { vpcId: "vpc-1", launchedAt: 5 } },
    },
    ssm: {
      value: { node: { id: "i-00000001", pingStatus: "Online", agentVersion: "3.1.0.0" }, facts: { isLatest: false } },
    },
    connected: { value: true },
  };
  expect((await detail("i-00000001")).json()).toMatchObject({
    instance: { state: "online", agentVersion: "3.1.0.0" },
    ec2: { vpcId: "vpc-1", launchedAt: 5 },
    agent: { isLatest: false },
    connection: { status: "connected" },
    features: expect.arrayContaining([
      { name: "Shell", needs: "2.3.68.0", met: true },
      { name: "Forwarding to another host", needs: "3.1.1374.0", met: false },
    ]),
  });
});

test("partial refusals degrade: what is known is shown, what is not says why", async () => {
  const denied = { error: new CatalogError("AWS_ACCESS_DENIED") };
  const machine = { id: "i-00000001", state: "running", tags: [] };
  directory.factsAnswer = { ec2: { value: { machine, facts: {} } }, ssm: denied, connected: denied };
  const { instance, connection, sources, features } = (await detail("i-00000001")).json();
  expect(instance).toMatchObject({ state: "unknown", reason: "not-asked" });
  expect(connection).toMatchObject({ status: "unknown", problem: { code: "AWS_ACCESS_DENIED" } });
  expect(sources.ssm.problem.code).toBe("AWS_ACCESS_DENIED");
  expect(features.every((feature: object) => !("met" in feature))).toBe(true);
});

test("a hybrid node's details have its tags, or why they are missing", async () => {
  const ssm = { value: { node: { id: "mi-00000001", pingStatus: "Online", name: "till-7" }, facts: {} } };
  const known = { ec2: { value: undefined }, ssm, connected: { value: true } };
  directory.factsAnswer = { ...known, tags: { value: [{ key: "env", value: "prod\u202e" }] } };
  expect((await detail("mi-00000001")).json()).toMatchObject({
    instance: { name: "till-7", kind: "hybrid", tags: { env: "prod" } },
    sources: { tags: { ok: true } },
  });
  directory.factsAnswer = { ...known, tags: { error: new CatalogError("AWS_ACCESS_DENIED") } };
  expect((await detail("mi-00000001")).json()).toMatchObject({
    instance: { name: "till-7", tags: {} },
    sources: { ssm: { ok: true }, tags: { ok: false, problem: { code: "AWS_ACCESS_DENIED" } } },
  });
});

test("an id that nobody knows is not found; one that could not be looked up is not said to be", async () => {
  expect((await detail("i-00000009")).json().code).toBe("INSTANCE_NOT_LISTED");
  const denied = { error: new CatalogError("AWS_ACCESS_DENIED") };
  directory.factsAnswer = { ec2: { value: undefined }, ssm: denied, connected: denied };
  expect((await detail("i-00000009")).json().code).toBe("AWS_ACCESS_DENIED");
});

test("at sixty details a minute a person is slowed down", async () => {
  for (let count = 0; count < 60; count++) await detail("i-00000009");
  expect((await detail("i-00000009")).json().code).toBe("RATE_LIMITED");
});
