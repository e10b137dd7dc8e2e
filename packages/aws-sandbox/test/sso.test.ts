// Identity Center as the SDK's own clients see it, given nothing but the endpoint and a region.
import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  paginateListAccounts,
  SSOClient,
} from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFaultPlan } from "../src/faults/read-fault-plan.ts";
import { findSsoPerson, type SsoPerson } from "../src/sso/directory.ts";
import { DEVICE_GRANT } from "../src/sso/oidc-operations.ts";
import { type ApiServer, send, startApiServer, stsClient } from "./api-server.ts";

let server: ApiServer;
let oidc: SSOOIDCClient;
let portal: SSOClient;
beforeEach(async () => {
  server = await startApiServer();
  const settings = { endpoint: server.endpoint, region: "eu-west-1", maxAttempts: 1 };
  oidc = new SSOOIDCClient(settings);
  portal = new SSOClient(settings);
});
afterEach(() => server.close());

const DANA = findSsoPerson("dana") as SsoPerson;

async function register(scopes = ["sso:account:access"]) {
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: "test", clientType: "public", scopes }),
  );
  return { clientId: clientId ?? "", clientSecret: clientSecret ?? "" };
}
async function begin(client: { clientId: string; clientSecret: string }) {
  const started = await oidc.send(
    new StartDeviceAuthorizationCommand({ ...client, startUrl: `${server.endpoint}/start` }),
  );
  return { ...started, deviceCode: started.deviceCode ?? "", userCode: started.userCode ?? "" };
}
/** Polls as if the interval had passed. */
function poll(client: { clientId: string; clientSecret: string }, deviceCode: string) {
  for (const code of server.grants.pending(0)) code.polledAtMs = 0;
  return oidc.send(new CreateTokenCommand({ ...client, grantType: DEVICE_GRANT, deviceCode }));
}
async function signedIn(scopes?: string[]) {
  server.grants.lifetimes.intervalSeconds = 0;
  const client = await register(scopes);
  const { deviceCode, userCode } = await begin(client);
  server.grants.decide(userCode, DANA, Date.now());
  return { client, ...(await poll(client, deviceCode)) };
}

test("a code can be read aloud, and its page is on this sandbox", async () => {
  const started = await begin(await register());
  expect(started).toMatchObject({
    userCode: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
    verificationUri: `${server.endpoint}/_sandbox/portal/device`,
    verificationUriComplete: `${server.endpoint}/_sandbox/portal/device?user_code=${started.userCode}`,
    expiresIn: 600,
    interval: 1,
  });
});

test("polling says pending, then denied, with the names and words of AWS", async () => {
  server.grants.lifetimes.intervalSeconds = 0;
  const client = await register();
  const { deviceCode, userCode } = await begin(client);
  await expect(poll(client, deviceCode)).rejects.toMatchObject({
    name: "AuthorizationPendingException",
    error: "authorization_pending",
  });
  server.grants.decide(userCode, "deny", Date.now());
  await expect(poll(client, deviceCode)).rejects.toMatchObject({
    name: "AccessDeniedException",
    error: "access_denied",
  });
});

test("polling faster than the interval is told to slow down, and the interval grows by five seconds", async () => {
  const client = await register();
  const { deviceCode } = await begin(client);
  const again = () => oidc.send(new CreateTokenCommand({ ...client, grantType: DEVICE_GRANT, deviceCode }));
  await expect(again()).rejects.toMatchObject({ name: "SlowDownException", error: "slow_down" });
  expect(server.grants.pending(Date.now())[0]?.intervalMs).toBe(6_000);
});

test("a code that ran out says so, and one of another client is no grant", async () => {
  const client = await register();
  server.grants.lifetimes.codeSeconds = 0;
  const { deviceCode } = await begin(client);
  await expect(poll(client, deviceCode)).rejects.toMatchObject({ name: "ExpiredTokenException" });
  await expect(poll(await register(), deviceCode)).rejects.toMatchObject({ name: "InvalidGrantException" });
});

test("an unknown client and another organisation's start URL are refused", async () => {
  const client = await register();
  await expect(begin({ ...client, clientSecret: "guessed" })).rejects.toMatchObject({ name: "InvalidClientException" });
  await expect(
    oidc.send(new StartDeviceAuthorizationCommand({ ...client, startUrl: "https://d-1234567890.awsapps.com/start" })),
  ).rejects.toMatchObject({ name: "InvalidRequestException" });
});

