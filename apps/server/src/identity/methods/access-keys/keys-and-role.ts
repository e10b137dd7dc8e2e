import type { AccessKeysRequest } from "@causeway/wire-contract/identity";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { AwsCredentials, CallerIdentity } from "../../aws-identity.ts";
import type { MfaProof } from "../../mfa-proof.ts";
import { type Person, personKeyOf, personOf } from "../../person.ts";
import type { CredentialRenewer, SignedIn } from "../../signed-in-identity.ts";
import { personOfAssumedRole, type RoleAssumer, type RoleToAssume } from "../role-assumer.ts";

/** STS takes no longer RoleSessionName (STS API Reference, AssumeRole). */
const SESSION_NAME_CHARACTERS_MAX = 64;

export interface KeysDeps {
  roles: RoleAssumer;
  clock: Clock;
  /** @throws CatalogError */
  callerIdentity(credentials: AwsCredentials): Promise<CallerIdentity>;
  /** Exchanges keys and an MFA code for a session. @throws CatalogError MFA_CODE_REFUSED, … */
  sessionToken(keys: AwsCredentials, mfa: MfaProof): Promise<AwsCredentials>;
  /** @throws CatalogError PERSON_DISABLED */
  refuseDisabled(person: Person): Promise<void>;
}

/**
 * Typed keys: as they stand, or exchanged for a session with an MFA code, or for a role. With a code the typed keys are
 * forgotten with this call.
 * @throws CatalogError ACCESS_KEYS_REFUSED, ROOT_KEYS_REFUSED, MFA_CODE_REFUSED, ROLE_NOT_ASSUMABLE, PERSON_DISABLED, …
 */
export async function signedInWithKeys(deps: KeysDeps, request: AccessKeysRequest): Promise<SignedIn> {
  const { accessKeyId, secretAccessKey, sessionToken, mfa, roleArn } = request;
  const given = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const person = personOf(await deps.callerIdentity(given));
  if (person === "root") throw new CatalogError("ROOT_KEYS_REFUSED");
  const base =
    mfa === undefined
      ? given
      : await deps.sessionToken(given, {
          ...{ code: mfa.code, serial: mfa.serial ?? mfaSerialOf(person) },
          ...(mfa.hours === undefined ? {} : { hours: mfa.hours }),
        });
  if (roleArn === undefined) return { person, credentials: base, method: "access-keys" };
  // Whoever is kept out as a user does not come back as a role.
  await deps.refuseDisabled(person);
  const { sessionName, proven } = sessionNameOf(person);
  const role = { roleArn, sessionName };
  const credentials = await deps.roles.withKeys(base, role);
  const assumed = personOfAssumedRole(await deps.callerIdentity(credentials), role, proven);
  if (assumed === undefined) throw new CatalogError("AWS_FAILED", { detail: "AssumeRole gave keys of something else" });
  const renewal = { kind: "access-keys", base: { ...base }, ...role } as const;
  // The user she is without the role.
  const subject = personKeyOf(person);
  return { person: assumed, credentials, method: "access-keys", renewal, subject };
}

/**
 * What AWS's log calls her. A user's name with her account is nobody else's, so that her name is as proven behind the
 * role as before it; a name that somebody chose stays unverified. Pure.
 */
export function sessionNameOf(person: Person): { sessionName: string; proven: boolean } {
  const full = `${person.name}@${person.account}`;
  if (person.proven && full.length <= SESSION_NAME_CHARACTERS_MAX) return { sessionName: full, proven: true };
  const name = person.name.replace(/[^\w+=,.@-]/g, "-").slice(0, SESSION_NAME_CHARACTERS_MAX);
  return { sessionName: name.length < 2 ? `${name}--` : name, proven: false };
}

/** The role anew, as long as the keys or the session live that it was assumed with. */
export function keysRenewer(roles: RoleAssumer, clock: Clock): CredentialRenewer {
  return {
    async renew(material) {
      const base = material.base as unknown as AwsCredentials | undefined;
      const { roleArn, sessionName } = material as unknown as RoleToAssume;
      if (base === undefined || (base.expiresAtMs !== undefined && base.expiresAtMs <= clock.nowMs()))
        throw new CatalogError("SIGN_IN_REQUIRED");
      try {
        return { credentials: await roles.withKeys(base, { roleArn, sessionName }), renewal: material };
      } catch (error) {
        throw error instanceof CatalogError && OVER.has(error.code)
          ? new CatalogError("SIGN_IN_REQUIRED", { cause: error })
          : error;
      }
    },
  };
}

/** Refusals that another try does not change. */
const OVER: ReadonlySet<string> = new Set(["ACCESS_KEYS_REFUSED", "CREDENTIALS_EXPIRED", "ROLE_NOT_ASSUMABLE"]);

/** A virtual device has the name of its user, unless somebody chose another. */
function mfaSerialOf({ arn, account, name }: Person): string {
  return `${arn.split(":").slice(0, 3).join(":")}::${account}:mfa/${name}`;
}
