/** Who ended a session and why, and what is at hand for whoever can mend it (DESIGN §8, §9). Pure. */
import { ERROR_CATALOG, type ErrorCatalogEntry, isErrorCode } from "@causeway/wire-contract/error-catalog";
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import { exactSpan, type Words } from "./status-words.ts";

/** The end of a session without a limit; one at a limit has its words in `time-words.ts`. */
export function endWords(end: SessionEnd, startedAtMs: number | undefined, instanceName: string): Words {
  const entry = entryOf(end.code);
  const ran = ranWords(end, startedAtMs);
  if (end.code === "SESSION_NOT_FOUND")
    return { title: whoEnded(end), detail: "The server no longer knows this session." };
  if (entry === undefined) return { title: whoEnded(end), detail: ran };
  const { cause, remedy } = entry;
  if (end.code === "ENDED_BY_ADMIN") return { title: `${entry.title}.`, detail: `${cause} ${remedy} ${ran}`.trim() };
  if (end.code === "SESSION_GONE") return { title: `${entry.title}.`, detail: `${cause} ${ran}`.trim() };
  if (end.by === "server") return { title: whoEnded(end), detail: `${entry.title}. ${cause}` };
  const detail = [whoEnded(end), cause, logTargetWords(end), remedy].filter(Boolean).join(" ");
  return { title: failureTitle(end, entry, instanceName), detail };
}

/** "" where the end is not about a log, or nobody may read which. */
function logTargetWords({ code, subject }: SessionEnd): string {
  if (!subject || code === undefined) return "";
  if (code.startsWith("LOG_GROUP_")) return `The log group is ${subject}.`;
  return code.startsWith("LOG_BUCKET_") ? `The bucket is ${subject}.` : "";
}

/** What happened, with the names it happened to. */
function failureTitle({ code, subject }: SessionEnd, { title }: ErrorCatalogEntry, instanceName: string): string {
  if (code === "RUN_AS_USER_MISSING" && subject) return `User "${subject}" does not exist on ${instanceName}.`;
  return `${title}.`;
}

/** The statement of a policy that allows what was missing, to be copied. */
export function policyOf(code: string | undefined): string | undefined {
  return entryOf(code)?.policy;
}

/** Lines for a shell on the instance, to be copied. */
export function commandsOf(code: string | undefined): string | undefined {
  return entryOf(code)?.commands;
}

export function ranWords(end: SessionEnd, startedAtMs: number | undefined): string {
  return startedAtMs === undefined ? "" : `It ran for ${exactSpan(end.at - startedAtMs)}.`;
}

function entryOf(code: string | undefined): ErrorCatalogEntry | undefined {
  return isErrorCode(code) ? ERROR_CATALOG[code] : undefined;
}

function whoEnded({ by }: SessionEnd): string {
  if (by === "shell") return "The shell exited.";
  if (by === "you") return "You ended this session.";
  if (by === "aws") return "AWS ended this session.";
  if (by === "agent") return "The agent ended this session.";
  if (by === "server") return "Causeway ended this session.";
  return "Ended outside Causeway.";
}
