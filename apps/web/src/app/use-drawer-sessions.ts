/** My sessions on one machine, for its details: the tabs say where they are, their terminals how they are and since when. */
import { useRef, useSyncExternalStore } from "react";
import type { DrawerSession } from "../features/instances/instance-drawer.tsx";
import { stateWord } from "../features/terminal/status-words.ts";
import type { TerminalStatus } from "../features/terminal/terminal-types.ts";
import { type Pane, tabLabel } from "../features/workspace/tab-state.ts";
import type { Workspace, WorkspaceState } from "../features/workspace/workspace.ts";
import { useNow } from "../ui/use-now.ts";
import type { TerminalSession } from "./terminal-feature.ts";

export function useDrawerSessions(
  workspace: Workspace<TerminalSession>,
  state: WorkspaceState,
  isHere: (pane: Pane) => boolean,
): DrawerSession[] {
  const { registry } = workspace;
  const panes = state.tabs.flatMap((tab) => tab.panes.filter(isHere).map(({ key }) => ({ key, tab })));
  const known = useRef<readonly (TerminalStatus | undefined)[]>([]);
  const statuses = useSyncExternalStore(registry.subscribe, () => {
    const next = panes.map(({ key }) => registry.get(key)?.getStatus());
    if (next.length !== known.current.length || next.some((status, at) => status !== known.current[at]))
      known.current = next;
    return known.current;
  });
  const nowMs = useNow(statuses.some((status) => status?.kind === "reconnecting"));
  return panes.map(({ key, tab }, at) => ({
    id: key,
    title: tabLabel(state, tab),
    ...howItIs(statuses[at], nowMs),
    open: () => workspace.activatePane(key),
  }));
}

/** @param status undefined: its terminal is still being loaded */
export function howItIs(
  status: TerminalStatus | undefined,
  nowMs: number,
): Pick<DrawerSession, "shape" | "state" | "startedAt"> {
  const startedAt = status?.session?.startedAt;
  const since = startedAt === undefined ? {} : { startedAt };
  if (status === undefined) return { shape: "pending", state: "connecting" };
  const state = stateWord(status, nowMs) ?? "open";
  if (status.kind === "starting" || status.kind === "connecting") return { shape: "pending", state, ...since };
  if (status.kind === "failed") return { shape: "failed", state, ...since };
  if (status.kind === "ended") return { shape: "stopped", state, ...since };
  return { shape: status.kind === "open" && isWell(status) ? "online" : "lost", state, ...since };
}

function isWell({ unansweredSinceMs, channel }: TerminalStatus & { kind: "open" }): boolean {
  return unansweredSinceMs === undefined && (channel === undefined || channel === "open");
}
