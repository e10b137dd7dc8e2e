/** Who or what ended a session, told from what can be seen. Pure. */

import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { EndedBy, SessionEnd } from "@causeway/wire-contract/sessions";

/** Longest text of AWS or agent kept for the details view, in characters (wire contract). */
export const END_TEXT_CHARACTERS_MAX = 1_000;
/**
 * `channel_closed` without a text comes when the shell exits, and when somebody else calls TerminateSession. A shell
 * exits because of what was typed; longer than this after the last Enter or Ctrl-D we do not know, and say so.
 */
export const EXIT_AFTER_COMMIT_MAX_MS = 10 * 60_000;

/**
 * @param output text of `channel_closed` (data-channel.md §10.2)
 * @param endedBy set when we asked for the end ourselves
 * @param commitAgoMs milliseconds since a person last typed Enter or Ctrl-D; undefined: never
 */
export function endOfChannelClosed(
  output: string,
  endedBy: EndedBy | undefined,
  commitAgoMs: number | undefined,
  nowMs: number,
): SessionEnd {
  const text = endText(output);
  const said = text === "" ? {} : { text };
  if (endedBy !== undefined) return endOnRequest(endedBy, nowMs, text);
  if (text === "") {
    const typed = commitAgoMs !== undefined && commitAgoMs <= EXIT_AFTER_COMMIT_MAX_MS;
    return { by: typed ? "shell" : "unknown", at: nowMs };
  }
  return { by: /-+ERROR-+/.test(output) ? "agent" : "aws", at: nowMs, ...said };
}

/** An end that we asked for ourselves. @param text what else there is to say; may be empty */
export function endOnRequest(by: EndedBy, nowMs: number, text = ""): SessionEnd {
  return {
    by,
    at: nowMs,
    ...(by === "server" ? { code: "SERVER_STOPPING" satisfies ErrorCode } : {}),
    ...(text === "" ? {} : { text }),
  };
}

/** Our channel gave up: codes of its `failed` event, in the words of the catalog. */
export function endOfChannelFailure(
  code: "HANDSHAKE_FAILED" | "HANDSHAKE_TIMEOUT" | "DATA_KEY_REFUSED" | "DECRYPTION_FAILED" | "PROTOCOL_VIOLATION",
  detail: string,
  nowMs: number,
): SessionEnd {
  const catalogCode = {
    HANDSHAKE_FAILED: "HANDSHAKE_FAILED",
    HANDSHAKE_TIMEOUT: "HANDSHAKE_FAILED",
    DATA_KEY_REFUSED: "ENCRYPTION_KEY_REFUSED",
    DECRYPTION_FAILED: "PROTOCOL_VIOLATION",
    PROTOCOL_VIOLATION: "PROTOCOL_VIOLATION",
  } as const satisfies Record<typeof code, ErrorCode>;
  return {
    by: code === "DATA_KEY_REFUSED" ? "aws" : "agent",
    at: nowMs,
    code: catalogCode[code],
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
