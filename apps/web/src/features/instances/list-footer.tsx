import { describeFailure } from "../../lib/failure.ts";
import { formatSpan } from "../../lib/relative-time.ts";
import { IconButton } from "../../ui/button.tsx";
import { useNow } from "../../ui/use-now.ts";
import type { ListProgress } from "./list-progress.ts";

interface Props {
  shown: number;
  total: number;
  progress: ListProgress;
  /** When the oldest part of the list was complete, by this browser's clock; undefined: not yet. */
  updatedAtMs: number | undefined;
  /** false: the page is not told of changes. */
  connected: boolean;
  error: unknown;
  onRefresh(): void;
}

export function ListFooter({ shown, total, progress, updatedAtMs, connected, error, onRefresh }: Props) {
  const { loading, truncated, refreshing } = progress;
  const failure = connected ? undefined : describeFailure(error);
  return (
    <div className="sidefoot">
      <div className="foot-row">
        {loading && <span className="spin sm" />}
        <span className="num trunc" role={loading ? "status" : undefined}>
          {loading ? loadedText(loading) : shown === total ? `${total} instances` : `${shown} of ${total} shown`}
          {truncated && ", there are more"}
        </span>
        {updatedAtMs !== undefined && (
          <>
            <span aria-hidden="true">·</span>
            {connected ? (
              <Age sinceMs={updatedAtMs} prefix="refreshed " suffix=" ago" />
            ) : (
              <Age sinceMs={updatedAtMs} prefix="" suffix=" old" />
            )}
          </>
        )}
        {refreshing && !loading ? (
          <span className="foot-busy" title="Refreshing">
            <span className="spin sm" />
          </span>
        ) : (
          <IconButton icon="refresh" label="Refresh now" className="end-aligned" onClick={onRefresh} />
        )}
      </div>
      {failure && (
        <p className="warn-text" role="status" title={failure.cause}>
          {failure.title}.
        </p>
      )}
    </div>
  );
}

function loadedText({ loaded, about }: NonNullable<ListProgress["loading"]>): string {
  if (loaded === 0 && about === undefined) return "Loading";
  return about === undefined || about <= loaded ? `${loaded} loaded` : `${loaded} of about ${about} loaded`;
}

/** Ticks by itself, so that nothing around it is drawn again every second. */
function Age({ sinceMs, prefix, suffix }: { sinceMs: number; prefix: string; suffix: string }) {
  const nowMs = useNow();
  return (
    <span className="num trunc">
      {prefix}
      {formatSpan(nowMs - sinceMs)}
      {suffix}
    </span>
  );
}
