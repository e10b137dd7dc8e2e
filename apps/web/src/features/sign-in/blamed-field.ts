import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { ApiProblem } from "../../lib/api-client.ts";

/** What a form may ask for. */
export type BlamedField = "mfaCode" | "roleArn" | "startUrl";

const FIELDS: ReadonlyMap<string, BlamedField> = new Map<ErrorCode, BlamedField>([
  ["MFA_CODE_REFUSED", "mfaCode"],
  ["PROFILE_NEEDS_MFA", "mfaCode"],
  ["ROLE_NOT_ASSUMABLE", "roleArn"],
  ["START_URL_NOT_ALLOWED", "startUrl"],
  ["START_URL_REFUSED", "startUrl"],
]);

/** The field that a refusal is about; undefined: none in particular. Pure. */
export function blamedField(failure: unknown): BlamedField | undefined {
  return failure instanceof ApiProblem ? FIELDS.get(failure.problem.code) : undefined;
}
