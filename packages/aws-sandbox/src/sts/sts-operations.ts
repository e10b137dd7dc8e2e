// AWS Security Token Service, API version 2011-06-15.
import type { QueryOperations } from "../http/operation.ts";

export const STS_VERSION = "2011-06-15";
export const STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

export function stsOperations(): QueryOperations {
  return {
    // No policy can take this one away (aws-facts.md §2): it asks nobody.
    GetCallerIdentity: (_input, { caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
  };
}
