import type { Me } from "@causeway/wire-contract/identity";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AuditFilter, auditQuery } from "../features/audit/audit-filter.ts";
import { AuditLog } from "../features/audit/audit-log.tsx";
import { FailureBanner } from "../ui/failure-banner.tsx";
import { useConsole } from "./console-context.ts";
import { SidePage } from "./side-page.tsx";

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
  return (
    <SidePage me={me} here="audit" title="Audit" className="audit" onLeave={onLeave}>
      {pages.isError && <FailureBanner error={pages.error} />}
      <AuditLog
        filter={filter}
        onFilter={onFilter}
        pages={pages.data?.pages ?? []}
        busy={pages.isFetching}
        onMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
        nowMs={nowMs}
      />
    </SidePage>
  );
}
