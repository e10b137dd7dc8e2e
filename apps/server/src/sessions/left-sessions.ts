/**
 * What to do with what an earlier process left. The row of a session says that it was and how it ended, its log says what
 * was shown and typed; a kill between the two writes leaves them apart, and here they come together again. Pure.
 */
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { RecoveredKeeperState, RecoveredSession } from "./log/file-session-logs.ts";
import type { SessionFacts } from "./session-store.ts";

export interface LeftRow {
  facts: SessionFacts;
  end: SessionEnd | undefined;
}

export interface LeftSessions {
  /** Shells to go on with. */
  running: { facts: SessionFacts; found: RecoveredSession & { keeper: RecoveredKeeperState } }[];
  /** To be read only, or not even that; `isRecorded`: the row knows the end. */
  ended: { facts: SessionFacts; found: RecoveredSession | undefined; end: SessionEnd; isRecorded: boolean }[];
  /** Logs that no row speaks of: of a start that did not come to its end. */
  unknown: string[];
}

/**
 * @param rows those without an end, and those that ended so lately that they can still be read
 * @param found all logs
 */
export function sortLeftSessions(
  rows: readonly LeftRow[],
  found: readonly RecoveredSession[],
  nowMs: number,
): LeftSessions {
  const logs = new Map(found.map((each) => [each.id, each]));
  const left: LeftSessions = { running: [], ended: [], unknown: [] };
  for (const { facts, end: recorded } of rows) {
    const log = logs.get(facts.id);
    logs.delete(facts.id);
    const keeper = log?.keeper;
    const end = recorded ?? log?.end;
    if (end === undefined && log !== undefined && keeper !== undefined)
      left.running.push({ facts, found: { ...log, keeper } });
    else if (recorded === undefined || log !== undefined)
      left.ended.push({ facts, found: log, end: end ?? notRecovered(nowMs), isRecorded: recorded !== undefined });
  }
  left.unknown.push(...logs.keys());
  return left;
}

function notRecovered(nowMs: number): SessionEnd {
  return { by: "server", at: nowMs, code: "SESSION_NOT_RECOVERED" };
}
