/** Whose lists of which regions the page shows: what the address asks for, as far as it is offered here. */
import type { Me } from "@causeway/wire-contract/identity";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { InventorySnapshot } from "../features/instances/inventory-store.ts";
import { regionsOf, shownIdentities } from "../lib/identities.ts";
import { useConsole } from "./console-context.ts";

interface Asked {
  me: Me;
  /** As in the address, with commas between; they may be absent or not offered here. */
  region: string | undefined;
  /** Ids of identities, as in the address; they may be of an earlier login. */
  as: string | undefined;
  /** The region of this browser's last visit. */
  lastRegion: string | undefined;
  onRegion(region: string, replace?: boolean): void;
}

export interface ShownLists {
  identities: ReturnType<typeof shownIdentities>;
  /** As the address says it. */
  region: string;
  regions: readonly string[];
  inventory: InventorySnapshot;
}

export function useShownLists({ me, region: asked, as, lastRegion, onRegion }: Asked): ShownLists {
  const app = useConsole();
  const identities = useMemo(() => shownIdentities(me, as), [me, as]);
  const choosable = regionsOf(identities);
  const offered = (ids: string): string[] => ids.split(",").filter((id) => choosable.some((one) => one.id === id));
  const region = [asked, lastRegion, choosable[0]?.id].map((ids) => offered(ids ?? "").join(",")).find(Boolean) ?? "";
  const regions = useMemo(() => region.split(",").filter(Boolean), [region]);
  useEffect(() => {
    // the step back from another region must lead to this one, and a copied address to what is seen
    if (asked !== region && region !== "") onRegion(region, true);
  });
  const inventory = useSyncExternalStore(app.inventory.store.subscribe, app.inventory.store.getSnapshot);
  useEffect(() => {
    app.inventory.store.show(
      identities.flatMap(({ id: identityId, person: { account }, accountName }) =>
        regions.map((region) => ({ identityId, account, accountName, region })),
      ),
    );
  }, [app, identities, regions]);
  return { identities, region, regions, inventory };
}
