import type { AwsCredentials, CallerIdentity } from "../aws-identity.ts";
import type { MfaProof } from "../mfa-proof.ts";
import { type Person, personOf } from "../person.ts";

export interface RoleToAssume {
  roleArn: string;
  /** The human, so that AWS's own log names her. */
  sessionName: string;
  externalId?: string;
  /** How long; absent: an hour, which every role allows. */
  seconds?: number;
}

/** What AWS gives for a proof. Implemented in aws/. @throws CatalogError ROLE_NOT_ASSUMABLE, MFA_CODE_REFUSED, … */
export interface RoleAssumer {
  withKeys(keys: AwsCredentials, role: RoleToAssume, mfa?: MfaProof): Promise<AwsCredentials>;
  withWebIdentity(idToken: string, role: RoleToAssume): Promise<AwsCredentials>;
}

/**
 * Who the caller is, when Causeway itself assumed the role: proven exactly if AWS says that the keys are of that role,
 * under that name, and we know that the name is hers (architecture §2). Pure.
 * @returns undefined when the keys are of something else
 */
export function personOfAssumedRole(caller: CallerIdentity, role: RoleToAssume, proven: boolean): Person | undefined {
  const person = personOf(caller);
  const [, , , , account, resource = ""] = role.roleArn.split(":");
  const roleName = resource.split("/").at(-1) ?? "";
  const isThatRole =
    person !== "root" &&
    caller.account === account &&
    caller.arn.endsWith(`:assumed-role/${roleName}/${role.sessionName}`) &&
    caller.userId.endsWith(`:${role.sessionName}`);
  return isThatRole ? { ...person, proven } : undefined;
}
