import type { AwsCredentials, RoleAssumer, RoleToAssume } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { AwsClientFactory } from "./aws-clients.ts";
import { callAws } from "./aws-errors.ts";

/** Codes of STS that say: not with this token (STS API Reference, AssumeRoleWithWebIdentity). */
const TOKEN_REFUSED: ReadonlySet<string> = new Set([
  "InvalidIdentityToken",
  "InvalidIdentityTokenException",
  "ExpiredTokenException",
  "IDPRejectedClaim",
  "IDPRejectedClaimException",
]);

interface StsCredentials {
  AccessKeyId?: string | undefined;
  SecretAccessKey?: string | undefined;
  SessionToken?: string | undefined;
  Expiration?: Date | undefined;
}

/**
 * Keys of a role, for as long as STS gives them when nothing is said: an hour, which every role allows.
 * @param region any that the server may use: STS is global
 */
export function awsRoleAssumer(clients: AwsClientFactory, region: string): RoleAssumer {
  return {
    async withKeys(keys, role, mfa) {
      const sts = await clients.create({ credentials: async () => keys, region }).sts();
      const { AssumeRoleCommand } = await import("@aws-sdk/client-sts");
      const command = new AssumeRoleCommand({
        ...namesOf(role),
        ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
        ...(role.seconds === undefined ? {} : { DurationSeconds: role.seconds }),
        ...(mfa && { SerialNumber: mfa.serial, TokenCode: mfa.code }),
      });
      const { Credentials } = await callAws("sts", "AssumeRole", () => sts.send(command)).catch(notAssumable);
      return credentialsOf("AssumeRole", Credentials);
    },
    async withWebIdentity(idToken, role) {
      const sts = await clients.createUnsigned(region).sts();
      const { AssumeRoleWithWebIdentityCommand } = await import("@aws-sdk/client-sts");
      const command = new AssumeRoleWithWebIdentityCommand({ ...namesOf(role), WebIdentityToken: idToken });
      const name = "AssumeRoleWithWebIdentity";
      const { Credentials } = await callAws("sts", name, () => sts.send(command)).catch(notAssumable);
      return credentialsOf(name, Credentials);
    },
  };
}

function namesOf({ roleArn, sessionName }: RoleToAssume) {
  return { RoleArn: roleArn, RoleSessionName: sessionName };
}

function notAssumable(error: unknown): never {
  if (!(error instanceof CatalogError) || error.aws === undefined) throw error;
  const { code, message } = error.aws;
  const kept = { cause: error, aws: error.aws };
  if (/MultiFactorAuthentication failed/.test(message)) throw new CatalogError("MFA_CODE_REFUSED", kept);
  if (error.code === "AWS_ACCESS_DENIED" || code === "AccessDenied" || code === "ValidationError")
    throw new CatalogError("ROLE_NOT_ASSUMABLE", kept);
  if (TOKEN_REFUSED.has(code)) throw new CatalogError("ROLE_NOT_ASSUMABLE", kept);
  throw error;
}

function credentialsOf(operation: string, session: StsCredentials | undefined): AwsCredentials {
  if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken)
    throw new CatalogError("AWS_FAILED", { detail: `${operation} answered without keys` });
  return {
    accessKeyId: session.AccessKeyId,
    secretAccessKey: session.SecretAccessKey,
    sessionToken: session.SessionToken,
    ...(session.Expiration ? { expiresAtMs: session.Expiration.getTime() } : {}),
  };
}
