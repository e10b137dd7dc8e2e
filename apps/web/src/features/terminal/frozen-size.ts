import type { TerminalStatus } from "./terminal-types.ts";
import { isEndNear, nextEnd } from "./time-left.ts";

/**
 * Does the shell keep its size whatever the pane has? While a strip about a passing trouble takes its lines from the pane,
 * yes: the text must not move. The warning of a near end takes lines too, and a size sent because of it would count as
 * activity in AWS. Pure.
 */
export function isSizeFrozen(status: TerminalStatus, nowMs: number): boolean {
  if (status.kind !== "open") return status.kind === "reconnecting" || status.kind === "ended";
  return (
    status.unansweredSinceMs !== undefined ||
    status.heldKeys.asking ||
    status.channel !== "open" ||
    status.channelReason !== undefined ||
    (status.time !== undefined && isEndNear(nextEnd(status.time, nowMs)))
  );
}
