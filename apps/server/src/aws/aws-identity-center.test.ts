import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IdentityCenter } from "../identity/index.ts";
import { awsIdentityCenter } from "./aws-identity-center.ts";
import { AwsEndpoint, ssoError } from "./testing/aws-endpoint.ts";

const CLIENT = { clientId: "client", clientSecret: "secret", expiresAtMs: 9e15 };
const PLACE = { startUrl: "https://d-1.awsapps.com/start", region: "eu-west-1" };

let aws: AwsEndpoint;
let center: IdentityCenter;
beforeEach(async () => {
  aws = await AwsEndpoint.start();
  center = awsIdentityCenter(aws.factory, () => 1_000);
});
afterEach(() => aws.close());

/** The catalog's code that a call is refused with. */
const refusal = (call: Promise<unknown>): Promise<ErrorCode | "none"> =>
  call.then(
    () => "none" as const,
    (error: { code: ErrorCode }) => error.code,
  );
const calls: Record<string, () => Promise<unknown>> = {
  StartDeviceAuthorization: () => center.startCode(PLACE, CLIENT),
  CreateToken: () => center.poll("eu-west-1", CLIENT, "device-code"),
  ListAccounts: () => center.accounts("eu-west-1", "token", undefined),
  ListAccountRoles: () => center.roles("eu-west-1", "token", "111122223333", undefined),
  GetRoleCredentials: () => center.roleCredentials("eu-west-1", "token", "111122223333", "SRE-Operator"),
};
const call = (operation: string) => calls[operation]?.() ?? Promise.reject(new Error(operation));

test.each([
  ["AuthorizationPendingException", "pending"],
  ["SlowDownException", "slow-down"],
  ["ExpiredTokenException", "expired"],
  ["AccessDeniedException", "denied"],
  ["InvalidGrantException", "expired"],
] as const)("a poll that AWS answers with %s means: %s", async (code, kind) => {
  aws.operations.CreateToken = () => ssoError(code);
  expect(await center.poll("eu-west-1", CLIENT, "device-code")).toEqual({ kind });
  expect(aws.calls).toHaveLength(1); // asked once: each try is a poll
});

test("an approved code gives tokens, whose end is told by our clock", async () => {
  aws.operations.CreateToken = () => ({ body: { accessToken: "access", refreshToken: "refresh", expiresIn: 60 } });
  expect(await center.poll("eu-west-1", CLIENT, "device-code")).toEqual({
    kind: "approved",
    tokens: { accessToken: "access", refreshToken: "refresh", expiresAtMs: 61_000 },
  });
});

test.each([
  [
    "StartDeviceAuthorization",
    "a start URL that AWS does not know",
    ssoError("InvalidRequestException"),
    "START_URL_REFUSED",
  ],
  ["StartDeviceAuthorization", "a client that ran out", ssoError("InvalidClientException", 401), "SSO_CLIENT_UNKNOWN"],
  ["ListAccounts", "a token that AWS ended", ssoError("UnauthorizedException", 401), "IDENTITY_CENTER_SIGN_IN_ENDED"],
  [
    "GetRoleCredentials",
    "a token that AWS ended",
    ssoError("UnauthorizedException", 401),
    "IDENTITY_CENTER_SIGN_IN_ENDED",
  ],
  ["ListAccountRoles", "an account without her", ssoError("ResourceNotFoundException", 404), "ROLE_NOT_ASSIGNED"],
  ["GetRoleCredentials", "a role that is not hers", ssoError("ForbiddenException", 403), "ROLE_NOT_ASSIGNED"],
] as const)("%s: %s says so in our words", async (operation, _what, answer, code) => {
  aws.operations[operation] = () => answer;
  expect(await refusal(call(operation))).toBe(code);
});

test.each(Object.keys(calls))("%s: a portal that throttles, fails or is away is told apart", async (operation) => {
  aws.operations[operation] = () => ssoError("TooManyRequestsException", 429);
  expect(await refusal(call(operation))).toBe("AWS_THROTTLED");
  aws.operations[operation] = () => ssoError("InternalServerException", 500);
  expect(await refusal(call(operation))).toBe("AWS_FAILED");
  aws.operations[operation] = () => ({ status: 503, body: "<html>Service Unavailable</html>" });
  expect(await refusal(call(operation))).toBe("AWS_FAILED");
  await aws.close();
  expect(await refusal(call(operation))).toBe("AWS_UNREACHABLE");
});

test("an answer without what it is for, or with an address that is no page, gets to nobody", async () => {
  aws.operations.GetRoleCredentials = () => ({ body: { roleCredentials: { accessKeyId: "ASIA1" } } });
  expect(await refusal(call("GetRoleCredentials"))).toBe("AWS_FAILED");
  const code = { deviceCode: "d", userCode: "ABCD-EFGH", expiresIn: 600, interval: 1 };
  aws.operations.StartDeviceAuthorization = () => ({
    body: { ...code, verificationUri: "javascript:alert(1)", verificationUriComplete: "https://device.example/" },
  });
  expect(await refusal(call("StartDeviceAuthorization"))).toBe("AWS_FAILED");
});
