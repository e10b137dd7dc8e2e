// STS and EC2 as the SDK's own clients see them, given nothing but endpoint URL, region and keys.
import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeRegionsCommand,
  type DescribeRegionsCommandInput,
  DescribeVpcsCommand,
  type Instance,
  paginateDescribeInstances,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, GetFederationTokenCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { DEFAULT_ACCOUNT } from "../src/instances/fleet.ts";
import { ec2Client, sharedApiServer, stsClient } from "./api-server.ts";

const server = await sharedApiServer();

const known = (region: string) =>
  DEFAULT_FLEET.filter(
    ({ region: place, account, kind }) => place === region && account === DEFAULT_ACCOUNT && kind === "ec2",
  ).map(({ id }) => id);

async function instances(input: DescribeInstancesCommandInput, region = "eu-west-1") {
  const { Reservations = [] } = await ec2Client(server, server.dana, region).send(new DescribeInstancesCommand(input));
  return Reservations.flatMap(({ Instances = [] }): Instance[] => Instances);
}
const ids = async (...input: Parameters<typeof instances>) =>
  (await instances(...input)).map(({ InstanceId }) => InstanceId);

test("GetCallerIdentity says who the key belongs to", async () => {
  expect(await stsClient(server, server.kofi).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: "111122223333",
    Arn: "arn:aws:iam::111122223333:user/kofi",
    UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/),
  });
});

test("GetCallerIdentity answers a caller without any policy", async () => {
  const nobody = server.user("nobody", []);
  expect((await stsClient(server, nobody).send(new GetCallerIdentityCommand({}))).Arn).toContain("user/nobody");
});

test("an STS call that is not emulated is an invalid action, as in AWS", async () => {
  await expect(stsClient(server).send(new GetFederationTokenCommand({ Name: "dana" }))).rejects.toMatchObject({
    name: "InvalidAction",
    $metadata: { httpStatusCode: 400 },
  });
});

test("keys and the code of her device become a session of the same user; the code works once", async () => {
  const device = { SerialNumber: "arn:aws:iam::111122223333:mfa/dana", DurationSeconds: 900 };
  const TokenCode = server.mfaDevices.codeOf("arn:aws:iam::111122223333:user/dana", Date.now());
  const exchange = () => stsClient(server).send(new GetSessionTokenCommand({ ...device, TokenCode }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = (await exchange()).Credentials ?? {};
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const caller = await stsClient(server, session).send(new GetCallerIdentityCommand({}));
  expect(caller.Arn).toBe("arn:aws:iam::111122223333:user/dana");
  await expect(exchange()).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("MultiFactorAuthentication failed"),
  });
  await expect(stsClient(server, session).send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    message: "Cannot call GetSessionToken with session credentials",
  });
});

test("DescribeInstances lists the EC2 machines of the region, hybrid ones not among them", async () => {
  expect((await ids({})).sort()).toEqual(known("eu-west-1").sort());
  expect((await ids({}, "us-east-1")).sort()).toEqual(known("us-east-1").sort());
});

test("an instance has what a console shows, in the SDK's types", async () => {
  const [instance] = await instances({ InstanceIds: ["i-0a1f6c83e5d2b7940"] });
  expect(instance).toMatchObject({
    InstanceId: "i-0a1f6c83e5d2b7940",
    State: { Code: 16, Name: "running" },
    InstanceType: "m7g.large",
    Architecture: "arm64",
    PrivateIpAddress: "10.42.1.58",
    PrivateDnsName: "ip-10-42-1-58.eu-west-1.compute.internal",
    Placement: { AvailabilityZone: "eu-west-1a" },
    LaunchTime: expect.any(Date),
    PlatformDetails: "Linux/UNIX",
    IamInstanceProfile: { Arn: expect.stringContaining(":instance-profile/") },
  });
  expect(instance?.Tags).toContainEqual({ Key: "Name", Value: "checkout-api-04" });
  expect(instance?.Tags).toContainEqual({ Key: "tier", Value: "app" });
});