test("an approved code gives tokens once, and a refresh token gives the next ones once", async () => {
  const { client, accessToken, refreshToken, expiresIn } = await signedIn();
  expect({ expiresIn, accessToken }).toEqual({ expiresIn: 3_600, accessToken: expect.any(String) });
  const refresh = () =>
    oidc.send(new CreateTokenCommand({ ...client, grantType: "refresh_token", refreshToken: refreshToken ?? "" }));
  expect((await refresh()).accessToken).not.toBe(accessToken);
  await expect(refresh()).rejects.toMatchObject({ name: "InvalidGrantException" });
});

test("a client that did not ask for the scope gets no refresh token", async () => {
  expect((await signedIn([])).refreshToken).toBeUndefined();
});

test("accounts come in pages, and roles are those of the person", async () => {
  const { accessToken } = await signedIn();
  const names: (string | undefined)[] = [];
  for await (const page of paginateListAccounts({ client: portal, pageSize: 3 }, { accessToken }))
    names.push(...(page.accountList ?? []).map(({ accountName }) => accountName));
  expect(names.toSorted()).toEqual([
    "harbor-data",
    "harbor-dev",
    "harbor-log-archive",
    "harbor-network",
    "harbor-prod",
    "harbor-staging",
    "harbor-stores",
  ]);
  const { roleList } = await portal.send(new ListAccountRolesCommand({ accessToken, accountId: "111122223333" }));
  expect(roleList?.map(({ roleName }) => roleName)).toEqual(["Admin-BreakGlass", "ReadOnly", "SRE-Operator"]);
});

test("keys of a role belong to the role session that Identity Center makes, and end when it says", async () => {
  const { accessToken } = await signedIn();
  const { roleCredentials } = await portal.send(
    new GetRoleCredentialsCommand({ accessToken, accountId: "111122223333", roleName: "SRE-Operator" }),
  );
  expect((roleCredentials?.expiration ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
  const { accessKeyId = "", secretAccessKey = "", sessionToken = "" } = roleCredentials ?? {};
  const caller = await stsClient(server, { accessKeyId, secretAccessKey, sessionToken }).send(
    new GetCallerIdentityCommand({}),
  );
  expect(caller.Arn).toMatch(
    /^arn:aws:sts::111122223333:assumed-role\/AWSReservedSSO_SRE-Operator_[0-9a-f]{16}\/dana@harbor\.example$/,
  );
  expect(caller.UserId).toMatch(/^AROA[0-9A-F]{17}:dana@harbor\.example$/);
});

test("a role that is not hers is no access, and a token after sign-out is nobody's", async () => {
  const { accessToken } = await signedIn();
  await expect(
    portal.send(new GetRoleCredentialsCommand({ accessToken, accountId: "111122223333", roleName: "App-Support" })),
  ).rejects.toMatchObject({ name: "ForbiddenException", $metadata: { httpStatusCode: 403 } });
  await portal.send(new LogoutCommand({ accessToken }));
  await expect(portal.send(new ListAccountsCommand({ accessToken }))).rejects.toMatchObject({
    name: "UnauthorizedException",
    $metadata: { httpStatusCode: 401 },
  });
});

test("a plan can throttle the portal for one person, in its own words", async () => {
  const { accessToken } = await signedIn();
  server.faults.setPlan(
    readFaultPlan(
      { api: [{ operation: "ListAccounts", person: "dana", effect: { kind: "error", code: "ThrottlingException" } }] },
      { operations: ["ListAccounts"], instances: [], people: ["dana"] },
    ),
  );
  await expect(portal.send(new ListAccountsCommand({ accessToken }))).rejects.toMatchObject({
    name: "TooManyRequestsException",
    $metadata: { httpStatusCode: 429 },
  });
});

test("calls beyond the portal's rate are too many requests, of each person apart", async () => {
  server.faults.setPlan(
    readFaultPlan(
      { rates: [{ operation: "ListAccounts", perSecond: 0.01 }] },
      { operations: ["ListAccounts"], instances: [], people: [] },
    ),
  );
  const { accessToken } = await signedIn();
  expect((await portal.send(new ListAccountsCommand({ accessToken }))).accountList).toHaveLength(7);
  await expect(portal.send(new ListAccountsCommand({ accessToken }))).rejects.toMatchObject({
    name: "TooManyRequestsException",
    $metadata: { httpStatusCode: 429 },
  });
  await portal.send(new ListAccountRolesCommand({ accessToken, accountId: "111122223333" }));
});

test("a body that is no JSON is an invalid request, not a bug of ours", async () => {
  const reply = await send(server.port, { path: "/token", body: "grantType=x" });
  expect([reply.status, JSON.parse(reply.body).error, server.bugs]).toEqual([400, "invalid_request", []]);
});
