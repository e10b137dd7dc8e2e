import type { InstanceList } from "@causeway/wire-contract/instances";
import { useQueries } from "@tanstack/react-query";
import { useEffect } from "react";
import type { IndexedInstance } from "../features/instances/instance-index.ts";
import { type ListPlace, placesToLearn } from "../features/workspace/tab-state.ts";
import type { Workspace, WorkspaceState } from "../features/workspace/workspace.ts";
import { useConsole } from "./console-context.ts";
import type { TerminalSession } from "./terminal-feature.ts";

/** Not inline: the same function lets the same lists stay the same array. */
const listsOf = (results: { data: InstanceList | undefined }[]): InstanceList[] =>
  results.flatMap(({ data }) => data ?? []);

/**
 * Tells tabs what only instance lists know: environment and zone. A list that a restored tab is on but that is not shown
 * is asked for once: a production terminal must not look like any other.
 */
export function useLearnedTabs(
  workspace: Workspace<TerminalSession>,
  state: WorkspaceState,
  index: readonly IndexedInstance[],
  shown: readonly ListPlace[],
): void {
  const app = useConsole();
  const elsewhere = useQueries({
    queries: placesToLearn(state, shown).map((place) => ({
      queryKey: ["instances", place],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const now = app.identities.now(place.identityId)?.id ?? place.identityId;
        return app.api.listInstances({ ...place, identityId: now }, signal);
      },
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: listsOf,
  });
  useEffect(() => {
    for (const list of elsewhere) workspace.learn(list.region, list.instances);
  }, [workspace, elsewhere]);
  useEffect(() => {
    for (const { region } of placesToLearn(workspace.store.getState(), []))
      workspace.learn(
        region,
        index.filter(({ instance }) => instance.region === region).map(({ instance }) => instance),
      );
  }, [workspace, index]);
}
