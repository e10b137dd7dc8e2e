import type { Me } from "@causeway/wire-contract/identity";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type AuditFilter, auditQuery } from "../features/audit/audit-filter.ts";
import { AuditLog } from "../features/audit/audit-log.tsx";
import "../features/workspace/workspace.css";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { Rail } from "./rail.tsx";
import { SignOutDialog } from "./sign-out.tsx";

/** New events are asked for so often while the page is visible, in milliseconds. */
const REFRESH_MS = 15_000;
/** Older pages shown at once; for more there is the export. */
const PAGES_MAX = 50;

interface Props {
  me: Me;
  filter: AuditFilter;
  onFilter(filter: AuditFilter): void;
  onLeave(): void;
}

/** The audit, for those whose role allows it; the server refuses everybody else, and the page says so. */
export function AuditPage({ me, filter, onFilter, onLeave }: Props) {
  const app = useConsole();
  const [nowMs] = useState(() => Date.now());
  const [signingOut, setSigningOut] = useState(false);
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => app.api.listSessions(signal),
    enabled: signingOut,
  });
  useEffect(() => {
    document.title = "Audit · Causeway";
  }, []);
  const pages = useInfiniteQuery({
    queryKey: ["audit", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = auditQuery(filter, Date.now());
      if (pageParam !== "") query.set("before", pageParam);
      return app.api.audit(query, signal);
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    maxPages: PAGES_MAX,
  });
  const live = sessions.data?.sessions.filter(({ ended }) => ended === undefined).length ?? 0;
  return (
    <div className="app">
      <Rail
        me={me}
        here="audit"
        listShown={false}
        onToggleList={onLeave}
        onTerminals={() => undefined}
        onSignOut={() => setSigningOut(true)}
      />
      <main className="audit">
        {pages.isError && <FailureBanner error={pages.error} />}
        <AuditLog
          filter={filter}
          onFilter={onFilter}
          pages={pages.data?.pages ?? []}
          busy={pages.isFetching}
          onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
          nowMs={nowMs}
        />
      </main>
      {signingOut && (
        <SignOutDialog
          me={me}
          liveCount={live}
          signOut={(how) => app.signOut(how)}
          onCancel={() => setSigningOut(false)}
        />
      )}
    </div>
  );
}
