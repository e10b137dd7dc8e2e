/** How long the session may go on, on the page's own clock. Pure: the deadlines are the server's, the counting is ours. */
import type { SessionPreferences } from "@causeway/wire-contract/sessions";
import type { TimeLeftMessage } from "@causeway/wire-contract/terminal-messages";

/** The pane warns so long before an end, or half of a limit that is shorter than twice that. */
export const WARNING_MS = 2 * 60_000;
/** An end that AWS does not make at its limit is awaited aloud for so long; from then on only the status bar speaks of it. */
export const OVERDUE_SHOWN_MS = 60_000;

export interface TimeLeft {
  idleEndsAtMs: number;
  idleEndedBy: "aws" | "server";
  longestEndsAtMs?: number;
  preferences: SessionPreferences;
}

/** The end that comes first if nobody types. */
export interface NextEnd {
  kind: "idle" | "longest";
  by: "aws" | "server";
  leftMs: number;
  limitMs: number;
  /** Nobody knows the limit: AWS's default is taken. */
  isAssumed: boolean;
}

/** @param nowMs the page's clock when the message came; it may differ from the server's by any amount */
export function timeLeftOf(message: TimeLeftMessage, nowMs: number): TimeLeft {
  const { idleEndsAtMs, idleEndedBy, longestEndsAtMs, preferences } = message;
  const aheadMs = nowMs - message.nowMs;
  return {
    idleEndsAtMs: idleEndsAtMs + aheadMs,
    idleEndedBy,
    ...(longestEndsAtMs === undefined ? {} : { longestEndsAtMs: longestEndsAtMs + aheadMs }),
    preferences,
  };
}

export function nextEnd(time: TimeLeft, nowMs: number): NextEnd {
  const { source, idleLimitMs, longestMs } = time.preferences;
  const { idleEndsAtMs, longestEndsAtMs } = time;
  if (longestEndsAtMs !== undefined && longestMs !== undefined && longestEndsAtMs <= idleEndsAtMs)
    return {
      kind: "longest",
      by: "aws",
      leftMs: Math.min(longestMs, longestEndsAtMs - nowMs),
      limitMs: longestMs,
      isAssumed: false,
    };
  // Never more than the limit itself: the page's clock moves in steps, and may stand a moment before the message came.
  const leftMs = Math.min(idleLimitMs, idleEndsAtMs - nowMs);
  return { kind: "idle", by: time.idleEndedBy, leftMs, limitMs: idleLimitMs, isAssumed: source === "unknown" };
}

/** The end is near enough to be said in words. Where the limit is a guess there is nothing to await after it. */
export function isEndNear({ leftMs, limitMs, isAssumed }: NextEnd): boolean {
  const untilMs = isAssumed ? 0 : -OVERDUE_SHOWN_MS;
  return leftMs <= Math.min(WARNING_MS, limitMs / 2) && leftMs > untilMs;
}
