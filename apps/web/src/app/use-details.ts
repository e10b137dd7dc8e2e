import { type RefObject, useEffect } from "react";
import type { ListedInstance } from "../features/instances/instance-index.ts";
import type { InstancePanelHandle } from "../features/instances/instance-panel.tsx";
import type { InventorySnapshot } from "../features/instances/inventory-store.ts";
import { useConsole } from "./console-context.ts";
import { useLinkedInstance } from "./use-linked-instance.ts";

/**
 * The instance whose details the address opens. A name that several have becomes the list's filter, one that nobody has is said.
 * @returns undefined: none is open, or it may still come
 */
export function useDetails(
  inventory: InventorySnapshot,
  link: string | undefined,
  onLink: (link: string | undefined) => void,
  panel: RefObject<InstancePanelHandle | null>,
): ListedInstance | undefined {
  const app = useConsole();
  const linked = useLinkedInstance(inventory, link);
  useEffect(() => {
    if (linked === undefined || link === undefined) return;
    if (linked.kind === "several") {
      onLink(undefined);
      panel.current?.showFilter(linked.filter);
    } else if (linked.kind === "none") {
      app.toasts.show({
        tone: "bad",
        title: `No instance is called ${link} here.`,
        detail: "Another region may have it.",
      });
      onLink(undefined);
    } else if (linked.instance.id !== link) onLink(linked.instance.id);
  }, [app, link, linked, onLink, panel]);
  return linked?.kind === "one" ? linked.instance : undefined;
}
