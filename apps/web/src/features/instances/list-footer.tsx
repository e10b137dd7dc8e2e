import { describeFailure } from "../../lib/failure.ts";
import { formatSpan } from "../../lib/relative-time.ts";
import { IconButton } from "../../ui/button.tsx";
import { useNow } from "../../ui/use-now.ts";

interface Props {
  shown: number;
  total: number;
  truncated: boolean;
  /** This browser's clock when the list arrived, in milliseconds since the epoch. */
  updatedAtMs: number;
  fetching: boolean;
  /** A refresh failed; the list that is shown is the older one. */
  error: unknown;
  onRefresh(): void;
}

export function ListFooter({ shown, total, truncated, updatedAtMs, fetching, error, onRefresh }: Props) {
  const count = shown === total ? `${total} instances` : `${shown} of ${total} shown`;
  return (
    <div className="sidefoot">
      <span className="num trunc">
        {count}
        {truncated && ", there are more"}
      </span>
      <span aria-hidden="true">·</span>
      {error ? (
        <span className="warn-text trunc" role="status" title={describeFailure(error).cause}>
          {describeFailure(error).title}. <Age sinceMs={updatedAtMs} prefix="" suffix=" old" />
        </span>
      ) : (
        <Age sinceMs={updatedAtMs} prefix="refreshed " suffix=" ago" />
      )}
      {fetching ? (
        <span className="foot-busy" title="Refreshing">
          <span className="spin sm" />
        </span>
      ) : (
        <IconButton icon="refresh" label="Refresh now" className="end-aligned" onClick={onRefresh} />
      )}
    </div>
  );
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
