import type { CallerIdentity } from "./aws-identity.ts";

/** A person as AWS names her (architecture §2): (account, UserId), and whether the name is proven. */
export interface Person {
  account: string;
  userId: string;
  arn: string;
  name: string;
  role: string;
  proven: boolean;
}

/**
 * Who the caller is. Only an IAM user is proven by pasted keys: the session name of an assumed role is chosen by
 * whoever assumed it, also where the ARN looks like Identity Center's, because a role of that name can be assumed
 * with a session name of one's choice by whom its trust policy lets in.
 *
 * @returns "root" for the account's root user, whose keys are refused
 */
export function personOf(caller: CallerIdentity): Person | "root" {
  const resource = caller.arn.split(":").slice(5).join(":");
  if (resource === "root" || caller.userId === caller.account) return "root";
  const [kind = "", ...path] = resource.split("/");
  const last = path.at(-1) ?? "";
  const person = { account: caller.account, userId: caller.userId, arn: caller.arn };
  if (kind === "user" && caller.userId.startsWith("AIDA"))
    return { ...person, name: last, role: "IAM user", proven: true };
  if (kind === "assumed-role") return { ...person, name: last, role: path[0] ?? "", proven: false };
  if (kind === "federated-user") return { ...person, name: last, role: "Federated user", proven: false };
  return { ...person, name: last || caller.userId, role: kind || "unknown", proven: false };
}

/** What owns sessions: the person from any login when proven, otherwise only this login. */
export function ownerKeyOf(person: Person, loginId: string): string {
  const key = `${person.account}/${person.userId}`;
  return person.proven ? key : `${key}/login/${loginId}`;
}

/** The person, whichever login or proof she comes with. */
export function personKeyOf({ account, userId }: Pick<Person, "account" | "userId">): string {
  return `${account}/${userId}`;
}
