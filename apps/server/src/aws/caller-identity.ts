import type { AwsCredentials, CallerIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { AwsClientFactory } from "./aws-clients.ts";
import { callAws } from "./aws-errors.ts";

/**
 * Who AWS says these credentials are. No policy can deny this call, so a refusal means the keys are wrong.
 * @throws CatalogError ACCESS_KEYS_REFUSED, CREDENTIALS_EXPIRED, CLOCK_SKEWED, AWS_UNREACHABLE, …
 */
export async function getCallerIdentity(
  clients: AwsClientFactory,
  credentials: AwsCredentials,
  region: string,
): Promise<CallerIdentity> {
  const sts = await clients.create({ credentials: async () => credentials, region }).sts();
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const answer = await callAws("sts", "GetCallerIdentity", () => sts.send(new GetCallerIdentityCommand({})));
  if (!answer.Account || !answer.UserId || !answer.Arn)
    throw new CatalogError("AWS_FAILED", { detail: "GetCallerIdentity answered without account, user id or ARN" });
  return { account: answer.Account, userId: answer.UserId, arn: answer.Arn };
}
