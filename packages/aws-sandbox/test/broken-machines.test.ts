// The machines of the default fleet that cannot be opened, each in its own true way: everything real but the person.
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeInstanceInformationCommand,
  GetConnectionStatusCommand,
  SSMClient,
  StartSessionCommand,
} from "@aws-sdk/client-ssm";
import { GetRoleCredentialsCommand, SSOClient } from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccessKey } from "../src/iam/credential-store.ts";
import { BROKEN_MACHINES, DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { DEFAULT_ACCOUNT, type FleetInstance, STAGING_ACCOUNT } from "../src/instances/fleet.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";
import { eventually, TestClient } from "../src/ssm-messages/test-peers.ts";
import { DEVICE_GRANT } from "../src/sso/oidc-operations.ts";
import { send } from "./api-server.ts";

/** And one healthy machine in the same place as each that fails by its own role, disk or users. */
const HEALTHY = ["syd-web-01", "stage-web-01"];
const NAMES = [...BROKEN_MACHINES.map(({ name }) => name), ...HEALTHY];

let sandbox: Sandbox;
let staging: AccessKey & { sessionToken?: string };
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, fleet: DEFAULT_FLEET.filter(({ name }) => NAMES.includes(name)) });
  await sandbox.machinesConnected;
  staging = await stagingKeys();
});
afterAll(() => sandbox.close());

const machine = (name: string): FleetInstance => DEFAULT_FLEET.find((one) => one.name === name) as FleetInstance;
const port = () => Number(new URL(sandbox.endpointUrl).port);

const admin = (method: string, path: string, body = "") =>
  send(port(), {
    method,
    path: `/_sandbox/${path}`,
    headers: { host: `127.0.0.1:${port()}`, authorization: `Bearer ${sandbox.people.adminToken}` },
    body,
  });

/** The staging account is reached through Identity Center: a device code, approved by the admin API. */
async function stagingKeys() {
  const settings = { endpoint: sandbox.endpointUrl, region: "eu-west-1", maxAttempts: 1 };
  const oidc = new SSOOIDCClient(settings);
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: "test", clientType: "public", scopes: ["sso:account:access"] }),
  );
  const client = { clientId, clientSecret };
  const code = await oidc.send(
    new StartDeviceAuthorizationCommand({ ...client, startUrl: `${sandbox.endpointUrl}/start` }),
  );
  await admin("POST", `portal/codes/${code.userCode}/allow/dana`);
  const begunAtMs = Date.now();
  await eventually(() => expect(Date.now() - begunAtMs).toBeGreaterThan((code.interval ?? 0) * 1_000));
  const { accessToken } = await oidc.send(
    new CreateTokenCommand({ ...client, grantType: DEVICE_GRANT, deviceCode: code.deviceCode }),
  );
  const { roleCredentials = {} } = await new SSOClient(settings).send(
    new GetRoleCredentialsCommand({ accessToken, accountId: STAGING_ACCOUNT, roleName: "SRE-Operator" }),
  );
  const { accessKeyId = "", secretAccessKey = "", sessionToken = "" } = roleCredentials;
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What a client gets that knows only endpoint, region and keys of the machine's account. */
function options({ account, region }: FleetInstance) {
  const dana = sandbox.people.people.find(({ id }) => id === "dana");
  if (dana === undefined) throw new Error("nobody is called dana");
  return {
    endpoint: sandbox.endpointUrl,
    region,
    credentials: account === DEFAULT_ACCOUNT ? dana : staging,
    maxAttempts: 1,
  };
}

async function seen(name: string) {
  const instance = machine(name);
  const ssm = new SSMClient(options(instance));
  const { InstanceInformationList = [] } = await ssm.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [instance.id] }] }),
  );
  const { Status } = await ssm.send(new GetConnectionStatusCommand({ Target: instance.id }));
  const refused = await ssm.send(new StartSessionCommand({ Target: instance.id })).then(
    () => "started",
    ({ name: error }) => error,
  );
  return { ping: InstanceInformationList[0]?.PingStatus, Status, refused, node: InstanceInformationList[0] };
}

const ec2 = async (name: string) => {
  const instance = machine(name);
  const InstanceIds = [instance.id];
  const answer = await new EC2Client(options(instance)).send(new DescribeInstancesCommand({ InstanceIds }));
  return answer.Reservations?.[0]?.Instances?.[0];
};

/** Opens a shell as the person would, with the data key where the preferences want one and the agent comes so far. */
async function open(name: string, isBegun = true) {
  const instance = machine(name);
  const { SessionId, StreamUrl, TokenValue } = await new SSMClient(options(instance)).send(
    new StartSessionCommand({ Target: instance.id }),
  );
  const channel = new TestClient(String(SessionId), instance.id);
  await channel.connect(String(StreamUrl), String(TokenValue));
  if (isBegun && instance.account === DEFAULT_ACCOUNT && instance.region === "ap-southeast-2") {
    await eventually(() => expect(channel.events.map(({ kind }) => kind)).toContain("data_key_wanted"));
    const wanted = channel.events.find((event) => event.kind === "data_key_wanted");
    if (wanted?.kind !== "data_key_wanted") throw new Error("no data key was wanted");
    const { Plaintext: plaintext, CiphertextBlob: ciphertextBlob } = await new KMSClient(options(instance)).send(
      new GenerateDataKeyCommand({
        KeyId: wanted.kmsKeyId,
        NumberOfBytes: 64,
        EncryptionContext: wanted.encryptionContext,
      }),
    );
    if (!plaintext || !ciphertextBlob) throw new Error("KMS gave no key");
    channel.act(() => channel.channel.handleDataKey({ plaintext, ciphertextBlob }, Date.now()));
  }
  return channel;
}

