import { useMemo } from "react";
import { type LinkTarget, resolveLink } from "../features/instances/deep-link.ts";
import type { InventorySnapshot } from "../features/instances/inventory-store.ts";
import { listProgress } from "../features/instances/list-progress.ts";

/** The instance that the address names; undefined: none is named, or it may still come with the rest of the list. */
export function useLinkedInstance(inventory: InventorySnapshot, link: string | undefined): LinkTarget | undefined {
  const { index, sources } = inventory;
  return useMemo(() => {
    if (link === undefined) return undefined;
    const isWhole = sources.length > 0 && listProgress(sources).loading === undefined;
    const target = resolveLink(link, index);
    const isById = target.kind === "one" && target.instance.id === link;
    return isWhole || isById ? target : undefined;
  }, [index, sources, link]);
}
