// Machines that register themselves: activations with the SDK's client, and then every call as an agent makes it, with a key of its own.
import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import {
  CreateActivationCommand,
  type CreateActivationCommandOutput,
  DeleteActivationCommand,
  DeregisterManagedInstanceCommand,
  DescribeActivationsCommand,
  DescribeInstanceInformationCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { signRequest } from "../src/http/sign-request.ts";
import type { AccessKey } from "../src/iam/credential-store.ts";
import { send, sharedApiServer } from "./api-server.ts";

const server = await sharedApiServer();

const REGION = "eu-west-1";
const FINGERPRINT = "5a8b7c1e-6f1d-4c3a-9f52-3f9c1f0a7d21";
const ssm = (id = "amira", region = REGION) =>
  new SSMClient({ endpoint: server.endpoint, region, credentials: server.person(id), maxAttempts: 1 });

const activate = (more: Partial<ConstructorParameters<typeof CreateActivationCommand>[0]> = {}) =>
  ssm().send(new CreateActivationCommand({ IamRole: "SandboxNodeRole", DefaultInstanceName: "rack-7", ...more }));

// Made once: they cost more than all the rest.
const KEYS = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const OTHER_KEYS = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const publicKeyText = (key: KeyObject): string => key.export({ type: "spki", format: "der" }).toString("base64");

async function call(operation: string, body: object, headers: Record<string, string> = {}) {
  const reply = await send(server.port, {
    method: "POST",
    path: "/",
    headers: {
      host: `127.0.0.1:${server.port}`,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AmazonSSM.${operation}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: reply.status, ...JSON.parse(reply.body) };
}

async function register({
  ActivationId,
  ActivationCode,
}: Pick<CreateActivationCommandOutput, "ActivationId" | "ActivationCode">) {
  return call("RegisterManagedInstance", {
    ActivationId,
    ActivationCode,
    PublicKey: publicKeyText(KEYS.publicKey),
    PublicKeyType: "Rsa",
    Fingerprint: FINGERPRINT,
  });
}

/** As an agent signs: everything but the body's hash is under the signature, which is RSA-PSS. */
function callAsNode(id: string, key: KeyObject, operation: string, body: object, more: { amzDate?: string } = {}) {
  const text = JSON.stringify(body);
  const amzDate = more.amzDate ?? new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const hash = (data: string) => createHash("sha256").update(data).digest("hex");
  const scope = `${amzDate.slice(0, 8)}/${REGION}/ssm/aws4_request`;
  const signed = {
    "content-type": "application/x-amz-json-1.1",
    host: `127.0.0.1:${server.port}`,
    "x-amz-date": amzDate,
    "x-amz-target": `AmazonSSM.${operation}`,
  };
  const names = Object.keys(signed).join(";");
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, hash(text)].join("\n");
  const signature = sign("sha256", Buffer.from(["AWS4-HMAC-SHA256", amzDate, scope, hash(canonical)].join("\n")), {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  }).toString("base64");
  return call(operation, body, {
    "x-amz-date": amzDate,
    "x-amz-content-sha256": hash(text),
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  });
}

/** Registered, and with keys of its role. */
async function node() {
  const { InstanceId } = await register(await activate({ Tags: [{ Key: "tier", Value: "app" }] }));
  const token = await callAsNode(InstanceId, KEYS.privateKey, "RequestManagedInstanceRoleToken", {
    Fingerprint: FINGERPRINT,
  });
  const role: AccessKey = {
    accessKeyId: token.AccessKeyId,
    secretAccessKey: token.SecretAccessKey,
    sessionToken: token.SessionToken,
  };
  return { id: String(InstanceId), token, role };
}

async function callWithRole(role: AccessKey, service: string, target: string, body: object) {
  const text = JSON.stringify(body);
  const url = new URL(`http://127.0.0.1:${server.port}/`);
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const signed = signRequest({ method: "POST", url, headers, body: text, region: REGION, service }, role, Date.now());
  const reply = await send(server.port, { method: "POST", path: "/", headers: signed, body: text });
  return { status: reply.status, ...JSON.parse(reply.body) };
}

const listed = async (id: string) => {
  const { InstanceInformationList = [] } = await ssm("dana").send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [id] }] }),
  );
  return InstanceInformationList[0];
};

test("a machine registers with an activation, gets keys of its role and is online once it has reported", async () => {
  const { id, token, role } = await node();
  expect(id).toMatch(/^mi-[0-9a-f]{17}$/);
  expect(token).toMatchObject({ status: 200, UpdateKeyPair: false, SessionToken: expect.any(String) });
  expect(token.TokenExpirationDate * 1_000).toBeGreaterThan(Date.now() + 3_500_000);
  expect(await listed(id)).toMatchObject({ PingStatus: "ConnectionLost", Name: "rack-7", IamRole: "SandboxNodeRole" });

  const report = {
    InstanceId: id,
    AgentVersion: "3.3.987.0",
    AgentName: "amazon-ssm-agent",
    AgentStatus: "Active",
    PlatformType: "Linux",
    PlatformName: "Debian GNU/Linux",
    PlatformVersion: "12",
    ComputerName: "rack-7.example",
    IPAddress: "192.0.2.7",
    SSMConnectionChannel: "ssmmessages",
  };
  expect(await callWithRole(role, "ssm", "AmazonSSM.UpdateInstanceInformation", report)).toMatchObject({ status: 200 });
  expect(await listed(id)).toMatchObject({
    PingStatus: "Online",
    AgentVersion: "3.3.987.0",
    PlatformName: "Debian GNU/Linux",
    ComputerName: "rack-7.example",
    IPAddress: "192.0.2.7",
    ResourceType: "ManagedInstance",
    SourceType: "AWS::SSM::ManagedInstance",
  });
});

