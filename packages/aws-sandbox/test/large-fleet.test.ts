// A large fleet: listed page by page as AWS lists it, and each machine a real one as soon as somebody opens a shell there.
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeInstanceInformationCommand,
  GetConnectionStatusCommand,
  SSMClient,
  StartSessionCommand,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { DEFAULT_ACCOUNT } from "../src/instances/fleet.ts";
import { fleetOf } from "../src/instances/large-fleet.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";

const FLEET = fleetOf(400);
const IRELAND = FLEET.filter(({ region, account }) => region === "eu-west-1" && account === DEFAULT_ACCOUNT);
const SLEEPING = IRELAND.find(({ onDemand }) => onDemand === true)?.id ?? "";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, fleet: FLEET });
  await sandbox.machinesConnected;
});
afterAll(() => sandbox.close());

const options = () => {
  const dana = sandbox.people.people.find(({ id }) => id === "dana");
  if (dana === undefined) throw new Error("nobody is called dana");
  return { endpoint: sandbox.endpointUrl, region: "eu-west-1", credentials: dana, maxAttempts: 1 };
};

test("EC2 lists every machine once, in pages of the size that was asked for", async () => {
  const ec2 = new EC2Client(options());
  const pages: string[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 100, NextToken }));
    const instances = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    pages.push(instances.map(({ InstanceId = "" }) => InstanceId));
    NextToken = page.NextToken;
  } while (NextToken);
  const ids = IRELAND.filter(({ kind }) => kind === "ec2").map(({ id }) => id);
  expect(pages.flat().sort()).toEqual(ids.sort());
  expect(pages.slice(0, -1).every((page) => page.length === 100)).toBe(true);
});

test("SSM lists fifty a page at most, and machines without a process of their own are online", async () => {
  const ssm = new SSMClient(options());
  const listed = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await ssm.send(new DescribeInstanceInformationCommand({ MaxResults: 50, NextToken }));
    expect(page.InstanceInformationList?.length).toBeLessThanOrEqual(50);
    for (const { InstanceId = "", PingStatus = "" } of page.InstanceInformationList ?? [])
      listed.set(InstanceId, PingStatus);
    NextToken = page.NextToken;
  } while (NextToken);
  expect(listed.size).toBe(IRELAND.filter(({ managed }) => managed).length);
  expect(listed.get(SLEEPING)).toBe("Online");
});

test("a shell on a machine that slept is a real one: its agent comes, and the client's channel is answered", async () => {
  const ssm = new SSMClient(options());
  expect(await ssm.send(new GetConnectionStatusCommand({ Target: SLEEPING }))).toMatchObject({ Status: "connected" });
  const started = await ssm.send(new StartSessionCommand({ Target: SLEEPING }));
  // somebody else's shell in the same moment does not meet a machine that is neither asleep nor awake
  await ssm.send(new StartSessionCommand({ Target: SLEEPING }));
  const socket = new WebSocket(String(started.StreamUrl));
  const answered = new Promise<unknown>((resolve, reject) => {
    socket.once("message", resolve);
    socket.once("error", reject);
  });
  socket.once("open", () =>
    socket.send(
      JSON.stringify({
        MessageSchemaVersion: "1.0",
        RequestId: "00000000-0000-4000-8000-000000000001",
        TokenValue: started.TokenValue,
        ClientId: "00000000-0000-4000-8000-000000000002",
        ClientVersion: "1.2.0.0",
      }),
    ),
  );
  expect(await answered).toBeInstanceOf(Buffer);
  socket.terminate();
});
