// AWS Security Token Service, API version 2011-06-15.
import { AwsError } from "../http/aws-error.ts";
import type { Call, QueryOperations, UnsignedQueryOperations } from "../http/operation.ts";
import type { QueryInput } from "../http/query-input.ts";
import { type AssumeRoleDeps, assumeRole, assumeRoleWithWebIdentity } from "./assume-role.ts";

export const STS_VERSION = "2011-06-15";
export const STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** Source: STS API Reference, GetSessionToken. */
const SESSION_SECONDS = { min: 900, usual: 43_200, max: 129_600 } as const;

export function stsOperations(deps: AssumeRoleDeps): QueryOperations {
  return {
    // No policy can take this one away (aws-facts.md §2): it asks nobody.
    GetCallerIdentity: (_input, { caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
    // Nor this one: it gives nothing that the user does not have.
    GetSessionToken: (input, call) => getSessionToken(deps, input, call),
    // The trust policies of the roles name users, so that no policy of theirs is asked.
    AssumeRole: (input, call) => assumeRole(deps, input, call),
  };
}

/** The token proves who calls. */
export function unsignedStsOperations(deps: AssumeRoleDeps): UnsignedQueryOperations {
  return { AssumeRoleWithWebIdentity: (input, call) => assumeRoleWithWebIdentity(deps, input, call) };
}

function getSessionToken({ credentials, mfaDevices }: AssumeRoleDeps, input: QueryInput, { caller, nowMs }: Call) {
  if (caller.kind !== "user" || caller.isTemporary)
    throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
  const seconds = input.integer("DurationSeconds") ?? SESSION_SECONDS.usual;
  if (seconds < SESSION_SECONDS.min || seconds > SESSION_SECONDS.max)
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between ${SESSION_SECONDS.min} and ${SESSION_SECONDS.max}`,
    );
  const serial = input.text("SerialNumber");
  const code = input.text("TokenCode");
  const asksForMfa = serial !== undefined || code !== undefined;
  if (asksForMfa && !mfaDevices.redeem(caller.arn, serial ?? "", code ?? "", nowMs))
    throw new AwsError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403);
  const owner = { ...caller, isTemporary: true, mfa: asksForMfa };
  const key = credentials.createKey(owner, nowMs + seconds * 1_000);
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: key.expiresAt,
    },
  };
}