test("the tags of the activation are the machine's, and its activation is a filter", async () => {
  const activation = await activate({ Tags: [{ Key: "rack", Value: "north 7" }] });
  const { InstanceId } = await register(activation);
  const ids = async (Key: string, value = "") => {
    const answer = await ssm().send(new DescribeInstanceInformationCommand({ Filters: [{ Key, Values: [value] }] }));
    return answer.InstanceInformationList?.map((instance) => instance.InstanceId);
  };
  expect(await ids("tag:rack", "north 7")).toEqual([InstanceId]);
  expect(await ids("ActivationIds", activation.ActivationId)).toEqual([InstanceId]);
});

test("wrong, ended, used up and deleted activations are refused, each in AWS's word", async () => {
  const activation = await activate();
  expect(await register({ ...activation, ActivationCode: "x".repeat(20) })).toMatchObject({
    __type: "InvalidActivation",
  });
  expect(await register(activation)).toMatchObject({ status: 200 });
  expect(await register(activation)).toMatchObject({ status: 400, __type: "RegistrationLimitExceeded" });

  const ended = server.activations.create(
    {
      account: "111122223333",
      region: REGION,
      role: "SandboxNodeRole",
      instanceName: "",
      description: "",
      registrationsMax: 1,
      expiresAtMs: Date.now() - 1,
      tags: {},
    },
    Date.now(),
  );
  expect(await register({ ActivationId: ended?.id, ActivationCode: ended?.code })).toMatchObject({
    status: 400,
    __type: "ActivationExpired",
  });

  const deleted = await activate();
  await ssm().send(new DeleteActivationCommand({ ActivationId: deleted.ActivationId }));
  expect(await register(deleted)).toMatchObject({ __type: "InvalidActivation" });
  await expect(ssm().send(new DeleteActivationCommand({ ActivationId: deleted.ActivationId }))).rejects.toMatchObject({
    name: "InvalidActivation",
  });
});

test("a key that is none uses no registration up", async () => {
  const activation = await activate();
  for (const PublicKey of [
    "A".repeat(392),
    publicKeyText(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey).padEnd(392, "A"),
  ])
    expect(
      await call("RegisterManagedInstance", {
        ...activation,
        PublicKey,
        PublicKeyType: "Rsa",
        Fingerprint: FINGERPRINT,
      }),
    ).toMatchObject({ status: 400, __type: "ValidationException" });
  expect(await register(activation)).toMatchObject({ status: 200 });
});

test("only the machine's own key gets keys of its role, in time and from the machine that registered", async () => {
  const { id } = await node();
  const ask = (key: KeyObject, body: object = { Fingerprint: FINGERPRINT }, more = {}) =>
    callAsNode(id, key, "RequestManagedInstanceRoleToken", body, more);
  expect(await ask(OTHER_KEYS.privateKey)).toMatchObject({ status: 400, __type: "InvalidSignatureException" });
  expect(await ask(KEYS.privateKey, {}, { amzDate: "20200101T000000Z" })).toMatchObject({
    __type: "InvalidSignatureException",
    message: expect.stringContaining("Signature expired"),
  });
  expect(await ask(KEYS.privateKey, { Fingerprint: "another computer" })).toMatchObject({
    __type: "MachineFingerprintDoesNotMatch",
  });
  expect(
    await callAsNode("mi-00000000000000000", KEYS.privateKey, "RequestManagedInstanceRoleToken", {
      Fingerprint: FINGERPRINT,
    }),
  ).toMatchObject({ __type: "InvalidInstanceId", Message: "Not existing InstanceId mi-00000000000000000" });
});

test("a machine's own key opens nothing else, and a person's key is no machine's", async () => {
  const { id } = await node();
  const answer = await callAsNode(id, KEYS.privateKey, "DescribeInstanceInformation", {});
  expect(answer).toMatchObject({ status: 400, __type: "IncompleteSignatureException" });
  expect(answer).not.toHaveProperty("InstanceInformationList");
  const asPerson = await callWithRole(server.person("amira"), "ssm", "AmazonSSM.RequestManagedInstanceRoleToken", {
    Fingerprint: FINGERPRINT,
  });
  expect(asPerson).toMatchObject({ status: 400 });
  expect(asPerson).not.toHaveProperty("AccessKeyId");
});

