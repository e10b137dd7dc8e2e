import { AwsError } from "../http/aws-error.ts";
import type { QueryInput } from "../http/query-input.ts";

/** Call it once the caller is authorized: with DryRun the answer is an error that says so. */
export function refuseDryRun(input: QueryInput): void {
  if (input.flag("DryRun"))
    throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
}
