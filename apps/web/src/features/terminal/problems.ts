/** Any failure of a terminal as a problem of the catalog, so that the pane has one shape to show. Pure. */
import { ERROR_CATALOG, isErrorCode } from "@causeway/wire-contract/error-catalog";
import type { Problem } from "@causeway/wire-contract/problem";

/** Codes after which this session, or this link to it, cannot come back: it is over, whoever ended it. */
const GONE_CODES: ReadonlySet<string> = new Set([
  "SESSION_NOT_FOUND",
  "SESSION_ENDED",
  "SHARE_NOT_FOUND",
  "SHARE_ENDED",
]);

export function meansGone(code: string): boolean {
  return GONE_CODES.has(code);
}

/** The problem that an error of the API carries; undefined when no answer of ours came. */
export function problemOf(error: unknown): Problem | undefined {
  if (typeof error !== "object" || error === null || !("problem" in error)) return undefined;
  const problem = (error as { problem: unknown }).problem;
  return typeof problem === "object" && problem !== null && "code" in problem ? (problem as Problem) : undefined;
}

export function problemFromCode(code: string): Problem {
  const known = isErrorCode(code) ? code : "INTERNAL_ERROR";
  const { title, cause, remedy, retryable, httpStatus } = ERROR_CATALOG[known];
  return { type: `/docs/errors#${known}`, title, status: httpStatus, code, cause, remedy, retryable, requestId: "" };
}

/** Nothing came back from the server when a session was to be started. */
export function unreachableProblem(): Problem {
  return {
    type: "about:blank",
    title: "The server did not answer",
    status: 0,
    code: "SERVER_UNREACHABLE",
    cause: "The connection between this page and the Causeway server failed before a session was started.",
    remedy: "Check your network, then start again.",
    retryable: true,
    requestId: "",
  };
}
