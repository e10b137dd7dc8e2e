import type { InstanceRef } from "@causeway/wire-contract/preferences";
import { useMemo, useState, useSyncExternalStore } from "react";
import type { ListedInstance } from "../features/instances/instance-index.ts";
import type { ListChoices } from "../features/instances/instance-panel.tsx";
import { formatRef } from "../features/instances/instance-ref.ts";
import type { Recent } from "../features/workspace/targets.ts";
import type { WorkspaceStorage } from "../features/workspace/workspace-storage.ts";
import { useConsole } from "./console-context.ts";
import { deleteView, saveView, setGroupBy, toggleFavourite, withFold } from "./list-choices.ts";

/** What the person chose about her lists, and how she changes it. @param opened here, newest first; of `account` */
export function useListChoices(
  opened: readonly Recent[],
  account: string,
  storage: Pick<WorkspaceStorage, "remembered" | "remember">,
): ListChoices {
  const app = useConsole();
  const preferences = useSyncExternalStore(app.preferences.subscribe, app.preferences.getSnapshot);
  const [folded, setFolded] = useState(() => new Set(storage.remembered.foldedGroups));
  return useMemo((): ListChoices => {
    const here = opened.map((recent) => formatRef({ account, ...recent }));
    const change = (how: Parameters<typeof app.preferences.change>[0]): void => void app.preferences.change(how);
    return {
      favourites: preferences.favourites.map(formatRef),
      recents: [...new Set([...here, ...preferences.recents.map(formatRef)])],
      openedAtMs: new Map(preferences.recents.map((ref) => [formatRef(ref), ref.openedAt])),
      folded,
      onFold: (key, isFolded) => {
        const next = withFold([...folded], key, isFolded);
        storage.remember({ foldedGroups: next });
        setFolded(new Set(next));
      },
      views: preferences.views,
      groupBy: preferences.groupBy,
      onFavourite: (instance) => change(toggleFavourite(refToStore(instance))),
      onGroupBy: (groupBy) => change(setGroupBy(groupBy)),
      onSaveView: (view) => change(saveView(view)),
      onDeleteView: (view) => change(deleteView(view)),
    };
  }, [app, preferences, opened, account, folded, storage]);
}

export function refToStore({ account, region, id }: ListedInstance): InstanceRef {
  return { account, region, instanceId: id };
}
