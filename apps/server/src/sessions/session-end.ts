/** Who or what ended a session, told from what can be seen. Pure. */

import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { EndedBy, SessionEnd, SessionLimit, SessionPreferences } from "@causeway/wire-contract/sessions";
import { type AgentFailure, agentFailure } from "./agent-failures.ts";
import { type IdleClock, LIMIT_NEAR_MS } from "./idle-clock.ts";

/** Longest text of AWS or agent kept for the details view, in characters (wire contract). */
export const END_TEXT_CHARACTERS_MAX = 1_000;
/**
 * `channel_closed` without a text comes when the shell exits, and when somebody else calls TerminateSession. A shell
 * exits because of what was typed; longer than this after the last Enter or Ctrl-D we do not know, and say so.
 */
export const EXIT_AFTER_COMMIT_MAX_MS = 10 * 60_000;

/**
 * What AWS says when it keeps a limit. The idle text was seen in 2020, the other is not known (data-channel.md §10.2): both
 * are told by their words.
 */
const IDLE_TEXT = /inactivity|\bidle\b/i;
const LONGEST_TEXT = /\bmax(imum)?\b.*\bduration\b/i;

/** The end was asked for: by whom, and at which limit if it was one. */
export interface EndRequest {
  by: EndedBy;
  limit?: SessionLimit;
  /** Why, when it was not the person's own wish. */
  code?: ErrorCode;
}

export type Limits = Pick<IdleClock, "limitOf" | "limitNear" | "limitPassed">;

/**
 * @param output text of `channel_closed` (data-channel.md §10.2)
 * @param request set when we asked for the end ourselves
 * @param commitAgoMs milliseconds since a person last typed Enter or Ctrl-D; undefined: never
 */
export function endOfChannelClosed(
  output: string,
  request: EndRequest | undefined,
  commitAgoMs: number | undefined,
  nowMs: number,
  limits: Limits,
): SessionEnd {
  const text = endText(output);
  if (request !== undefined) return endOnRequest(request, nowMs, text);
  if (text === "") return endWithoutText(commitAgoMs, nowMs, limits);
  const failure: AgentFailure | undefined = agentFailure(text);
  if (failure !== undefined) return { by: "agent", at: nowMs, text, ...failure };
  const limit = limitInText(text, limits) ?? limits.limitNear(nowMs);
  return { by: "aws", at: nowMs, text, ...(limit === undefined ? {} : { limit }) };
}

/**
 * An agent does not name the log group or bucket that it could not use: the session document does.
 *
 * @param awsLog undefined: not read, or not yet
 */
export function withLogTarget(end: SessionEnd, awsLog: SessionPreferences["awsLog"]): SessionEnd {
  const isOfGroup = end.code === "LOG_GROUP_NOT_ENCRYPTED" || end.code === "LOG_GROUP_UNREADABLE";
  const isOfBucket = end.code === "LOG_BUCKET_NOT_ENCRYPTED" || end.code === "LOG_BUCKET_UNREADABLE";
  const subject = isOfGroup ? awsLog?.cloudWatch : isOfBucket ? awsLog?.s3?.split("/", 1)[0] : undefined;
  return subject === undefined ? end : { ...end, subject };
}

/** AWS has no such session any more, and nobody heard it end. */
export function endOfGone(request: EndRequest | undefined, nowMs: number, limits: Limits): SessionEnd {
  if (request !== undefined) return endOnRequest(request, nowMs);
  const limit = limits.limitPassed(nowMs);
  return limit === undefined ? { by: "unknown", at: nowMs, code: "SESSION_GONE" } : { by: "aws", at: nowMs, limit };
}

/** An end that we asked for ourselves. @param text what else there is to say; may be empty */
export function endOnRequest({ by, limit, code }: EndRequest, nowMs: number, text = ""): SessionEnd {
  const stopping: ErrorCode | undefined = by === "server" && limit === undefined ? "SERVER_STOPPING" : undefined;
  const why = code ?? stopping;
  return {
    by,
    at: nowMs,
    ...(why === undefined ? {} : { code: why }),
    ...(text === "" ? {} : { text }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function endWithoutText(commitAgoMs: number | undefined, nowMs: number, limits: Limits): SessionEnd {
  const agoMs = commitAgoMs ?? Number.POSITIVE_INFINITY;
  const limit = agoMs > LIMIT_NEAR_MS ? limits.limitNear(nowMs) : undefined;
  if (limit !== undefined) return { by: "aws", at: nowMs, limit };
  return { by: agoMs <= EXIT_AFTER_COMMIT_MAX_MS ? "shell" : "unknown", at: nowMs };
}

function limitInText(text: string, limits: Limits): SessionLimit | undefined {
  if (LONGEST_TEXT.test(text)) return limits.limitOf("longest");
  return IDLE_TEXT.test(text) ? limits.limitOf("idle") : undefined;
}

type ChannelFailure =
  | "HANDSHAKE_FAILED"
  | "HANDSHAKE_TIMEOUT"
  | "DATA_KEY_REFUSED"
  | "DECRYPTION_FAILED"
  | "PROTOCOL_VIOLATION"
  | "CHANNEL_DENIED";

/**
 * Our channel gave up: codes of its `failed` event, and of a service that refuses the channel, in the words of the catalog.
 * @param why what is known better than the code says
 */
export function endOfChannelFailure(code: ChannelFailure, detail: string, nowMs: number, why?: ErrorCode): SessionEnd {
  const catalogCode = {
    HANDSHAKE_FAILED: "HANDSHAKE_FAILED",
    HANDSHAKE_TIMEOUT: "HANDSHAKE_FAILED",
    DATA_KEY_REFUSED: "ENCRYPTION_KEY_REFUSED",
    DECRYPTION_FAILED: "PROTOCOL_VIOLATION",
    PROTOCOL_VIOLATION: "PROTOCOL_VIOLATION",
    CHANNEL_DENIED: "DATA_CHANNEL_DENIED",
  } as const satisfies Record<ChannelFailure, ErrorCode>;
  return {
    by: code === "DATA_KEY_REFUSED" || code === "CHANNEL_DENIED" ? "aws" : "agent",
    at: nowMs,
    code: why ?? catalogCode[code],
    text: endText(detail),
  };
}

/** Without control characters; line breaks become blanks. */
export function endText(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim()
    .slice(0, END_TEXT_CHARACTERS_MAX);
}

/** Input that can make a shell exit: Enter, or Ctrl-D. */
export function holdsCommit(bytes: Uint8Array): boolean {
  return bytes.includes(0x0d) || bytes.includes(0x0a) || bytes.includes(0x04);
}
