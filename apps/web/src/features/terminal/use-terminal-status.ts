import { useSyncExternalStore } from "react";
import type { SessionCore } from "./session-core.ts";
import type { TerminalStatus } from "./terminal-types.ts";

/** Follows a session's status; terminal bytes never come this way. */
export function useTerminalStatus(session: SessionCore): TerminalStatus {
  return useSyncExternalStore(session.subscribe, session.getStatus);
}
