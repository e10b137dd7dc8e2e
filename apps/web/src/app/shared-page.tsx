/** The page of a link: lets its person in, and says what became of the link when it does not. */
import type { SharedSession } from "@causeway/wire-contract/sharing";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { LinkEnded } from "../features/sharing/link-ended.tsx";
import type { SignInApi } from "../features/sign-in/sign-in-api.ts";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { ApiProblem } from "../lib/api-client.ts";
import { describeFailure } from "../lib/failure.ts";
import { Button } from "../ui/button.tsx";
import { Evidence } from "../ui/evidence.tsx";
import { Notice } from "../ui/notice.tsx";
import type { Console } from "./console.ts";
import { useConsole } from "./console-context.ts";
import { PageFailure } from "./page-failure.tsx";

const route = getRouteApi("/s/$shareId");

/** The terminal's code comes when there is something to show with it. */
const ViewerScreen = lazy(() => import("./viewer-screen.tsx").then(({ ViewerScreen }) => ({ default: ViewerScreen })));

/** Whoever is not signed in does that here, and is at the terminal with it. */
export function SharedRoute() {
  const app = useConsole();
  const { shareId } = route.useParams();
  const navigate = useNavigate();
  const me = useQuery(app.meQuery);
  const leave = () => void navigate({ to: "/" });
  if (me.error instanceof ApiProblem && me.error.problem.status === 401)
    return (
      <SignInPage
        api={keepingLink(app, shareId)}
        host={window.location.host}
        launchFailure={app.launchFailure}
        onSignedIn={() => void app.signedIn()}
      />
    );
  if (me.isError) return <PageFailure error={me.error} onRetry={() => void me.refetch()} />;
  return me.data ? <SharedPage key={shareId} shareId={shareId} onLeave={leave} /> : null;
}

/** A sign-in at another site leaves this page, and what it has in memory: the server keeps the link meanwhile. */
function keepingLink({ api, takenLink }: Console, shareId: string): SignInApi {
  if (takenLink?.shareId !== shareId) return api;
  return {
    ...api,
    startOidc: async (body) => {
      await api.carryShare(shareId, takenLink.secret);
      return api.startOidc(body);
    },
  };
}

/** With the secret at first, or what the server kept of it; from then on the server knows who may watch. */
async function join(app: Console, shareId: string, signal: AbortSignal): Promise<SharedSession> {
  const { api, takenLink } = app;
  if (takenLink?.shareId === shareId) {
    const shared = await api.joinShare(shareId, { secret: takenLink.secret });
    app.takenLink = undefined;
    return shared;
  }
  try {
    return await api.sharedSession(shareId, signal);
  } catch (error) {
    const isUnknown = error instanceof ApiProblem && error.problem.code === "SHARE_NOT_FOUND";
    const carried = isUnknown ? await api.carriedShare(signal) : {};
    if (carried.shareId !== shareId) throw error;
    return api.joinShare(shareId, {});
  }
}

function SharedPage({ shareId, onLeave }: { shareId: string; onLeave(): void }) {
  const app = useConsole();
  const joined = useQuery({
    queryKey: ["shared", shareId],
    queryFn: ({ signal }) => join(app, shareId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  useEffect(() => {
    document.title = joined.data ? `${joined.data.instanceName} · shared · Causeway` : "Shared terminal · Causeway";
  }, [joined.data]);
  const home = <Button onClick={onLeave}>Your own terminals</Button>;
  const { data, error } = joined;
  if (error instanceof ApiProblem && error.problem.code === "SHARE_ENDED")
    return <LinkEnded why={undefined} actions={home} />;
  if (error) {
    const failure = describeFailure(error);
    return (
      <Alone>
        <Notice
          alert
          icon="link"
          tone="warn"
          title={failure.title}
          actions={
            <>
              {failure.retryable && (
                <Button variant="primary" onClick={() => void joined.refetch()}>
                  Try again
                </Button>
              )}
              {home}
            </>
          }
          footer={<Evidence text={failure.evidence} />}
        >
          <p>
            {failure.cause} {failure.remedy}
          </p>
        </Notice>
      </Alone>
    );
  }
  if (data === undefined) return <Alone>{null}</Alone>;
  if (data.ownSessionId !== undefined)
    return (
      <Alone>
        <Notice icon="share" title="This terminal is your own" actions={home}>
          <p>The link is for others: they see {data.instanceName} as you do. You have it among your terminals.</p>
        </Notice>
      </Alone>
    );
  return (
    <Suspense fallback={<Alone>{null}</Alone>}>
      <ViewerScreen shared={data} onLeave={onLeave} />
    </Suspense>
  );
}

function Alone({ children }: { children: ReactNode }) {
  return (
    <main className="page-failure" aria-busy={children === null}>
      {children}
    </main>
  );
}
