// What each ready-made person meets, by the SDK's own clients: who may what, and in which words the others are refused.
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import {
  DescribeInstanceInformationCommand,
  DescribeSessionsCommand,
  GetDocumentCommand,
  ResumeSessionCommand,
  StartSessionCommand,
  TerminateSessionCommand,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PolicyStatement } from "../src/iam/policy.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { type ApiServer, ec2Client, ssmClient, startApiServer } from "./api-server.ts";

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  for (const { id } of DEFAULT_FLEET) server.gateway.connected.add(id);
});
afterAll(async () => {
  expect(server.bugs).toEqual([]);
  await server.close();
});

const APP = "i-0a1f6c83e5d2b7940";
const BASTION = "i-06e0c95d8f1a4b273";
const STAGING = "i-04c7a0e6d35b98f12";
const DocumentName = "SSM-SessionManagerRunShell";

const ssm = (id: string, region?: string) => ssmClient(server, server.person(id), region);
const start = (id: string, Target: string, region?: string) =>
  ssm(id, region).send(new StartSessionCommand({ Target, ...(region === undefined ? { DocumentName } : {}) }));
const denied = (text: RegExp) => ({ name: "AccessDeniedException", message: expect.stringMatching(text) });

test.each(["dana", "kofi", "amira", "petra", "noor"])("%s opens a shell and its channel", async (id) => {
  const { SessionId } = await start(id, APP);
  expect(server.gateway.mayOpen.at(-1)).toBe(true);
  await ssm(id).send(new ResumeSessionCommand({ SessionId }));
  expect(server.gateway.mayOpen.at(-1)).toBe(true);
  await ssm(id).send(new TerminateSessionCommand({ SessionId }));
});

test("the operator by tag is refused where the tag says otherwise, by the machine's ARN", async () => {
  await expect(start("kofi", BASTION)).rejects.toMatchObject(
    denied(
      /^User: arn:aws:iam::111122223333:user\/kofi is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:eu-west-1:111122223333:instance\/i-06e0c95d8f1a4b273 because no identity-based policy allows the ssm:StartSession action$/,
    ),
  );
});

test("who only reads sees everything and opens nothing", async () => {
  const { InstanceInformationList } = await ssm("rosa").send(new DescribeInstanceInformationCommand({}));
  expect(InstanceInformationList).toHaveLength(10);
  await expect(start("rosa", APP)).rejects.toMatchObject(denied(/because no identity-based policy allows/));
});

test("the auditor reads sessions and documents; a shell is denied in the words of an explicit deny", async () => {
  await ssm("vera").send(new DescribeSessionsCommand({ State: "History" }));
  await ssm("vera").send(new GetDocumentCommand({ Name: "AWS-StartSSHSession" }));
  await expect(start("vera", APP)).rejects.toMatchObject(denied(/with an explicit deny in an identity-based policy$/));
});

test("MFA in the policy: long-term keys and a session without a code are refused, one with a code is not", async () => {
  const startWith = (key: ReturnType<typeof server.person>) =>
    ssmClient(server, key).send(new StartSessionCommand({ Target: APP, DocumentName }));
  await expect(startWith(server.person("milo"))).rejects.toMatchObject(
    denied(/ssm:StartSession on resource: .*instance/),
  );
  await expect(startWith(server.temporary("milo", false))).rejects.toMatchObject(denied(/because no identity-based/));
  expect((await startWith(server.temporary("milo", true))).SessionId).toMatch(/^milo-/);
});

test("a policy from before OpenDataChannel starts and resumes sessions whose channel may not be opened", async () => {
  const { SessionId } = await start("tariq", APP);
  expect(server.gateway.mayOpen.at(-1)).toBe(false);
  await ssm("tariq").send(new ResumeSessionCommand({ SessionId }));
  expect(server.gateway.mayOpen.at(-1)).toBe(false);
});

test("one person has Systems Manager without EC2, another EC2 without Systems Manager", async () => {
  await ssm("petra").send(new DescribeInstanceInformationCommand({}));
  await expect(ec2Client(server, server.person("petra")).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
    name: "UnauthorizedOperation",
  });
  await ec2Client(server, server.person("emil")).send(new DescribeInstancesCommand({}));
  await expect(ssm("emil").send(new DescribeInstanceInformationCommand({}))).rejects.toMatchObject(
    denied(/ssm:DescribeInstanceInformation/),
  );
});

test("an organisation's policy denies what the person's own allows, and is named", async () => {
  await expect(start("noor", STAGING, "us-east-1")).rejects.toMatchObject(
    denied(/with an explicit deny in a service control policy$/),
  );
});

const DOCUMENT = "arn:aws:ssm:eu-west-1:111122223333:document/SSM-SessionManagerRunShell";
const allow = (Resource: string, more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: "Allow",
  Action: "ssm:StartSession",
  Resource,
  ...more,
});
const ON_CHECK = { Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } } };
const startAs = (name: string, statements: PolicyStatement[], named: boolean) =>
  ssmClient(server, server.user(name, [{ Version: "2012-10-17", Statement: statements }])).send(
    new StartSessionCommand({ Target: APP, ...(named ? { DocumentName } : {}) }),
  );

test("without a document's name only the machine is asked about, unless the policy wants the document checked", async () => {
  const machine = "arn:aws:ec2:*:*:instance/*";
  await startAs("u1", [allow(machine)], false);
  await expect(startAs("u2", [allow(machine)], true)).rejects.toMatchObject(
    denied(/document\/SSM-SessionManagerRunShell/),
  );
  await expect(startAs("u3", [allow(machine, ON_CHECK)], false)).rejects.toMatchObject(
    denied(/document\/SSM-SessionManagerRunShell because no identity-based/),
  );
  await startAs("u4", [allow(machine, ON_CHECK), allow(DOCUMENT)], false);
});

test("an explicit deny of the document is told before a machine that only is not allowed", async () => {
  await expect(
    startAs("u5", [allow("arn:aws:ec2:*:*:instance/i-none"), allow(DOCUMENT, { Effect: "Deny" })], true),
  ).rejects.toMatchObject(denied(/document\/SSM-SessionManagerRunShell with an explicit deny/));
});
