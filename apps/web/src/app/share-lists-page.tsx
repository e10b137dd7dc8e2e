import type { Me } from "@causeway/wire-contract/identity";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import { ShareLists } from "../features/sharing/share-lists.tsx";
import { Button } from "../ui/button.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { SidePage } from "./side-page.tsx";
import { shareListsQuery, showSession } from "./use-shares.ts";

/** Who watches changes without anybody asking here: looked at so often, in milliseconds. */
const LOOK_EVERY_MS = 10_000;

export function ShareListsRoute() {
  return <ForMe>{(me, leave) => <ShareListsPage me={me} onLeave={leave} />}</ForMe>;
}

/** Terminals shared with whoever is signed in, and her own links. */
function ShareListsPage({ me, onLeave }: { me: Me; onLeave(): void }) {
  const app = useConsole();
  const navigate = useNavigate();
  const lists = useQuery({ ...shareListsQuery(app), staleTime: 0, refetchInterval: LOOK_EVERY_MS });
  const nowMs = useSlowNow();
  const [failure, setFailure] = useState<unknown>();
  const end = async (sessionId: string, shareId: string): Promise<void> => {
    setFailure(undefined);
    try {
      await app.api.revokeShare(sessionId, shareId);
      app.toasts.show({ title: "The link was ended.", detail: "Whoever watched by it sees nothing more." });
    } catch (error) {
      setFailure(error);
    }
    await app.queries.invalidateQueries({ queryKey: ["shares"] });
  };
  const goTo = (sessionId: string): void => {
    showSession(app.workspaceFor(me), sessionId);
    void navigate({ to: "/" });
  };
  const error = failure ?? lists.error ?? undefined;
  return (
    <SidePage me={me} title="Shared terminals" className="table-page" onLeave={onLeave}>
      <header className="table-head">
        <h1>Shared terminals</h1>
        <span className="end-aligned">
          <Button aria-disabled={lists.isFetching} onClick={() => void lists.refetch()}>
            Look again
          </Button>
        </span>
      </header>
      {error !== undefined && <FailureBanner error={error} />}
      {lists.data && (
        <ShareLists
          lists={lists.data}
          nowMs={nowMs}
          onOpen={(shareId) => void navigate({ to: "/s/$shareId", params: { shareId } })}
          onGoTo={({ sessionId }) => goTo(sessionId)}
          onEnd={({ id, sessionId }) => void end(sessionId, id)}
        />
      )}
    </SidePage>
  );
}
