import type { SessionList } from "@causeway/wire-contract/sessions";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { Workspace } from "../features/workspace/workspace.ts";
import { useConsole } from "./console-context.ts";
import type { TerminalSession } from "./terminal-feature.ts";

/** Gives the workspace its tabs back, once the server said which sessions there are and how they stood. */
export function useRestoredSessions(workspace: Workspace<TerminalSession>): UseQueryResult<SessionList> {
  const app = useConsole();
  const settled = useSyncExternalStore(app.preferences.subscribe, app.preferences.isSettled);
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => app.api.listSessions(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (sessions.data && settled) workspace.restore(sessions.data.sessions, app.preferences.workspace);
  }, [app, workspace, sessions.data, settled]);
  return sessions;
}
