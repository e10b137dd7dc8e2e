import { afterEach, beforeEach, expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { startTestServer, TestBrowser, type TestServer } from "../test-support/test-server.ts";
import { type InstanceDirectory, type InstancePage, instancesPlugin } from "./index.ts";

const EMPTY: InstancePage = { instances: [], sources: { ec2: undefined, ssm: undefined }, truncated: false };

class FakeDirectory implements InstanceDirectory {
  page: InstancePage = EMPTY;
  error: CatalogError | undefined;
  asked: string[] = [];

  async list(identity: { name: string }, region: string): Promise<InstancePage> {
    this.asked.push(`${identity.name} ${region}`);
    if (this.error) throw this.error;
    return this.page;
  }
}

let server: TestServer;
let directory: FakeDirectory;
let browser: TestBrowser;
beforeEach(async () => {
  directory = new FakeDirectory();
  server = await startTestServer({
    domains: () => ({
      sessions: { ownerKeyOf: () => undefined, endAllOf: async () => 0, handleSignedIn: () => undefined },
      plugins: [instancesPlugin({ directory, clock: clockAt42, regions: ["eu-west-1"] })],
    }),
  });
  browser = new TestBrowser(server);
  await browser.signIn();
});
afterEach(() => server.close());

const clockAt42 = { nowMs: () => 42, setTimer: () => () => {} };

test("the list is the signed-in person's, of one region", async () => {
  const reply = await browser.get("/api/v1/instances?region=eu-west-1");
  expect(reply.json()).toEqual({
    region: "eu-west-1",
    instances: [],
    sources: { ec2: { ok: true }, ssm: { ok: true } },
    truncated: false,
    fetchedAt: 42,
  });
  expect(directory.asked).toEqual(["dana eu-west-1"]);
});

test("a source that could not be asked says why, with AWS's words and the request's id", async () => {
  const aws = { service: "ec2", operation: "DescribeInstances", code: "UnauthorizedOperation", message: "no" };
  directory.page = { ...EMPTY, sources: { ec2: new CatalogError("AWS_ACCESS_DENIED", { aws }), ssm: undefined } };
  const reply = await browser.get("/api/v1/instances?region=eu-west-1");
  expect(reply.json().sources.ec2).toMatchObject({
    ok: false,
    problem: { code: "AWS_ACCESS_DENIED", aws, requestId: reply.headers["x-request-id"] },
  });
});

test("a region that is not configured is refused before AWS is asked", async () => {
  expect((await browser.get("/api/v1/instances?region=us-east-1")).json().code).toBe("REGION_NOT_ALLOWED");
  expect((await browser.get("/api/v1/instances?region=../../x")).json().code).toBe("REQUEST_INVALID");
  expect((await browser.get("/api/v1/instances")).json().code).toBe("REQUEST_INVALID");
  expect(directory.asked).toEqual([]);
});

test("when neither service answers the request fails with what they said", async () => {
  directory.error = new CatalogError("CLOCK_SKEWED");
  const reply = await browser.get("/api/v1/instances?region=eu-west-1");
  expect([reply.statusCode, reply.json().code]).toEqual([502, "CLOCK_SKEWED"]);
});