test("a stopped machine: EC2 says so", async () => {
  expect(await seen("orders-migrate-01")).toMatchObject({ Status: "notconnected", refused: "TargetNotConnected" });
  expect((await ec2("orders-migrate-01"))?.State?.Name).toBe("stopped");
});

test.each(["orders-worker-02", "store-043-gateway"])("%s was heard too long ago", async (name) => {
  const found = await seen(name);
  expect(found).toMatchObject({ ping: "ConnectionLost", Status: "notconnected", refused: "TargetNotConnected" });
  expect(Date.now() - Number(found.node?.LastPingDateTime)).toBeGreaterThan(10 * 60_000);
});

test("a machine without an instance profile is not known to Systems Manager", async () => {
  expect(await seen("batch-nightly-02")).toMatchObject({ node: undefined, refused: "TargetNotConnected" });
  expect((await ec2("batch-nightly-02"))?.IamInstanceProfile).toBeUndefined();
});

test("an agent from before sessions reports, and holds no control channel", async () => {
  expect(await seen("web-legacy-01")).toMatchObject({
    ping: "Online",
    node: { AgentVersion: "2.2.619.0", IsLatestVersion: false },
    Status: "notconnected",
    refused: "TargetNotConnected",
  });
});

test("it can be opened once its agent was upgraded, without a restart of anything else", async () => {
  const path = `instances/${machine("web-legacy-01").id}/upgrade`;
  expect(JSON.parse((await admin("POST", path)).body)).toMatchObject({ pingStatus: "Online" });
  const channel = await open("web-legacy-01");
  await channel.shows("ssm-user@web-legacy-01:~$ ");
  channel.type("exit\r");
  expect((await seen("web-legacy-01")).node).toMatchObject({ AgentVersion: "3.3.2299.0", IsLatestVersion: true });
  const wrong = await admin("POST", path, '{"agentVersion":"new"}');
  expect(wrong).toMatchObject({ status: 400, body: expect.stringContaining("agentVersion") });
});

test("a role that may create no control channel: online, and not connected", async () => {
  expect(await seen("reports-vault-01")).toMatchObject({
    ping: "Online",
    Status: "notconnected",
    refused: "TargetNotConnected",
  });
  expect((await ec2("reports-vault-01"))?.IamInstanceProfile?.Arn).toMatch(/\/HarborReportsRole$/);
});

test("a service control policy that denies data channels: the session begins, and fails after the agent's attempts", async () => {
  const channel = await open("web-us-03");
  // six attempts, with growing waits between them
  await expect
    .poll(() => channel.closedWith, { timeout: 30_000 })
    .toMatch(
      /-ERROR-[\s\S]*Setting up data channel with id .* failed: [\s\S]*ssmmessages:CreateDataChannel.* service control policy/,
    );
}, 40_000);

test("a role that may not use the key of encrypted sessions", async () => {
  expect(await (await open("syd-ledger-01")).ended()).toMatch(
    /Fetching data key failed[\s\S]*HarborLedgerRole\/i-[0-9a-f]+ is not authorized to perform: kms:Decrypt/,
  );
});

test("a role that may not look at the log group of sessions", async () => {
  expect(await (await open("syd-audit-01")).ended()).toMatch(
    /-ERROR-[\s\S]*unable to validate encryption on CloudWatch Logs log group/,
  );
});

test("a full disk: the agent does not find its part for shells, and says so before there is a channel", async () => {
  expect(await (await open("syd-batch-01", false)).ended()).toBe(
    "Plugin with name Standard_Stream not found. Step name: Standard_Stream",
  );
});

test("a blank screen: the session begins, and nothing comes", async () => {
  await admin("PUT", "faults", '{"agents":[{"fails":"blank"}]}');
  const channel = await open("syd-web-01");
  await admin("PUT", "faults", "{}");
  await eventually(() => expect(channel.events.map(({ kind }) => kind)).toContain("running"));
  channel.type("ls\r");
  const received = async () => (await admin("GET", `sessions/${channel.sessionId}/input`)).body;
  await expect.poll(received, { timeout: 10_000 }).toContain(Buffer.from("ls\r").toString("base64"));
  expect(channel.text).toBe("");
});

test("a user that Run As asks for and the machine does not have", async () => {
  expect(await (await open("stage-legacy-01")).ended()).toMatch(/-ERROR-[\s\S]*RunAs user deploy does not exist/);
});

test("their neighbours open: encrypted and logged in Sydney, as another user in staging", async () => {
  const sydney = await open("syd-web-01");
  await sydney.shows("ssm-user@syd-web-01:~$ ");
  const stage = await open("stage-web-01");
  await stage.shows("deploy@stage-web-01:~$ ");
  stage.type("whoami; echo $USER-$((1 + 1))\r");
  await stage.shows("deploy\r\ndeploy-2");
});
