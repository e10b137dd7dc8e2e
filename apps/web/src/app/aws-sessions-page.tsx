import type { Me } from "@causeway/wire-contract/identity";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { UnheldList } from "../features/aws-sessions/unheld-list.tsx";
import { gather, type Place, placesOf, type UnheldRow } from "../features/aws-sessions/unheld-places.ts";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import { identityTitle, wordsOfIdentities } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { Ask } from "../ui/dialog.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { SidePage } from "./side-page.tsx";

export function AwsSessionsRoute() {
  return <ForMe>{(me, leave) => <AwsSessionsPage me={me} onLeave={leave} />}</ForMe>;
}

/** What AWS still has of whoever is signed in, beside what Causeway holds, in every configured region. */
function AwsSessionsPage({ me, onLeave }: { me: Me; onLeave(): void }) {
  const app = useConsole();
  const places = useMemo(() => placesOf(me.identities), [me.identities]);
  const queries = useQueries({
    queries: places.asked.map((place) => ({
      queryKey: ["unheld-sessions", place.identityId, place.region],
      queryFn: ({ signal }: { signal: AbortSignal }) => app.api.unheldSessions(place, signal),
      // each is a call to AWS out of the budget that terminals need: asked when she comes, and when she says so
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    })),
  });
  const nowMs = useSlowNow();
  const [ended, setEnded] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<UnheldRow>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const gathered = gather(
    queries.map(({ data, error, isFetching }, index) => ({
      place: places.asked[index] as Place,
      list: data,
      error: isFetching ? undefined : (error ?? undefined),
    })),
    ended,
  );
  const isAsking = queries.some(({ isFetching }) => isFetching);
  const found = gathered.startedHere.length + gathered.others.length;
  const askAgain = () => void Promise.all(queries.map((query) => query.refetch()));

  const end = async (): Promise<void> => {
    if (asked === undefined || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await app.api.endUnheldSession(asked.place, asked.awsSessionId);
      setEnded((before) => new Set([...before, asked.awsSessionId]));
      app.toasts.show({ title: `The session on ${asked.instanceId} was ended.` });
      setAsked(undefined);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <SidePage me={me} title="Your other sessions in AWS" className="table-page" onLeave={onLeave}>
      <header className="table-head">
        <h1>Your other sessions in AWS</h1>
        <span className="end-aligned t12 t3 num" role="status">
          {gathered.asking > 0
            ? `Asking AWS: ${queries.length - gathered.asking} of ${queries.length} places answered`
            : `${found} ${found === 1 ? "session" : "sessions"}`}
        </span>
        <Button aria-disabled={isAsking} onClick={() => isAsking || askAgain()}>
          Ask AWS again
        </Button>
      </header>
      <UnheldList
        gathered={gathered}
        identityWords={wordsOfIdentities(me.identities)}
        notAsked={places.notAsked}
        expired={places.expired.map(identityTitle)}
        nowMs={nowMs}
        onEnd={(row) => {
          setFailure(undefined);
          setAsked(row);
        }}
        onRetry={askAgain}
      />
      {asked && (
        <Ask
          open
          title={`End the session on ${asked.instanceId}?`}
          onCancel={() => setAsked(undefined)}
          actions={
            <Button variant="danger" aria-disabled={busy} onClick={() => void end()}>
              End session
            </Button>
          }
        >
          <p>
            AWS ends <span className="mono">{asked.awsSessionId}</span> in {asked.place.region}. Its shell and what runs
            in it stop at once, wherever it is open.
          </p>
          {failure !== undefined && <FailureBanner error={failure} />}
        </Ask>
      )}
    </SidePage>
  );
}
