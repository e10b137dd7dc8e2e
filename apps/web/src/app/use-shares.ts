/** Terminals that are shared, as pages and palette know them. */

import type { ShareLists } from "@causeway/wire-contract/sharing";
import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import type { Workspace } from "../features/workspace/workspace.ts";
import type { Console } from "./console.ts";
import { useConsole } from "./console-context.ts";
import type { TerminalSession } from "./terminal-feature.ts";

/** As old as this the palette offers them without asking again, in milliseconds. */
const FRESH_MS = 30_000;

export function shareListsQuery({ api }: Console): UseQueryOptions<ShareLists> {
  return { queryKey: ["shares", "lists"], queryFn: ({ signal }) => api.shareLists(signal), staleTime: FRESH_MS };
}

/** What is known of them; `refresh` asks the server when that is old. */
export function useShares(): { lists: ShareLists | undefined; refresh(): void } {
  const app = useConsole();
  const { data } = useQuery({ ...shareListsQuery(app), refetchOnWindowFocus: true });
  return { lists: data, refresh: () => void app.queries.prefetchQuery(shareListsQuery(app)) };
}

/** Brings the pane of a session of hers to the front. Nothing happens where this page has none. */
export function showSession(workspace: Workspace<TerminalSession>, sessionId: string): void {
  const panes = workspace.store.getState().tabs.flatMap((tab) => tab.panes);
  const pane = panes.find(({ key }) => workspace.registry.get(key)?.sessionId === sessionId);
  if (pane) workspace.activatePane(pane.key);
}
