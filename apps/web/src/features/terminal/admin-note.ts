/** A failure as text for whoever can mend it: a ticket or a chat, with everything that is needed there and nothing secret. Pure. */
import { ERROR_CATALOG, type ErrorCatalogEntry, isErrorCode } from "@causeway/wire-contract/error-catalog";

export interface AdminNote {
  /** Code of the error catalog. */
  code: string | undefined;
  /** What happened, why, and what to do, as the page says it. */
  title: string;
  why: string;
  instance: { name: string; id: string; region: string };
  /** Role or user, and account. */
  askedBy: string;
  /** AWS's id of the session, where it began. */
  awsSessionId?: string | undefined;
  /** What AWS or the agent said, codes and request ids. */
  said?: string | undefined;
  /** A statement that fits better than the catalog's. */
  policy?: string | undefined;
}

/** Somebody else has to act: an admin of the account. Without a code of the catalog nobody knows. */
export function isForAdmin(code: string | undefined): boolean {
  return entryOf(code)?.actor === "aws-account-admin";
}

/** Plain text, lines of a name and what it is; statements and commands last, each on lines of its own. */
export function adminNote(note: AdminNote): string {
  const { code, title, why, instance, askedBy, awsSessionId, said } = note;
  const entry = entryOf(code);
  const policy = note.policy ?? entry?.policy;
  const lines = [
    title,
    why,
    `Instance: ${instance.name} (${instance.id}) in ${instance.region}`,
    `Asked by: ${askedBy}`,
    awsSessionId && `Session: ${awsSessionId}`,
    said && `Said: ${said}`,
    code && `Code: ${code}`,
    policy && `Policy statement:\n${policy}`,
    entry?.commands && `Commands for the instance:\n${entry.commands}`,
  ];
  return lines.filter(Boolean).join("\n");
}

/** A role is what policies hang on; a user of IAM has none, and is named. */
export function whoOf({ name, role }: { name: string; role: string }): string {
  return role === "IAM user" ? `${name} (IAM user)` : role;
}

function entryOf(code: string | undefined): ErrorCatalogEntry | undefined {
  return isErrorCode(code) ? ERROR_CATALOG[code] : undefined;
}
