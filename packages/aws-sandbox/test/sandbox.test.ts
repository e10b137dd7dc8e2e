// The whole sandbox: real machines that reach it as agents do, real keys from the people's file, the admin API.
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  DescribeInstancesCommand,
  EC2Client,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeInstanceInformationCommand,
  DescribeSessionsCommand,
  GetConnectionStatusCommand,
  ResumeSessionCommand,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_PEOPLE } from "../src/iam/people.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { DEFAULT_ACCOUNT } from "../src/instances/fleet.ts";
import { NotLoopbackError, type Sandbox, startSandbox } from "../src/sandbox.ts";
import { send } from "./api-server.ts";

const API = "i-0a1f6c83e5d2b7940";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  await sandbox.machinesConnected;
});
afterAll(() => sandbox.close());

const port = () => Number(new URL(sandbox.endpointUrl).port);
const client = (name = "dana", region = "eu-west-1") => {
  const person = sandbox.people.people.find(({ id }) => id === name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  return { endpoint: sandbox.endpointUrl, region, credentials: person, maxAttempts: 1 };
};
const ssm = (...args: Parameters<typeof client>) => new SSMClient(client(...args));

const admin = async (method: string, path: string, token = sandbox.people.adminToken) => {
  const reply = await send(port(), {
    method,
    path: `/_sandbox/${path}`,
    headers: { host: `127.0.0.1:${port()}`, authorization: `Bearer ${token}` },
  });
  return { status: reply.status, body: JSON.parse(reply.body) };
};

test("every machine that runs is online in both regions once it is connected, the others are not", async () => {
  for (const region of ["eu-west-1", "us-east-1"]) {
    const { InstanceInformationList = [] } = await ssm("dana", region).send(
      new DescribeInstanceInformationCommand({ MaxResults: 50 }),
    );
    const online = InstanceInformationList.filter(({ PingStatus }) => PingStatus === "Online");
    expect(online.map(({ InstanceId }) => String(InstanceId)).sort()).toEqual(
      DEFAULT_FLEET.filter((instance) => instance.account === DEFAULT_ACCOUNT && instance.region === region)
        .filter(({ state, managed, online }) => state === "running" && managed && online)
        .map(({ id }) => id)
        .sort(),
    );
  }
});

test("a session runs from start over resume to its end, and is told in the listings", async () => {
  const started = await ssm().send(
    new StartSessionCommand({ Target: API, DocumentName: "SSM-SessionManagerRunShell", Reason: "a look" }),
  );
  const SessionId = String(started.SessionId);
  const resumed = await ssm().send(new ResumeSessionCommand({ SessionId }));
  expect(resumed.TokenValue).toBeTruthy();
  expect(resumed.TokenValue).not.toBe(started.TokenValue);
  await expect(ssm("kofi").send(new ResumeSessionCommand({ SessionId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  const list = async (State: "Active" | "History") =>
    (await ssm().send(new DescribeSessionsCommand({ State }))).Sessions?.filter(
      (session) => session.SessionId === SessionId,
    );
  expect(await list("Active")).toMatchObject([{ Target: API, Reason: "a look" }]);
  await ssm().send(new TerminateSessionCommand({ SessionId }));
  await expect.poll(() => list("History")).toMatchObject([{ Status: "Terminated", EndDate: expect.any(Date) }]);
  expect((await ssm().send(new ResumeSessionCommand({ SessionId }))).TokenValue).toBeUndefined();
});

test("the page of machines and faults opens for a person with the passcode, not for another page", async () => {
  const host = `127.0.0.1:${port()}`;
  const page = (method: string, headers: Record<string, string>, body = "") =>
    send(port(), { method, path: "/_sandbox/", headers: { host, ...headers }, body });
  const body = `passcode=${sandbox.people.portalPasscode}`;
  const own = { origin: `http://${host}`, "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" };
  expect(await page("GET", { "sec-fetch-mode": "navigate" })).toMatchObject({ status: 200 });
  expect(await page("POST", own, body)).toMatchObject({
    status: 200,
    body: expect.stringContaining("checkout-api-04"),
  });
  expect(await page("GET", { "sec-fetch-mode": "cors" })).toMatchObject({ status: 403 });
  expect(await page("POST", { ...own, origin: "http://evil.example" }, body)).toMatchObject({ status: 403 });
  expect(await page("POST", own, "passcode=BBBBBBBBB&instance=x&action=stop")).toMatchObject({ status: 403 });
});

describe("the people's file", () => {
  test("is private, and names the endpoint and every ready-made person with keys of this start", async () => {
    expect((await stat(sandbox.peopleFile)).mode & 0o777).toBe(0o600);
    const file = JSON.parse(await readFile(sandbox.peopleFile, "utf8"));
    expect(file).toMatchObject({
      version: 1,
      endpointUrl: sandbox.endpointUrl,
      people: DEFAULT_PEOPLE.map(({ id, role }) => ({ id, role, accessKeyId: expect.stringMatching(/^AKIA/) })),
    });
  });

  test("is by default in a directory of its own, not beside the machines' homes", async () => {
    expect(await readdir(dirname(sandbox.peopleFile))).toEqual(["people.json"]);
    expect((await stat(dirname(sandbox.peopleFile))).mode & 0o777).toBe(0o700);
  });

  test("holds other keys at every start, is gone after close, and so is the state directory", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
    const peopleFile = join(folder, "people.json");
    const keys = new Set<string>();
    for (let start = 0; start < 2; start++) {
      const other = await startSandbox({ port: 0, peopleFile, fleet: [] });
      for (const { accessKeyId, secretAccessKey } of other.people.people) keys.add(accessKeyId).add(secretAccessKey);
      keys.add(other.people.adminToken);
      await other.close();
    }
    expect(keys.size).toBe(2 * (2 * DEFAULT_PEOPLE.length + 1));
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

test("anything but loopback is refused before a port is opened", async () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.1", "example.com"])
    await expect(startSandbox({ host, port: 0 })).rejects.toBeInstanceOf(NotLoopbackError);
});

test("a busy port fails the start and leaves nothing behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  await expect(
    startSandbox({ port: port(), peopleFile: join(folder, "people.json"), stateDir: folder, fleet: [] }),
  ).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect((await readdir(folder)).sort()).toEqual(["homes", "root"]);
  await rm(folder, { recursive: true });
});

test("a machine whose clock is the sandbox's, an hour ahead of the caller's, connects all the same", async () => {
  const ahead = await startSandbox({
    port: 0,
    nowMs: () => Date.now() + 3_600_000,
    fleet: DEFAULT_FLEET.filter(({ id }) => id === API),
  });
  await ahead.machinesConnected;
  await ahead.close();
});

describe("the admin API", () => {
  const BASTION = "i-06e0c95d8f1a4b273";
  const status = async (Target: string) => (await ssm().send(new GetConnectionStatusCommand({ Target }))).Status;
  const ec2State = async (id: string) => {
    const { Reservations } = await new EC2Client(client()).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name;
  };

  test("needs the admin token: a person's key, another token or none is not enough", async () => {
    for (const token of ["", "x", sandbox.people.people[0]?.secretAccessKey])
      expect((await admin("GET", "sessions", token)).status).toBe(401);
  });

  test("stops a machine: EC2 and SSM say so, and it cannot be opened; started, it can", async () => {
    expect(await admin("POST", `instances/${BASTION}/stop`)).toMatchObject({ status: 200, body: { state: "stopped" } });
    expect(await ec2State(BASTION)).toBe("stopped");
    await expect.poll(() => status(BASTION)).toBe("notconnected");
    await expect(ssm().send(new StartSessionCommand({ Target: BASTION }))).rejects.toMatchObject({
      name: "TargetNotConnected",
    });
    expect(await admin("POST", `instances/${BASTION}/start`)).toMatchObject({
      status: 200,
      body: { state: "running", pingStatus: "Online" },
    });
    expect(await status(BASTION)).toBe("connected");
  });

  test("what EC2 is asked to do to a machine happens to it: stopped, started and rebooted", async () => {
    const ec2 = new EC2Client(client("amira"));
    const InstanceIds = [API];
    const status = async () => (await ssm().send(new GetConnectionStatusCommand({ Target: API }))).Status;
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await expect.poll(status, { timeout: 15_000 }).toBe("notconnected");
    await ec2.send(new StartInstancesCommand({ InstanceIds }));
    await expect.poll(status, { timeout: 15_000 }).toBe("connected");
    const { SessionId } = await ssm().send(new StartSessionCommand({ Target: API }));
    await ec2.send(new RebootInstancesCommand({ InstanceIds }));
    const ended = async () => (await ssm().send(new DescribeSessionsCommand({ State: "History" }))).Sessions;
    await expect
      .poll(ended, { timeout: 15_000 })
      .toContainEqual(expect.objectContaining({ SessionId, Status: "Terminated" }));
    await expect.poll(status, { timeout: 15_000 }).toBe("connected");
  });

  test("loses a machine and finds it again, while EC2 keeps saying that it runs", async () => {
    expect((await admin("POST", `instances/${BASTION}/lose`)).body).toMatchObject({ pingStatus: "ConnectionLost" });
    await expect.poll(() => status(BASTION)).toBe("notconnected");
    expect(await ec2State(BASTION)).toBe("running");
    await admin("POST", `instances/${BASTION}/find`);
    await expect.poll(() => status(BASTION), { timeout: 15_000 }).toBe("connected");
  });

  test("shows sessions, and what a session's shell received", async () => {
    const { SessionId } = await ssm().send(new StartSessionCommand({ Target: API }));
    const { body } = await admin("GET", "sessions");
    expect(body.sessions.map(({ sessionId }: { sessionId: string }) => sessionId)).toContain(SessionId);
    expect(JSON.stringify(body)).not.toMatch(/token/i);
    expect(await admin("GET", `sessions/${SessionId}/input`)).toEqual({
      status: 200,
      body: { sessionId: SessionId, input: [] },
    });
    await ssm().send(new TerminateSessionCommand({ SessionId }));
  });

  test("knows no other route, session, instance or act", async () => {
    for (const [method, path] of [
      ["GET", "nothing"],
      ["POST", "sessions"],
      ["GET", "sessions/nobody-0/input"],
      ["GET", "sessions/%E0%A4%A/input"],
      ["POST", "instances/i-0123456789abcdef0/stop"],
      ["POST", `instances/${API}/explode`],
      ["GET", `instances/${API}/stop`],
    ] as const)
      expect((await admin(method, path)).status).toBe(404);
    expect((await admin("POST", "instances/mi-0482fd9a1c5e7b036/stop")).status).toBe(409);
  });
});
