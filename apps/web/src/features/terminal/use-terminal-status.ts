import { useSyncExternalStore } from "react";
import type { TerminalSession, TerminalStatus } from "./terminal-session.ts";

/** Follows a session's status; terminal bytes never come this way. */
export function useTerminalStatus(session: TerminalSession): TerminalStatus {
  return useSyncExternalStore(session.subscribe, session.getStatus);
}
