import type { AwsCredentials, AwsIdentity } from "./aws-identity.ts";

/** Who owns a session, as the session remembers it. */
export interface SessionOwner {
  /** The login that began it. */
  loginId: string;
  ownerKey: string;
  account: string;
}

/**
 * A person who is signed in nowhere: nothing acts for her sessions until she is.
 * @param credentials looked up anew each time, so that her next sign-in counts
 */
export function absentPerson(owner: SessionOwner, credentials: () => Promise<AwsCredentials>): AwsIdentity {
  const { account, loginId, ownerKey } = owner;
  const userId = ownerKey.slice(account.length + 1).split("/login/")[0] ?? "";
  const name = userId.split(":").at(-1) ?? "";
  const nobody = { identityId: "", method: "access-keys", arn: "", role: "", proven: false } as const;
  return { ...nobody, loginId, ownerKey, account, userId, name, credentials };
}
