/** Two places: signing in, and the workspace. What should survive a reload or be sent to a teammate is in the address. */

import type { Me } from "@causeway/wire-contract/identity";
import { useQuery } from "@tanstack/react-query";
import { createRootRoute, createRoute, createRouter, Navigate, Outlet, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { readAuditFilter } from "../features/audit/audit-filter.ts";
import { OidcFinish } from "../features/sign-in/oidc-finish.tsx";
import { SignInPage } from "../features/sign-in/sign-in-page.tsx";
import { ApiProblem } from "../lib/api-client.ts";
import { ToastRegion } from "../ui/toast-region.tsx";
import { AuditPage } from "./audit-page.tsx";
import { AwsSessionsPage } from "./aws-sessions-page.tsx";
import { useConsole } from "./console-context.ts";
import { LoginsPage } from "./logins-page.tsx";
import { PageFailure } from "./page-failure.tsx";
import { PeoplePage } from "./people-page.tsx";
import { SettingsPage } from "./settings-page.tsx";
import { SharedPage } from "./shared-page.tsx";
import { WorkspacePage } from "./workspace-page.tsx";

export interface WorkspaceSearch {
  region?: string;
  /** Identities whose lists are shown, ids with commas between; absent: all of the login. */
  as?: string;
  /** The filter of the instance list, as it would be typed. */
  q?: string;
  /** Whose details are open: an id, or a name or `key=value` that only one instance has. */
  instance?: string;
}

const rootRoute = createRootRoute({
  component: Root,
  errorComponent: ({ error }) => <PageFailure error={error} onRetry={() => window.location.reload()} />,
  notFoundComponent: () => <Navigate to="/" replace />,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  component: SignInRoute,
  // The one word that the way back from an OIDC provider leaves; anything else is not looked at.
  validateSearch: ({ via }: Record<string, unknown>): { via?: "oidc" } => (via === "oidc" ? { via } : {}),
});

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: WorkspaceRoute,
  validateSearch: ({ region, as, q, instance }: Record<string, unknown>): WorkspaceSearch => ({
    ...(typeof region === "string" ? { region } : {}),
    ...(typeof as === "string" && as !== "" ? { as } : {}),
    ...(typeof q === "string" && q !== "" ? { q } : {}),
    ...(typeof instance === "string" && instance !== "" ? { instance } : {}),
  }),
});

const loginsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/logins", component: LoginsRoute });
const awsSessionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/aws-sessions",
  component: AwsSessionsRoute,
});
const settingsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/settings", component: SettingsRoute });
const peopleRoute = createRoute({ getParentRoute: () => rootRoute, path: "/people", component: PeopleRoute });

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  component: AuditRoute,
  validateSearch: readAuditFilter,
});

const sharedRoute = createRoute({ getParentRoute: () => rootRoute, path: "/s/$shareId", component: SharedRoute });

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    workspaceRoute,
    auditRoute,
    loginsRoute,
    peopleRoute,
    awsSessionsRoute,
    settingsRoute,
    sharedRoute,
  ]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function Root() {
  const app = useConsole();
  return (
    <>
      <Outlet />
      <ToastRegion toasts={app.toasts} onLeft={() => app.focusHome()} />
    </>
  );
}

/** A page for who is signed in; everybody else is led to where one signs in. */
function ForMe({ children }: { children: (me: Me) => ReactNode }) {
  const app = useConsole();
  const me = useQuery(app.meQuery);
  if (me.data) return children(me.data);
  if (me.error instanceof ApiProblem && me.error.problem.status === 401) return <Navigate to="/sign-in" replace />;
  if (me.isError) return <PageFailure error={me.error} onRetry={() => void me.refetch()} />;
  return null;
}

function AuditRoute() {
  const filter = auditRoute.useSearch();
  const navigate = auditRoute.useNavigate();
  return (
    <ForMe>
      {(me) => (
        <AuditPage
          me={me}
          filter={filter}
          onFilter={(next) => void navigate({ search: next, replace: true })}
          onLeave={() => void navigate({ to: "/" })}
        />
      )}
    </ForMe>
  );
}

function LoginsRoute() {
  const navigate = useNavigate();
  return <ForMe>{(me) => <LoginsPage me={me} onLeave={() => void navigate({ to: "/" })} />}</ForMe>;
}

function AwsSessionsRoute() {
  const navigate = useNavigate();
  return <ForMe>{(me) => <AwsSessionsPage me={me} onLeave={() => void navigate({ to: "/" })} />}</ForMe>;
}

function SettingsRoute() {
  const navigate = useNavigate();
  return <ForMe>{(me) => <SettingsPage me={me} onLeave={() => void navigate({ to: "/" })} />}</ForMe>;
}

/** Whoever is not signed in does that here, and is at the terminal with it. */
function SharedRoute() {
  const app = useConsole();
  const { shareId } = sharedRoute.useParams();
  const navigate = useNavigate();
  const me = useQuery(app.meQuery);
  const leave = () => void navigate({ to: "/" });
  if (me.error instanceof ApiProblem && me.error.problem.status === 401)
    return (
      <SignInPage
        api={app.api}
        host={window.location.host}
        launchFailure={app.launchFailure}
        onSignedIn={() => void app.signedIn()}
      />
    );
  if (me.isError) return <PageFailure error={me.error} onRetry={() => void me.refetch()} />;
  return me.data ? <SharedPage key={shareId} shareId={shareId} onLeave={leave} /> : null;
}

function PeopleRoute() {
  const navigate = useNavigate();
  return <ForMe>{(me) => <PeoplePage me={me} onLeave={() => void navigate({ to: "/" })} />}</ForMe>;
}

function SignInRoute() {
  const app = useConsole();
  // the answer that led here is fresh enough
  const me = useQuery({ ...app.meQuery, retryOnMount: false });
  const navigate = useNavigate();
  const { via } = signInRoute.useSearch();
  const [oidcFailure, setOidcFailure] = useState<unknown>();
  const enter = () => void app.signedIn().then(() => navigate({ to: "/", replace: true }));
  if (via === "oidc" && oidcFailure === undefined)
    return <OidcFinish api={app.api} onSignedIn={enter} onFailed={setOidcFailure} />;
  // whoever is signed in already learns there why nobody was added
  if (me.data && oidcFailure === undefined) return <Navigate to="/" replace />;
  return (
    <SignInPage
      api={app.api}
      host={window.location.host}
      launchFailure={app.launchFailure}
      oidcFailure={oidcFailure}
      {...(oidcFailure === undefined ? {} : { first: "oidc" })}
      onSignedIn={enter}
    />
  );
}

function WorkspaceRoute() {
  const { region, as, q, instance } = workspaceRoute.useSearch();
  const navigate = workspaceRoute.useNavigate();
  /** Changes these and keeps the others; an empty one leaves the address. */
  const search = (change: WorkspaceSearch, replace: boolean): void =>
    void navigate({
      search: (before: WorkspaceSearch) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== "")),
      replace,
    });
  return (
    <ForMe>
      {(me) => (
        <WorkspacePage
          me={me}
          region={region}
          as={as}
          filter={q ?? ""}
          link={instance}
          onRegion={(next, replace = false) => search({ region: next }, replace)}
          onAs={(next) => search({ as: next }, false)}
          onFilter={(next) => search({ q: next }, true)}
          onLink={(next) => search({ instance: next ?? "" }, true)}
        />
      )}
    </ForMe>
  );
}
