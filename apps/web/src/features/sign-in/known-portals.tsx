import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { PortalPicker } from "./portal-picker.tsx";
import type { SignInApi, SignInMode } from "./sign-in-api.ts";

interface Props {
  api: SignInApi;
  how: SignInMode;
  shownRegion?: string | undefined;
  onSignedIn(region?: string): void;
}

/** Portals that this login signed in to already: another account or role of them needs no new code. */
export function KnownPortals({ api, how, shownRegion, onSignedIn }: Props) {
  const [picked, setPicked] = useState<string>();
  const known = useQuery({
    queryKey: ["portals"],
    queryFn: ({ signal }) => api.portals(signal),
    staleTime: 0,
    gcTime: 0,
  });
  const portals = known.data?.portals ?? [];
  const portal = portals.find(({ id }) => id === picked);
  if (portals.length === 0) return null;
  return (
    <section className="form" aria-label="Signed in already">
      <p className="label">Signed in already</p>
      {portals.map(({ id, startUrl, person }) => (
        <Button key={id} block icon="shield" onClick={() => setPicked(id)}>
          Choose another role of {startUrl.replace(/^https?:\/\//, "")}
          {person !== undefined && ` as ${person}`}
        </Button>
      ))}
      <p className="hint">No new code is needed. Or sign in to another organisation:</p>
      {portal && (
        <PortalPicker
          api={api}
          portal={{ id: portal.id, startUrl: portal.startUrl }}
          how={how}
          shownRegion={shownRegion}
          onSignedIn={onSignedIn}
          onClose={() => setPicked(undefined)}
        />
      )}
    </section>
  );
}
