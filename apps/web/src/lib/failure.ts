/** Any thrown value as something a person can read: title, one sentence why, what to do, and the evidence. Pure. */
import type { Problem } from "@causeway/wire-contract/problem";
import { ApiProblem, ApiUnreachable } from "./api-client.ts";

export interface Failure {
  title: string;
  cause: string;
  remedy: string;
  retryable: boolean;
  /** Codes and ids for a ticket, never the whole of the page: mono, copyable. */
  evidence: string;
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof ApiProblem) return describeProblem(error.problem);
  if (error instanceof ApiUnreachable)
    return {
      title: "Cannot reach the Causeway server",
      cause: "It did not answer, or something between it and this page answered instead.",
      remedy: "Check your network, and that the server runs. A lost connection ends no session.",
      retryable: true,
      evidence: "",
    };
  return {
    title: "This page made a mistake",
    cause: "It met a condition it does not handle.",
    remedy: "Reload the page. Your terminals will be found again.",
    retryable: false,
    evidence: error instanceof Error ? error.name : "",
  };
}

export function describeProblem(problem: Problem): Failure {
  const { title, cause, remedy, retryable } = problem;
  return { title, cause, remedy, retryable, evidence: problemEvidence(problem) };
}

/** "ssm:StartSession AccessDeniedException · AWS request 1b2c… · request 9f…", in that order. */
export function problemEvidence({ aws, code, requestId }: Problem): string {
  const parts = aws
    ? [`${aws.service}:${aws.operation} ${aws.code}`, aws.requestId ? `AWS request ${aws.requestId}` : ""]
    : [code];
  return [...parts, requestId ? `request ${requestId}` : ""].filter(Boolean).join(" · ");
}