test("a stopped instance says so, and why", async () => {
  const [stopped] = await instances({ Filters: [{ Name: "instance-state-name", Values: ["stopped"] }] });
  expect(stopped).toMatchObject({
    State: { Code: 80, Name: "stopped" },
    StateReason: { Code: "Client.UserInitiatedShutdown" },
  });
});

test("all filters must fit, any value of one is enough, and wildcards work", async () => {
  const filter = (...filters: [string, ...string[]][]) =>
    ids({ Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) });
  expect(await filter(["tag:service", "checkout"], ["tag:tier", "batch", "db"])).toEqual(["i-0e5b20f97d4c1a386"]);
  expect(await filter(["tag:Name", "checkout-api-*"])).toHaveLength(3);
  expect(await filter(["tag:Name", "checkout-api-0?"], ["availability-zone", "eu-west-1b"])).toHaveLength(1);
  expect(await filter(["tag-key", "team"])).toHaveLength(known("eu-west-1").length);
  expect(await filter(["tag-key", "Team"])).toEqual([]);
  expect(await filter(["instance-id", "i-06e0c95d8f1a4b273", "i-0a1f6c83e5d2b7940"])).toHaveLength(2);
  expect(await filter(["private-ip-address", "10.42.3.8"])).toEqual(["i-06e0c95d8f1a4b273"]);
});

test("a filter that does not exist, and too many values, are refused by name", async () => {
  await expect(ids({ Filters: [{ Name: "colour", Values: ["x"] }] })).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: "The filter 'colour' is invalid",
  });
  const Values = Array.from({ length: 201 }, (_, i) => `i-${i}`);
  await expect(ids({ Filters: [{ Name: "instance-id", Values }] })).rejects.toMatchObject({
    name: "FilterLimitExceeded",
  });
});

test("pages follow each other until all instances were given once", async () => {
  const seen: string[] = [];
  let pages = 0;
  for await (const page of paginateDescribeInstances({ client: ec2Client(server), pageSize: 5 }, {})) {
    pages++;
    for (const { Instances = [] } of page.Reservations ?? [])
      seen.push(...Instances.map(({ InstanceId }) => String(InstanceId)));
  }
  expect(pages).toBe(Math.ceil(known("eu-west-1").length / 5));
  expect(seen.sort()).toEqual(known("eu-west-1").sort());
});