test("a new key pair takes the old one's place", async () => {
  const { id } = await node();
  const NewPublicKey = publicKeyText(OTHER_KEYS.publicKey);
  const update = (key: KeyObject, text = NewPublicKey) =>
    callAsNode(id, key, "UpdateManagedInstancePublicKey", { NewPublicKey: text, NewPublicKeyType: "Rsa" });
  expect(await update(KEYS.privateKey, "B".repeat(392))).toMatchObject({ __type: "ValidationException" });
  expect(await update(KEYS.privateKey)).toMatchObject({ status: 200 });
  const ask = (key: KeyObject) => callAsNode(id, key, "RequestManagedInstanceRoleToken", { Fingerprint: FINGERPRINT });
  expect(await ask(KEYS.privateKey)).toMatchObject({ __type: "InvalidSignatureException" });
  expect(await ask(OTHER_KEYS.privateKey)).toMatchObject({ status: 200 });
});

test("a machine that was deregistered is not listed, its keys end and its channel is cut", async () => {
  const { id, role } = await node();
  await expect(ssm("dana").send(new DeregisterManagedInstanceCommand({ InstanceId: id }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(
    ssm("amira", "us-east-1").send(new DeregisterManagedInstanceCommand({ InstanceId: id })),
  ).rejects.toMatchObject({ name: "InvalidInstanceId" });
  await ssm().send(new DeregisterManagedInstanceCommand({ InstanceId: id }));
  expect(await listed(id)).toBeUndefined();
  expect(server.disconnected).toContain(id);
  const body = { InstanceId: id, AgentVersion: "3.3.987.0" };
  expect(await callWithRole(role, "ssm", "AmazonSSM.UpdateInstanceInformation", body)).toMatchObject({
    __type: "ExpiredTokenException",
  });
  expect(
    await callAsNode(id, KEYS.privateKey, "RequestManagedInstanceRoleToken", { Fingerprint: FINGERPRINT }),
  ).toMatchObject({ __type: "InvalidInstanceId" });
});

test("EC2 messages are asked for by the machine itself alone", async () => {
  const { role } = await node();
  const poll = (key: AccessKey, Destination: string) =>
    callWithRole(key, "ec2messages", "EC2WindowsMessageDeliveryService.GetMessages", {
      Destination,
      MessagesRequestId: "b1f2a3c4-0000-4000-a000-000000000001",
    });
  expect(await poll(role, "mi-00000000000000000")).toMatchObject({ status: 400, __type: "AccessDeniedException" });
  expect(await poll(server.dana, "mi-00000000000000000")).toMatchObject({ __type: "AccessDeniedException" });
});

test("activations are made by who may pass the role, for a role that there is and 30 days at most", async () => {
  await expect(ssm("dana").send(new CreateActivationCommand({ IamRole: "SandboxNodeRole" }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("ssm:CreateActivation"),
  });
  const maker = server.user("maker", [
    { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ssm:CreateActivation", Resource: "*" }] },
  ]);
  const client = new SSMClient({ endpoint: server.endpoint, region: REGION, credentials: maker, maxAttempts: 1 });
  await expect(client.send(new CreateActivationCommand({ IamRole: "SandboxNodeRole" }))).rejects.toThrow(
    "iam:PassRole on resource: arn:aws:iam::111122223333:role/SandboxNodeRole",
  );
  await expect(activate({ IamRole: "Nobody" })).rejects.toMatchObject({
    name: "ValidationException",
    message: "Nonexistent role or missing ssm service principal in trust policy: arn:aws:iam::111122223333:role/Nobody",
  });
  for (const days of [-1, 31])
    await expect(activate({ ExpirationDate: new Date(Date.now() + days * 24 * 3_600_000) })).rejects.toMatchObject({
      name: "ValidationException",
    });
  await expect(activate({ RegistrationLimit: 1_001 })).rejects.toMatchObject({ name: "ValidationException" });
});

test("activations are listed without their codes, page by page and by filter", async () => {
  const made = [await activate({ DefaultInstanceName: "paged" }), await activate({ DefaultInstanceName: "paged" })];
  const Filters = [{ FilterKey: "DefaultInstanceName" as const, FilterValues: ["paged"] }];
  const first = await ssm().send(new DescribeActivationsCommand({ MaxResults: 1, Filters }));
  const second = await ssm().send(
    new DescribeActivationsCommand({ MaxResults: 1, Filters, NextToken: first.NextToken }),
  );
  const both = [...(first.ActivationList ?? []), ...(second.ActivationList ?? [])];
  expect(both.map(({ ActivationId }) => ActivationId).sort()).toEqual(
    made.map(({ ActivationId }) => ActivationId).sort(),
  );
  expect(second.NextToken).toBeUndefined();
  expect(both[0]).toMatchObject({
    RegistrationLimit: 1,
    RegistrationsCount: 0,
    Expired: false,
    IamRole: "SandboxNodeRole",
  });
  expect(JSON.stringify(both)).not.toContain(String(made[0]?.ActivationCode));
  await expect(ssm().send(new DescribeActivationsCommand({ NextToken: "none" }))).rejects.toMatchObject({
    name: "InvalidNextToken",
  });
});
