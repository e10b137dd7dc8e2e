/** What happened, newest first: filter, picture of activity, rows that open, export. It reads only. */
import type { AuditActivity, AuditPage } from "@causeway/wire-contract/audit";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { useMedia } from "../../ui/use-media.ts";
import "../../ui/table.css";
import "./audit.css";
import { AuditActivityPicture } from "./audit-activity.tsx";
import type { AuditFilter } from "./audit-filter.ts";
import { AuditHead, type LiveState } from "./audit-head.tsx";
import { AuditRow } from "./audit-row.tsx";
import { AuditToolbar } from "./audit-toolbar.tsx";

/** Rows on the page at once; what is older is found by narrowing the filter, or in the export. */
export const AUDIT_ROWS_MAX = 1_000;
const COLUMNS = ["Time (UTC)", "Person", "Action", "On", "Account", "From", "Result"] as const;
/** Beside the others where the window is wide; elsewhere an opened row says them. */
const WIDE_COLUMNS = [...COLUMNS, "Role", "Device"] as const;
const WIDE = "(min-width: 1680px)";

interface Props {
  filter: AuditFilter;
  onFilter(filter: AuditFilter): void;
  pages: readonly AuditPage[];
  activity: AuditActivity | undefined;
  live: LiveState;
  onLive(on: boolean): void;
  /** There are newer events than the rows show. */
  onNewer: (() => void) | undefined;
  busy: boolean;
  /** There are older ones. */
  onMore: (() => void) | undefined;
  /** How many refusals the same person had in the hour before an event. */
  refusalsBefore(event: { name: string; at: number }, signal: AbortSignal): Promise<number>;
  nowMs: number;
}

export function AuditLog(props: Props) {
  const { filter, onFilter, pages, activity, live, onNewer, busy, onMore, nowMs } = props;
  const [openId, setOpenId] = useState<string>();
  const [first] = pages;
  const events = pages.flatMap((page) => page.events);
  const shown = events.slice(0, AUDIT_ROWS_MAX);
  const isFull = events.length >= AUDIT_ROWS_MAX;
  const columns = useMedia(WIDE) ? WIDE_COLUMNS : COLUMNS;
  const accountNames = new Map(activity?.accounts.map(({ id, name }) => [id, name]));
  return (
    <>
      <AuditHead filter={filter} keptDays={first?.keptDays} live={live} onLive={props.onLive} nowMs={nowMs} />
      <AuditToolbar filter={filter} onFilter={onFilter} page={first} activity={activity} />
      {activity && <AuditActivityPicture activity={activity} endsNow={filter.to === undefined} />}
      <section className="table-rows audit-rows" aria-label="Events" aria-busy={busy} tabIndex={0}>
        {onNewer && (
          <div className="audit-newer">
            <Button size="sm" onClick={onNewer}>
              Show newer events
            </Button>
          </div>
        )}
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col" className={`col-${name.split(" ")[0]?.toLowerCase()}`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((event) => (
              <AuditRow
                key={event.id}
                event={event}
                accountName={accountNames.get(event.account)}
                nowMs={nowMs}
                columns={columns.length}
                open={openId === event.id}
                onToggle={setOpenId}
                onFilter={onFilter}
                refusalsBefore={props.refusalsBefore}
              />
            ))}
          </tbody>
        </table>
        {first !== undefined && !busy && events.length === 0 && onMore === undefined && (
          <p className="table-note t2">No event matches. Try fewer words, or a longer time.</p>
        )}
        {isFull && (
          <p className="table-note t2">
            {AUDIT_ROWS_MAX.toLocaleString("en")} events are shown. Narrow the filter to see older ones, or export them.
          </p>
        )}
        {onMore && !isFull && (
          <div className="table-note">
            <Button aria-disabled={busy} onClick={onMore}>
              {events.length === 0 ? "Look at older events" : "Show older events"}
            </Button>
          </div>
        )}
      </section>
    </>
  );
}
