import type { AuditPage as Page } from "@causeway/wire-contract/audit";
import type { Me } from "@causeway/wire-contract/identity";
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type AuditFilter, auditQuery, hourBefore } from "../features/audit/audit-filter.ts";
import { AuditLog } from "../features/audit/audit-log.tsx";
import { useSlowNow } from "../features/instances/use-slow-now.ts";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { ForMe } from "./for-me.tsx";
import { SidePage } from "./side-page.tsx";

const route = getRouteApi("/audit");

export function AuditRoute() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ForMe>
      {(me, leave) => (
        <AuditPage
          me={me}
          filter={filter}
          onFilter={(next) => void navigate({ search: next, replace: true })}
          onLeave={leave}
        />
      )}
    </ForMe>
  );
}

interface Props {
  me: Me;
  filter: AuditFilter;
  onFilter(filter: AuditFilter): void;
  onLeave(): void;
}

/** The audit, for those whose role allows it; the server refuses everybody else, and the page says so. */
function AuditPage({ me, filter, onFilter, onLeave }: Props) {
  const app = useConsole();
  const { api, queries } = app;
  const nowMs = useSlowNow();
  const queryKey = useMemo(() => ["audit", filter] as const, [filter]);
  const pages = useInfiniteQuery({
    queryKey,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = auditQuery(filter, Date.now());
      if (pageParam !== "") query.set("before", pageParam);
      return api.audit(query, signal);
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  const activity = useQuery({
    queryKey: ["audit-activity", filter],
    queryFn: ({ signal }) => api.auditActivity(auditQuery(filter, Date.now()), signal),
    placeholderData: keepPreviousData,
  });

  const { live } = app.inventory;
  const { state, news } = useSyncExternalStore(live.subscribe, live.getSnapshot);
  const [wanted, setWanted] = useState(true);
  useEffect(() => {
    if (!wanted) return;
    live.begin();
    app.inventory.wake();
    return () => live.end();
  }, [app, live, wanted]);

  /** The newest page alone, read anew: older ones begin where it ends now. */
  const readNewest = useCallback(() => {
    queries.setQueryData<InfiniteData<Page, string>>(queryKey, (data) => data && firstPageOf(data));
    void queries.invalidateQueries({ queryKey });
    void queries.invalidateQueries({ queryKey: ["audit-activity"] });
  }, [queries, queryKey]);
  // Rows that somebody reads further down do not move under her eyes: then newer ones wait for a word of hers.
  const [seen, setSeen] = useState(news);
  const readsOlder = (pages.data?.pages.length ?? 0) > 1;
  useEffect(() => {
    if (news === seen || readsOlder) return;
    setSeen(news);
    readNewest();
  }, [news, seen, readsOlder, readNewest]);
  const showNewer = (): void => {
    setSeen(news);
    readNewest();
  };
  const refusalsBefore = useCallback(
    async (event: { name: string; at: number }, signal: AbortSignal) => {
      const query = auditQuery(hourBefore(event), event.at);
      query.set("limit", "1");
      return (await api.audit(query, signal)).total;
    },
    [api],
  );
  const failure = pages.error ?? activity.error;
  return (
    <SidePage me={me} here="audit" title="Audit" className="table-page" onLeave={onLeave}>
      {failure !== null && <FailureBanner error={failure} />}
      <AuditLog
        filter={filter}
        onFilter={onFilter}
        pages={pages.data?.pages ?? []}
        activity={activity.data}
        live={!wanted || state === "off" || state === "refused" ? "off" : state}
        onLive={setWanted}
        onNewer={readsOlder && news !== seen ? showNewer : undefined}
        busy={pages.isFetching}
        onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        refusalsBefore={refusalsBefore}
        nowMs={nowMs}
      />
    </SidePage>
  );
}

function firstPageOf({ pages, pageParams }: InfiniteData<Page, string>): InfiniteData<Page, string> {
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) };
}
