import { CatalogError } from "../platform/catalog-error.ts";

/** Errors that say the same of both services, and that a person can act on. */
const GENERAL: ReadonlySet<string> = new Set([
  "CREDENTIALS_EXPIRED",
  "SIGN_IN_REQUIRED",
  "CLOCK_SKEWED",
  "AWS_UNREACHABLE",
]);

/** Of two failures the one a person can act on: an ended login, a wrong clock, no network; else what SSM said. */
export function moreTelling(ec2: CatalogError | undefined, ssm: CatalogError | undefined): CatalogError {
  if (ec2 !== undefined && (ssm === undefined || (GENERAL.has(ec2.code) && !GENERAL.has(ssm.code)))) return ec2;
  return ssm ?? new CatalogError("AWS_FAILED");
}
