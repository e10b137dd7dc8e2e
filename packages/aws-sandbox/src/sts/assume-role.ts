// AssumeRole and AssumeRoleWithWebIdentity: whom a role's trust policy lets in, and the session they get.
// Source: STS API Reference, both calls; IAM User Guide, "Roles terms and concepts" (role chaining).
import { AwsError } from "../http/aws-error.ts";
import type { Call, UnsignedCall } from "../http/operation.ts";
import type { QueryInput } from "../http/query-input.ts";
import type { AccessKey, CredentialStore } from "../iam/credential-store.ts";
import type { MfaDevices } from "../iam/mfa-devices.ts";
import { findRole, roleSession, type SandboxRole } from "./roles.ts";
import { type OidcProvider, verifyWebIdentityToken } from "./web-identity.ts";

const SECONDS = { min: 900, usual: 3_600, max: 43_200 } as const;
/** Whoever is a role already gets another one for so long at most, in seconds. */
const CHAINED_SECONDS_MAX = 3_600;
const SESSION_NAME = /^[\w+=,.@-]*$/;
const ROLE_ARN = /^arn:[a-z-]+:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/;

export interface AssumeRoleDeps {
  credentials: CredentialStore;
  mfaDevices: MfaDevices;
  /** The account whose roles these are. */
  account: string;
  /** What the account's IAM trusts; undefined: no provider was made. */
  oidcProvider: OidcProvider | undefined;
}

export function assumeRole(deps: AssumeRoleDeps, input: QueryInput, { caller, nowMs }: Call) {
  const { arn, sessionName } = askedRole(input);
  const role = findRole(arn, deps.account);
  const isTrusted =
    role !== undefined &&
    caller.kind === "user" &&
    caller.account === deps.account &&
    role.users.includes(caller.sessionName);
  const serial = input.text("SerialNumber");
  const code = input.text("TokenCode");
  const asksForMfa = serial !== undefined || code !== undefined;
  if (asksForMfa && !deps.mfaDevices.redeem(caller.arn, serial ?? "", code ?? "", nowMs))
    throw new AwsError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403);
  const mfa = asksForMfa || caller.mfa === true;
  // AWS does not say whether the role exists.
  if (!isTrusted || (role.asksForMfa === true && !mfa))
    throw new AwsError(
      "AccessDenied",
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      403,
    );
  const seconds = sessionSeconds(input, role);
  if (caller.kind !== "user" && seconds > CHAINED_SECONDS_MAX)
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  const session = roleSession(role, deps.account, sessionName, mfa);
  return sessionAnswer(deps.credentials.createKey(session, nowMs + seconds * 1_000), session);
}

export async function assumeRoleWithWebIdentity(deps: AssumeRoleDeps, input: QueryInput, { nowMs }: UnsignedCall) {
  const { arn, sessionName } = askedRole(input);
  const token = await verifyWebIdentityToken(input.text("WebIdentityToken") ?? "", deps.oidcProvider, nowMs);
  const role = findRole(arn, deps.account);
  if (role?.webIdentity !== true)
    throw new AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);
  const session = roleSession(role, deps.account, sessionName, false);
  const key = deps.credentials.createKey(session, nowMs + sessionSeconds(input, role) * 1_000);
  return {
    ...sessionAnswer(key, session),
    SubjectFromWebIdentityToken: token.subject,
    Audience: token.audience,
    Provider: `arn:aws:iam::${deps.account}:oidc-provider/${token.issuer.replace(/^https?:\/\//, "")}`,
  };
}

function askedRole(input: QueryInput): { arn: string; sessionName: string } {
  const arn = input.text("RoleArn") ?? "";
  const sessionName = input.text("RoleSessionName") ?? "";
  if (!SESSION_NAME.test(sessionName)) throw invalid(sessionName, "roleSessionName", `pattern: [\\w+=,.@-]*`);
  if (sessionName.length < 2 || sessionName.length > 64)
    throw invalid(sessionName, "roleSessionName", "length between 2 and 64");
  if (!ROLE_ARN.test(arn)) throw new AwsError("ValidationError", `${arn.slice(0, 128)} is invalid`);
  return { arn, sessionName };
}

function sessionSeconds(input: QueryInput, role: SandboxRole): number {
  const seconds = input.integer("DurationSeconds") ?? SECONDS.usual;
  if (seconds < SECONDS.min || seconds > SECONDS.max)
    throw invalid(String(seconds), "durationSeconds", `value between ${SECONDS.min} and ${SECONDS.max}`);
  if (seconds > role.sessionSecondsMax)
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  return seconds;
}

function invalid(value: string, member: string, constraint: string): AwsError {
  return new AwsError(
    "ValidationError",
    `1 validation error detected: Value '${value.slice(0, 128)}' at '${member}' failed to satisfy constraint: Member must satisfy ${constraint}`,
  );
}

function sessionAnswer(key: AccessKey, session: { userId: string; arn: string }) {
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: key.expiresAt,
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}
