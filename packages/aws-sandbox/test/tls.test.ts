// The listener that speaks TLS: the SDK's clients, a shell and Identity Center through it, beside plain HTTP.
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { DescribeInstanceInformationCommand, SSMClient, StartSessionCommand } from "@aws-sdk/client-ssm";
import { RegisterClientCommand, SSOOIDCClient, StartDeviceAuthorizationCommand } from "@aws-sdk/client-sso-oidc";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { type Sandbox, startSandbox } from "../src/sandbox.ts";
import { TestClient } from "../src/ssm-messages/test-peers.ts";
import { INSTANCE_ID } from "../src/ssm-messages/test-service.ts";

let sandbox: Sandbox;
let ca = "";
const agents: Agent[] = [];
beforeAll(async () => {
  const fleet = DEFAULT_FLEET.filter(({ id }) => id === INSTANCE_ID);
  sandbox = await startSandbox({ port: 0, fleet, tls: { port: 0, awsNames: ["kms.eu-west-1.amazonaws.com"] } });
  await sandbox.machinesConnected;
  ca = await readFile(String(sandbox.tls?.caFile), "utf8");
});
afterAll(async () => {
  for (const agent of agents) agent.destroy();
  await sandbox.close();
});

const url = () => new URL(String(sandbox.tls?.endpointUrl));

function client(trusted: string | undefined = ca) {
  const credentials = sandbox.people.people.find(({ id }) => id === "dana");
  if (credentials === undefined) throw new Error("dana is not there");
  const httpsAgent = new Agent({ ca: trusted });
  agents.push(httpsAgent);
  return { endpoint: url().origin, region: "eu-west-1", credentials, maxAttempts: 1, requestHandler: { httpsAgent } };
}

test("SDK clients that trust the authority's file are served, those that do not turn away", async () => {
  expect(await new STSClient(client()).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: "arn:aws:iam::111122223333:user/dana",
  });
  await expect(new SSMClient(client("")).send(new DescribeInstanceInformationCommand({}))).rejects.toThrow();
});

test("who came over TLS is led back over TLS: a shell through wss", async () => {
  const started = await new SSMClient(client()).send(new StartSessionCommand({ Target: INSTANCE_ID }));
  expect(started.StreamUrl).toMatch(new RegExp(`^wss://${url().host}/v1/data-channel/`));
  const channel = new TestClient(String(started.SessionId));
  await channel.connect(String(started.StreamUrl), String(started.TokenValue), {}, ca);
  await channel.shows("ssm-user@checkout-api-04:~$ ");
  channel.type("echo over-$((40+2))\r");
  await channel.shows("over-42");
  channel.type("exit\r");
  expect(await channel.ended()).toBe("");
});

test("Identity Center's page has the same origin as its start URL", async () => {
  const oidc = new SSOOIDCClient(client());
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: "t", clientType: "public" }),
  );
  const device = (startUrl: string) =>
    oidc.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }));
  expect((await device(`${url().origin}/start`)).verificationUri).toBe(`${url().origin}/_sandbox/portal/device`);
  await expect(device(`http://${url().host}/start`)).rejects.toMatchObject({ name: "InvalidRequestException" });
});

test("plain HTTP is not spoken there, and a browser's page of another origin is refused as ever", async () => {
  await expect(fetch(`http://${url().host}/`)).rejects.toThrow();
  const page = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(
        new URL("/_sandbox/", url()),
        { method: "POST", ca, agent: false, servername: "localhost", headers },
        (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        },
      )
        .on("error", reject)
        .end();
    });
  expect(await page({ origin: `http://${url().host}` })).toBe(403);
  expect(await page({ origin: "https://evil.example" })).toBe(403);
  expect(await page({ host: "evil.example" })).toBe(403);
});
