// Roles, as the SDK's own client assumes them: by a user, and by a token that a real signature proves.
import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { type ApiServer, startApiServer, stsClient } from "./api-server.ts";

const OPERATOR = "arn:aws:iam::111122223333:role/Harbor-Operator";
const BREAK_GLASS = "arn:aws:iam::111122223333:role/Harbor-BreakGlass";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

let idp: Server;
let issuer: string;
let server: ApiServer;
beforeAll(async () => {
  idp = createServer((request, response) => {
    const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "k1" }];
    response.end(JSON.stringify(request.url === "/jwks" ? { keys } : { issuer, jwks_uri: `${issuer}/jwks` }));
  });
  await new Promise<void>((resolve) => idp.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(idp.address() as AddressInfo).port}`;
  server = await startApiServer(DEFAULT_FLEET, { issuer, clientId: "causeway" });
});
afterAll(async () => {
  await server.close();
  idp.close();
});

function tokenOf(claims: object = {}, header: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1_000) + 60;
  const signed = `${part({ alg: "RS256", kid: "k1", ...header })}.${part({ iss: issuer, aud: "causeway", sub: "u-1", exp, ...claims })}`;
  return `${signed}.${createSign("sha256").update(signed).sign(privateKey).toString("base64url")}`;
}

/** Without keys: nobody signs this call. */
function withToken(WebIdentityToken: string, RoleArn = OPERATOR) {
  const client = new STSClient({ endpoint: server.endpoint, region: "eu-west-1", maxAttempts: 1 });
  return client.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: "dana@harbor.example", WebIdentityToken }),
  );
}

test("a user whom the trust policy names becomes the role, under the session name she asked for", async () => {
  const answer = await stsClient(server).send(
    new AssumeRoleCommand({ RoleArn: OPERATOR, RoleSessionName: "dana@111122223333", DurationSeconds: 900 }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "", Expiration } = answer.Credentials ?? {};
  expect(Math.abs((Expiration?.getTime() ?? 0) - Date.now() - 900_000)).toBeLessThan(5_000);
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  expect(await stsClient(server, keys).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: "arn:aws:sts::111122223333:assumed-role/Harbor-Operator/dana@111122223333",
    UserId: answer.AssumedRoleUser?.AssumedRoleId,
  });
});

test.each([
  ["a user whom it does not name", OPERATOR, "kofi"],
  ["a role that does not exist", "arn:aws:iam::111122223333:role/Nobody", "dana"],
  ["a role of another account", "arn:aws:iam::999988887777:role/Harbor-Operator", "dana"],
] as const)("%s is denied in AWS's words", async (_what, RoleArn, who) => {
  await expect(
    stsClient(server, server[who]).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "x1" })),
  ).rejects.toMatchObject({
    name: "AccessDenied",
    message: `User: arn:aws:iam::111122223333:user/${who} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    $metadata: { httpStatusCode: 403 },
  });
});

test("a role that asks for MFA is given for a code, or to a session that was opened with one", async () => {
  const asked = { RoleArn: BREAK_GLASS, RoleSessionName: "dana" };
  await expect(stsClient(server).send(new AssumeRoleCommand(asked))).rejects.toMatchObject({ name: "AccessDenied" });
  const arn = "arn:aws:iam::111122223333:user/dana";
  const SerialNumber = "arn:aws:iam::111122223333:mfa/dana";
  const TokenCode = server.mfaDevices.codeOf(arn, Date.now());
  const { Credentials } = await stsClient(server).send(new GetSessionTokenCommand({ SerialNumber, TokenCode }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  expect((await stsClient(server, session).send(new AssumeRoleCommand(asked))).AssumedRoleUser?.Arn).toContain(
    "assumed-role/Harbor-BreakGlass/dana",
  );
});

test("session names and durations that AWS refuses are refused as invalid", async () => {
  for (const wrong of [
    { RoleSessionName: "auth0|1" },
    { RoleSessionName: "x" },
    { RoleSessionName: "dana", DurationSeconds: 899 },
    { RoleSessionName: "dana", DurationSeconds: 43_201 },
  ])
    await expect(stsClient(server).send(new AssumeRoleCommand({ RoleArn: OPERATOR, ...wrong }))).rejects.toMatchObject({
      name: "ValidationError",
      $metadata: { httpStatusCode: 400 },
    });
});

test("a token of the trusted issuer, for our client, becomes the role without any key", async () => {
  const answer = await withToken(tokenOf());
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: "u-1",
    Audience: "causeway",
    Provider: `arn:aws:iam::111122223333:oidc-provider/${issuer.replace("http://", "")}`,
    AssumedRoleUser: { Arn: "arn:aws:sts::111122223333:assumed-role/Harbor-Operator/dana@harbor.example" },
  });
});

test.each<[string, () => string, string, string]>([
  [
    "another issuer",
    () => tokenOf({ iss: "https://evil.example" }),
    "InvalidIdentityTokenException",
    "No OpenIDConnect provider",
  ],
  [
    "another audience",
    () => tokenOf({ aud: "somebody-else" }),
    "InvalidIdentityTokenException",
    "Incorrect token audience",
  ],
  [
    "a key the issuer does not publish",
    () => tokenOf({}, { kid: "k2" }),
    "InvalidIdentityTokenException",
    "verification key",
  ],
  ["no signature algorithm", () => tokenOf({}, { alg: "none" }), "InvalidIdentityTokenException", "verification key"],
  ["a changed claim", () => swapped(tokenOf()), "InvalidIdentityTokenException", "could not be validated"],
  ["an access token", () => "opaque", "InvalidIdentityTokenException", "not a valid JWT"],
  ["a token that ran out", () => tokenOf({ exp: 1 }), "ExpiredTokenException", "Token expired"],
])("%s is refused, as AWS says it", async (_what, make, name, words) => {
  await expect(withToken(make())).rejects.toMatchObject({ name, message: expect.stringContaining(words) });
});

test("a role that does not trust the provider is denied", async () => {
  await expect(withToken(tokenOf(), BREAK_GLASS)).rejects.toMatchObject({
    name: "AccessDenied",
    message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
  });
});

/** The same signature over the claims of somebody else. */
function swapped(token: string): string {
  const [header, , signature] = token.split(".");
  const [, claims] = tokenOf({ sub: "u-2" }).split(".");
  return [header, claims, signature].join(".");
}