test("a page holds 5 to 1,000, and a page size does not go with ids", async () => {
  await expect(ids({ MaxResults: 4 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(ids({ MaxResults: 1001 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(ids({ MaxResults: 5, InstanceIds: ["i-0a1f6c83e5d2b7940"] })).rejects.toMatchObject({
    name: "InvalidParameterCombination",
  });
  await expect(ids({ NextToken: "made up" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
});

test("one id that nobody has fails the call, and so does one that is no id", async () => {
  await expect(ids({ InstanceIds: ["i-0a1f6c83e5d2b7940", "i-0123456789abcdef0"] })).rejects.toMatchObject({
    name: "InvalidInstanceID.NotFound",
    message: "The instance ID 'i-0123456789abcdef0' does not exist",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(ids({ InstanceIds: ["mi-0482fd9a1c5e7b036"] })).rejects.toMatchObject({
    name: "InvalidInstanceID.Malformed",
  });
});

test("an instance of another region does not exist in this one", async () => {
  await expect(ids({ InstanceIds: ["i-0a1f6c83e5d2b7940"] }, "us-east-1")).rejects.toMatchObject({
    name: "InvalidInstanceID.NotFound",
  });
});

test("DescribeRegions names every region and takes names and filters", async () => {
  const regions = async (input: DescribeRegionsCommandInput) =>
    (await ec2Client(server).send(new DescribeRegionsCommand(input))).Regions?.map(({ RegionName }) => RegionName);
  expect(await regions({})).toEqual(["eu-west-1", "us-east-1", "ap-southeast-2", "eu-north-1"]);
  expect(await regions({ RegionNames: ["us-east-1"] })).toEqual(["us-east-1"]);
  expect(await regions({ Filters: [{ Name: "region-name", Values: ["eu-w*"] }] })).toEqual(["eu-west-1"]);
  await expect(regions({ RegionNames: ["mars-north-1"] })).rejects.toMatchObject({ name: "InvalidParameterValue" });
});

test("a dry run of what is allowed is an error that says so; of what is denied it is the denial", async () => {
  const dryRun = new DescribeInstancesCommand({ DryRun: true });
  await expect(ec2Client(server).send(dryRun)).rejects.toMatchObject({
    name: "DryRunOperation",
    $metadata: { httpStatusCode: 412 },
  });
  await expect(ec2Client(server, server.user("nobody", [])).send(dryRun)).rejects.toMatchObject({
    name: "UnauthorizedOperation",
  });
});

test("EC2's denial names caller and action", async () => {
  const denied = ec2Client(server, server.user("nobody", [])).send(new DescribeInstancesCommand({}));
  await expect(denied).rejects.toMatchObject({
    name: "UnauthorizedOperation",
    message:
      "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action",
    $metadata: { httpStatusCode: 403, requestId: expect.any(String) },
  });
});

const power = (id = "amira") => ec2Client(server, server.person(id));
const STOPPED = "i-0b92f4e7a610d85c3";
const RUNNING = "i-0a1f6c83e5d2b7940";

test("machines are stopped, started and rebooted, each told from which state to which", async () => {
  const stopped = await power().send(new StopInstancesCommand({ InstanceIds: [RUNNING, STOPPED] }));
  expect(stopped.StoppingInstances).toEqual([
    { InstanceId: RUNNING, CurrentState: { Code: 64, Name: "stopping" }, PreviousState: { Code: 16, Name: "running" } },
    { InstanceId: STOPPED, CurrentState: { Code: 80, Name: "stopped" }, PreviousState: { Code: 80, Name: "stopped" } },
  ]);
  const started = await power().send(new StartInstancesCommand({ InstanceIds: [STOPPED] }));
  expect(started.StartingInstances).toMatchObject([{ CurrentState: { Code: 0, Name: "pending" } }]);
  await power().send(new RebootInstancesCommand({ InstanceIds: [RUNNING] }));
  expect(server.powered.splice(0)).toEqual([`stop ${RUNNING}`, `start ${STOPPED}`, `reboot ${RUNNING}`]);
});

test("one machine that may not be touched, is not there, or is no id leaves all as they are", async () => {
  const refused = async (InstanceIds: string[], id?: string) =>
    power(id)
      .send(new StopInstancesCommand({ InstanceIds }))
      .then(
        () => "no failure",
        (error: Error) => `${error.name}: ${error.message}`,
      );
  expect(await refused([RUNNING], "dana")).toContain(
    "UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/dana is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1f6c83e5d2b7940",
  );
  expect(await refused([RUNNING, "i-0123456789abcdef0"])).toMatch(/^InvalidInstanceID.NotFound/);
  expect(await refused(["web-1"])).toMatch(/^InvalidInstanceID.Malformed/);
  await expect(power().send(new RebootInstancesCommand({ InstanceIds: [STOPPED] }))).rejects.toMatchObject({
    name: "IncorrectState",
  });
  await expect(power().send(new StopInstancesCommand({ InstanceIds: [RUNNING], DryRun: true }))).rejects.toMatchObject({
    name: "DryRunOperation",
  });
  expect(server.powered).toEqual([]);
});

test("an EC2 call that is not emulated is an invalid action, as in AWS", async () => {
  await expect(ec2Client(server).send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
    name: "InvalidAction",
    message: "The action DescribeVpcs is not valid for this web service.",
  });
});
