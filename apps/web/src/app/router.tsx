/**
 * Places of the page. What should survive a reload or be sent to a teammate is in the address. The workspace comes with the
 * first load; every other place is a file of its own, asked for when somebody goes there (and the page is loaded anew, once,
 * when the server has a newer build and that file no more).
 */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
} from "@tanstack/react-router";
import { readAuditFilter } from "../features/audit/audit-filter.ts";
import { ToastRegion } from "../ui/toast-region.tsx";
import { useConsole } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { PageFailure } from "./page-failure.tsx";
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
  component: lazyRouteComponent(() => import("./sign-in-route.tsx"), "SignInRoute"),
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

const loginsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/logins",
  component: lazyRouteComponent(() => import("./logins-page.tsx"), "LoginsRoute"),
});
const awsSessionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/aws-sessions",
  component: lazyRouteComponent(() => import("./aws-sessions-page.tsx"), "AwsSessionsRoute"),
});
const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings-page.tsx"), "SettingsRoute"),
});
const peopleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/people",
  component: lazyRouteComponent(() => import("./people-page.tsx"), "PeopleRoute"),
});

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  component: lazyRouteComponent(() => import("./audit-page.tsx"), "AuditRoute"),
  validateSearch: readAuditFilter,
});

const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/s/$shareId",
  component: lazyRouteComponent(() => import("./shared-page.tsx"), "SharedRoute"),
});

const shareListsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/shared",
  component: lazyRouteComponent(() => import("./share-lists-page.tsx"), "ShareListsRoute"),
});

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
    shareListsRoute,
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
      <ToastRegion toasts={app.toasts} keepClear={app.cursorLine} onLeft={() => app.focusHome()} />
    </>
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
          onAs={(next, all) => search({ as: next, ...(all === undefined ? {} : { region: all }) }, false)}
          onFilter={(next) => search({ q: next }, true)}
          onLink={(next) => search({ instance: next ?? "" }, true)}
        />
      )}
    </ForMe>
  );
}
