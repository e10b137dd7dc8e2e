import type { AwsCredentials, MfaProof } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { AwsClientFactory } from "./aws-clients.ts";
import { callAws } from "./aws-errors.ts";

/**
 * Exchanges an IAM user's long-term keys and MFA code for a session: the same person, for a limited time.
 * @param seconds 900 to 129,600 (STS API Reference, GetSessionToken)
 * @throws CatalogError MFA_CODE_REFUSED, ACCESS_KEYS_REFUSED, AWS_UNREACHABLE, …
 */
export async function getSessionToken(
  clients: AwsClientFactory,
  keys: AwsCredentials,
  { serial, code }: MfaProof,
  options: { region: string; seconds: number },
): Promise<AwsCredentials> {
  const sts = await clients.create({ credentials: async () => keys, region: options.region }).sts();
  const { GetSessionTokenCommand } = await import("@aws-sdk/client-sts");
  const command = new GetSessionTokenCommand({
    SerialNumber: serial,
    TokenCode: code,
    DurationSeconds: options.seconds,
  });
  const { Credentials: session } = await callAws("sts", "GetSessionToken", () => sts.send(command)).catch(
    (error: unknown) => {
      const isCode = error instanceof CatalogError && /MultiFactorAuthentication/.test(error.aws?.message ?? "");
      throw isCode ? new CatalogError("MFA_CODE_REFUSED", { cause: error }) : error;
    },
  );
  if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken)
    throw new CatalogError("AWS_FAILED", { detail: "GetSessionToken answered without keys" });
  return {
    accessKeyId: session.AccessKeyId,
    secretAccessKey: session.SecretAccessKey,
    sessionToken: session.SessionToken,
    ...(session.Expiration ? { expiresAtMs: session.Expiration.getTime() } : {}),
  };
}
