/** The drawer of one instance: asks AWS when it is opened, and joins what the list and the tabs know. */
import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useSyncExternalStore } from "react";
import { InstanceDrawer } from "../features/instances/instance-drawer.tsx";
import type { Pane } from "../features/workspace/tab-state.ts";
import type { Workspace, WorkspaceState } from "../features/workspace/workspace.ts";
import { useConsole } from "./console-context.ts";
import type { TerminalSession } from "./terminal-feature.ts";
import { useCopy } from "./use-copy.ts";
import { useDrawerSessions } from "./use-drawer-sessions.ts";

type Shown = Pick<
  ComponentProps<typeof InstanceDrawer>,
  "instance" | "favourite" | "onFavourite" | "onOpen" | "onOpenWith" | "onClose"
>;

interface Props extends Shown {
  workspace: Workspace<TerminalSession>;
  state: WorkspaceState;
  /** Is this pane's terminal on it? */
  isHere(pane: Pane): boolean;
}

export function InstanceDetails({ instance, workspace, state, isHere, ...rest }: Props) {
  const app = useConsole();
  const { clockOffsetMs } = useSyncExternalStore(app.inventory.store.subscribe, app.inventory.store.getSnapshot);
  const detail = useQuery({
    queryKey: ["instance", instance.key],
    queryFn: ({ signal }) => app.api.instanceDetail(instance, signal),
    // asked when it is opened, and when somebody asks again: never by itself
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const onCopy = useCopy();
  const sessions = useDrawerSessions(workspace, state, isHere);
  return (
    <InstanceDrawer
      {...rest}
      instance={instance}
      sessions={sessions}
      detail={detail.data}
      error={detail.error ?? undefined}
      asking={detail.isFetching}
      clockOffsetMs={clockOffsetMs}
      onAsk={() => void detail.refetch()}
      onCopy={onCopy}
    />
  );
}
