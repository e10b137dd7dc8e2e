// Faults of the API, of keys and of sessions, as the SDK's own clients and the admin API see them.
import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeSessionsCommand,
  GetConnectionStatusCommand,
  ResumeSessionCommand,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FaultPlanInput } from "../src/faults/fault-plan.ts";
import { FaultPlanError } from "../src/faults/plan-object.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";
import { send } from "./api-server.ts";

const API = "i-0a1f6c83e5d2b7940";
const ONE_MACHINE = DEFAULT_FLEET.filter(({ id }) => id === API);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, fleet: ONE_MACHINE });
  await sandbox.machinesConnected;
});
afterEach(() => sandbox.faults.setPlan({}));
afterAll(() => sandbox.close());

const personOf = (of: Sandbox, name: string) => {
  const person = of.people.people.find(({ id }) => id === name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return person;
};
const config = (of: Sandbox, name: string) => ({
  endpoint: of.endpointUrl,
  region: "eu-west-1",
  credentials: personOf(of, name),
  maxAttempts: 1,
});
const ssm = (name = "dana", of = sandbox) => new SSMClient(config(of, name));
const start = async () => String((await ssm().send(new StartSessionCommand({ Target: API }))).SessionId);
const failure = (call: Promise<unknown>) =>
  call.then(
    () => "no failure",
    (error: { name: string; message: string; $metadata?: { httpStatusCode?: number } }) =>
      `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message}`,
  );
const admin = async (method: string, path: string, body: unknown = undefined, of = sandbox) => {
  const port = Number(new URL(of.endpointUrl).port);
  const reply = await send(port, {
    method,
    path: `/_sandbox/${path}`,
    headers: { host: `127.0.0.1:${port}`, authorization: `Bearer ${of.people.adminToken}` },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: reply.status, body: JSON.parse(reply.body) };
};
const setFaults = (plan: FaultPlanInput) => sandbox.faults.setPlan(plan);
const done = () => sandbox.faults.show().done;

test("calls beyond a rate are throttled, in each region apart, and counted", async () => {
  setFaults({ rates: [{ operation: "GetConnectionStatus", perSecond: 0.01, burst: 2 }] });
  const ask = (region: string) =>
    failure(
      new SSMClient({ ...config(sandbox, "dana"), region }).send(new GetConnectionStatusCommand({ Target: API })),
    );
  expect([await ask("eu-west-1"), await ask("eu-west-1")]).toEqual(["no failure", "no failure"]);
  expect(await ask("eu-west-1")).toBe("400 ThrottlingException: Rate exceeded");
  expect(await ask("us-east-1")).not.toMatch(/Throttling/);
  expect(await failure(ssm("kofi").send(new GetConnectionStatusCommand({ Target: API })))).toMatch(/Throttling/);
  expect(done()).toEqual({ "rates[0].throttled": 2 });
  expect(sandbox.faults.show().on).toEqual([
    "GetConnectionStatus: 0.01 a second in each account and region, 2 at once; throttled beyond",
  ]);
});

describe("a call that is told to fail", () => {
  const failing = (code: string) => setFaults({ api: [{ operation: "*", effect: { kind: "error", code } }] });
  const everywhere = async () => [
    await failure(ssm().send(new ResumeSessionCommand({ SessionId: "dana-1" }))),
    await failure(new STSClient(config(sandbox, "dana")).send(new GetCallerIdentityCommand({}))),
    await failure(new EC2Client(config(sandbox, "dana")).send(new DescribeRegionsCommand({}))),
  ];

  test("fails in the words of the service that was called, whichever service's words the plan has", async () => {
    failing("ThrottlingException");
    expect(await everywhere()).toEqual([
      "400 ThrottlingException: Rate exceeded",
      "400 Throttling: Rate exceeded",
      "503 RequestLimitExceeded: Request limit exceeded.",
    ]);
    failing("InternalServerError");
    expect(await everywhere()).toEqual([
      "500 InternalServerError: An internal error occurred.",
      "500 InternalFailure: An internal error occurred.",
      "500 InternalError: An internal error occurred.",
    ]);
    failing("ExpiredTokenException");
    expect(await everywhere()).toEqual([
      "400 ExpiredTokenException: The security token included in the request is expired",
      "403 ExpiredToken: The security token included in the request is expired",
      "400 RequestExpired: Request has expired.",
    ]);
    failing("AccessDeniedException");
    const [ofSsm, ofSts, ofEc2] = await everywhere();
    expect(ofSsm).toBe(
      "400 AccessDeniedException: User: arn:aws:iam::111122223333:user/dana is not authorized to perform: ssm:ResumeSession on resource: arn:aws:ssm:eu-west-1:111122223333:session/dana-1 because no identity-based policy allows the ssm:ResumeSession action",
    );
    expect(ofSts).toMatch(/^403 AccessDenied: User: .* sts:GetCallerIdentity/);
    expect(ofEc2).toMatch(/^403 UnauthorizedOperation: You are not authorized/);
  });

  test("says code, status and text as they stand in the plan", async () => {
    const effect = { kind: "error", code: "DoesNotExistException", status: 404, message: "gone" } as const;
    setFaults({ api: [{ operation: "ResumeSession", effect }] });
    expect(await failure(ssm().send(new ResumeSessionCommand({ SessionId: "dana-1" })))).toBe(
      "404 DoesNotExistException: gone",
    );
  });

  test("fails so many times, for that person and operation, and then works", async () => {
    const effect = { kind: "error", code: "ThrottlingException" } as const;
    setFaults({ api: [{ operation: "GetConnectionStatus", person: "kofi", effect, times: 2 }] });
    const call = (name: string) => failure(ssm(name).send(new GetConnectionStatusCommand({ Target: API })));
    expect([await call("dana"), await call("kofi"), await call("kofi"), await call("kofi")]).toEqual([
      "no failure",
      "400 ThrottlingException: Rate exceeded",
      "400 ThrottlingException: Rate exceeded",
      "no failure",
    ]);
    expect(done()).toEqual({ "api[0].error": 2 });
  });

  test("still has to be signed: a stranger learns nothing of faults", async () => {
    failing("ThrottlingException");
    const stranger = new SSMClient({
      ...config(sandbox, "dana"),
      credentials: { accessKeyId: "AKIAX", secretAccessKey: "x" },
    });
    expect(await failure(stranger.send(new GetConnectionStatusCommand({ Target: API })))).toContain(
      "UnrecognizedClientException",
    );
    expect(done()).toEqual({});
  });

  test("for one session or one machine leaves others alone", async () => {
    const [mine, other] = [await start(), await start()];
    const effect = { kind: "error", code: "AccessDeniedException" } as const;
    setFaults({ api: [{ operation: "ResumeSession", session: mine, effect }] });
    expect(await failure(ssm().send(new ResumeSessionCommand({ SessionId: mine })))).toContain("AccessDenied");
    expect(await failure(ssm().send(new ResumeSessionCommand({ SessionId: other })))).toBe("no failure");
    setFaults({ api: [{ operation: "ResumeSession", instance: API, effect }] });
    expect(await failure(ssm().send(new ResumeSessionCommand({ SessionId: other })))).toContain("AccessDenied");
  });

  test("is answered without TokenValue when that is the fault, and the session lives on", async () => {
    const SessionId = await start();
    setFaults({ api: [{ operation: "ResumeSession", effect: { kind: "without_token" }, times: 1 }] });
    const { $metadata: _, ...answer } = await ssm().send(new ResumeSessionCommand({ SessionId }));
    expect(answer).toEqual({ SessionId });
    expect((await ssm().send(new ResumeSessionCommand({ SessionId }))).TokenValue).toBeTruthy();
  });

  test("gets no answer for a while, and then the one it asked for", async () => {
    setFaults({ api: [{ operation: "GetConnectionStatus", effect: { kind: "hang", ms: 400, when: "before" } }] });
    const startedAt = performance.now();
    expect(await failure(ssm().send(new GetConnectionStatusCommand({ Target: API })))).toBe("no failure");
    expect(performance.now() - startedAt).toBeGreaterThan(390);
  });

  test("is carried out or not before its connection is reset, as the plan says", async () => {
    const count = async () =>
      (await ssm().send(new DescribeSessionsCommand({ State: "Active" }))).Sessions?.length ?? 0;
    const before = await count();
    for (const [when, more] of [
      ["before", 0],
      ["after", 1],
    ] as const) {
      setFaults({ api: [{ operation: "StartSession", effect: { kind: "reset", when } }] });
      await expect(ssm().send(new StartSessionCommand({ Target: API }))).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(await count()).toBe(before + more);
    }
  });

  test("may be a machine's own call: it has to be named", async () => {
    setFaults({ api: [{ operation: "CreateDataChannel", effect: { kind: "error", code: "AccessDeniedException" } }] });
    const SessionId = await start();
    const history = async () =>
      (await ssm().send(new DescribeSessionsCommand({ State: "History" }))).Sessions?.find(
        (session) => session.SessionId === SessionId,
      );
    await expect.poll(history, { timeout: 25_000 }).toMatchObject({ Status: "Failed" });
  }, 40_000);
});

describe("keys with an end", () => {
  const identity = (of: Sandbox) => failure(new STSClient(config(of, "dana")).send(new GetCallerIdentityCommand({})));

  test("work with their session token until it, are refused after it as AWS does, and work again once renewed", async () => {
    let aheadMs = 0;
    const short = await startSandbox({
      port: 0,
      fleet: [],
      credentialLifetimeSeconds: 60,
      nowMs: () => Date.now() + aheadMs,
    });
    const old = config(short, "dana");
    expect(old.credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
      sessionToken: expect.any(String),
    });
    expect(await identity(short)).toBe("no failure");
    aheadMs = 61_000;
    expect(await identity(short)).toBe("403 ExpiredToken: The security token included in the request is expired");
    expect(await failure(new SSMClient(old).send(new GetConnectionStatusCommand({ Target: API })))).toBe(
      "400 ExpiredTokenException: The security token included in the request is expired",
    );
    expect(await failure(new EC2Client(old).send(new DescribeRegionsCommand({})))).toBe(
      "400 RequestExpired: Request has expired.",
    );
    const renewal = await admin("POST", "people/dana/renew", { lifetimeSeconds: 3_600 }, short);
    expect(renewal).toMatchObject({ status: 200, body: { id: "dana", accessKeyId: expect.stringMatching(/^ASIA/) } });
    expect(JSON.stringify(renewal.body)).not.toContain(personOf(short, "dana").secretAccessKey);
    expect(await identity(short)).toBe("no failure");
    await short.close();
  });

  test("can be ended at once by the admin API, for one person", async () => {
    expect((await admin("POST", "people/dana/expire")).status).toBe(200);
    expect(await identity(sandbox)).toContain("ExpiredToken");
    expect(await failure(ssm("kofi").send(new GetConnectionStatusCommand({ Target: API })))).toBe("no failure");
    await admin("POST", "people/dana/renew");
    expect(await identity(sandbox)).toBe("no failure");
  });

  test("are nobody's but the ready-made people's", async () => {
    expect((await admin("POST", "people/eve/renew")).status).toBe(404);
    expect((await admin("POST", "people/eve/expire")).status).toBe(404);
    expect((await admin("POST", "people/dana/renew", { lifetimeSeconds: 0 })).status).toBe(400);
  });
});

describe("the admin API", () => {
  test("takes a plan, shows it with what it did, and an empty one ends it", async () => {
    const plan = { seed: 9, limits: [{ instance: API, idleSeconds: 3_600 }] };
    const set = await admin("PUT", "faults", plan);
    expect(set).toMatchObject({ status: 200, body: { plan, on: [`${API}: idle timeout 3600 s`], done: {} } });
    expect((await admin("PUT", "faults", set.body.plan)).body).toEqual(set.body);
    expect((await admin("GET", "faults")).body).toEqual(set.body);
    expect((await admin("PUT", "faults", {})).body).toMatchObject({ on: [], done: {} });
  });

  test("refuses a plan that it cannot read, says why, and keeps the one before", async () => {
    setFaults({ seed: 5, limits: [{ idleSeconds: 3_600 }] });
    expect(await admin("PUT", "faults", { lims: [] })).toEqual({
      status: 400,
      body: { error: 'the plan: "lims" is not known here' },
    });
    expect((await admin("PUT", "faults", "{")).body).toEqual({ error: "the plan: it is not JSON" });
    expect((await admin("GET", "faults")).body.plan.seed).toBe(5);
  });

  test("cuts now, counts it, and says how many sockets it met", async () => {
    const SessionId = await start();
    await expect
      .poll(async () => (await admin("POST", "faults/cut", { session: SessionId, end: "agent", how: "abrupt" })).body)
      .toEqual({ sockets: 1 });
    expect(done()).toEqual({ "cut.abrupt": 1 });
    expect((await admin("POST", "faults/cut", { session: "nobody", end: "both", how: "abrupt" })).body.sockets).toBe(0);
    expect((await admin("POST", "faults/cut", { end: "both" })).status).toBe(400);
    await ssm().send(new TerminateSessionCommand({ SessionId }));
  });

  test("ends a session from elsewhere", async () => {
    const SessionId = await start();
    expect((await admin("POST", `sessions/${SessionId}/terminate`)).status).toBe(200);
    expect((await ssm().send(new ResumeSessionCommand({ SessionId }))).TokenValue).toBeUndefined();
    expect((await admin("POST", "sessions/nobody-0/terminate")).status).toBe(404);
  });

  test("knows no other route of faults, and none without its token", async () => {
    for (const [method, path] of [
      ["POST", "faults"],
      ["GET", "faults/cut"],
      ["PUT", "faults/cut"],
      ["GET", "faults/links/0"],
      ["GET", "people/dana/renew"],
      ["POST", "people/dana"],
      ["GET", `sessions/dana-1/terminate`],
    ] as const)
      expect((await admin(method, path)).status).toBe(404);
    const port = Number(new URL(sandbox.endpointUrl).port);
    const headers = { host: `127.0.0.1:${port}`, authorization: "Bearer x" };
    for (const path of ["faults/cut", "people/dana/expire"])
      expect((await send(port, { method: "POST", path: `/_sandbox/${path}`, headers })).status).toBe(401);
  });
});

test("a plan at start is in force for the first call, and one that cannot be read fails the start", async () => {
  const effect = { kind: "error", code: "ThrottlingException" } as const;
  const other = await startSandbox({ port: 0, fleet: [], faults: { api: [{ operation: "*", effect }] } });
  expect(await failure(ssm("dana", other).send(new DescribeSessionsCommand({ State: "Active" })))).toContain(
    "Throttling",
  );
  await other.close();
  await expect(
    startSandbox({ port: 0, fleet: [], faults: { api: [{ operation: "Start", effect }] } }),
  ).rejects.toBeInstanceOf(FaultPlanError);
});

test("calls that are held back do not keep the sandbox from closing", async () => {
  const other = await startSandbox({
    port: 0,
    fleet: [],
    faults: { api: [{ operation: "*", effect: { kind: "hang", ms: 100_000, when: "before" } }] },
  });
  const call = failure(ssm("dana", other).send(new DescribeSessionsCommand({ State: "Active" })));
  await expect.poll(() => other.faults.show().done).toEqual({ "api[0].hang": 1 });
  await other.close();
  await call;
});
