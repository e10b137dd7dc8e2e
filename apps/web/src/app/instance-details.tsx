/** The drawer of one instance: asks AWS when it is opened, and joins what the list and the tabs know. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { DrawerSession } from "../features/instances/instance-drawer.tsx";
import "../features/instances/instance-drawer.css";
import type { ListedInstance } from "../features/instances/instance-index.ts";
import { lazyPart } from "../ui/lazy-part.tsx";
import { useConsole } from "./console-context.ts";
import { useCopy } from "./use-copy.ts";

const InstanceDrawer = lazyPart(async () => (await import("../features/instances/instance-drawer.tsx")).InstanceDrawer);

interface Props {
  instance: ListedInstance;
  sessions: readonly DrawerSession[];
  favourite: boolean;
  onFavourite(): void;
  onOpen(newSession: boolean): void;
  onOpenWith: (() => void) | undefined;
  onClose(): void;
}

export function InstanceDetails({ instance, ...rest }: Props) {
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
  return (
    <InstanceDrawer
      {...rest}
      instance={instance}
      detail={detail.data}
      error={detail.error ?? undefined}
      asking={detail.isFetching}
      clockOffsetMs={clockOffsetMs}
      onAsk={() => void detail.refetch()}
      onCopy={onCopy}
    />
  );
}
