/** The whole page has nothing to show: says why, and tries again by itself while that may help. */
import { useEffect, useState } from "react";
import { describeFailure } from "../lib/failure.ts";
import { Button } from "../ui/button.tsx";
import { Evidence } from "../ui/evidence.tsx";
import { Notice } from "../ui/notice.tsx";

/** Seconds between attempts; the last one repeats for as long as the page is open. */
const RETRY_AFTER_S = [1, 2, 4, 8, 15] as const;

export function PageFailure({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const failure = describeFailure(error);
  const secondsLeft = useRetry(error, failure.retryable, onRetry);
  return (
    <main className="page-failure">
      <h1 className="sr">Causeway</h1>
      <Notice
        alert
        busy={failure.retryable}
        icon="warning"
        tone="warn"
        title={failure.title}
        actions={
          <>
            <Button variant="primary" onClick={onRetry}>
              {failure.retryable ? "Try now" : "Reload"}
            </Button>
            {failure.retryable && (
              <span className="t12 t3 num" aria-live="off">
                next try in {secondsLeft}&nbsp;s
              </span>
            )}
          </>
        }
      >
        <p>
          {failure.cause} {failure.remedy}
        </p>
        <Evidence text={failure.evidence} />
      </Notice>
    </main>
  );
}

function useRetry(error: unknown, retryable: boolean, onRetry: () => void): number {
  const [{ attempt, left }, setState] = useState<{ attempt: number; left: number }>({
    attempt: 0,
    left: RETRY_AFTER_S[0],
  });
  // each new error is a failed attempt: wait longer
  useEffect(() => {
    setState(({ attempt: before }) => {
      const next = Math.min(before + 1, RETRY_AFTER_S.length);
      return { attempt: next, left: RETRY_AFTER_S[next - 1] ?? RETRY_AFTER_S[0] };
    });
  }, [error]);
  // `onRetry` is a new function at every render and must not restart the second
  useEffect(() => {
    if (!retryable || attempt === 0) return;
    const timer = setTimeout(() => {
      if (left <= 1) onRetry();
      setState((state) => ({ ...state, left: Math.max(0, state.left - 1) }));
    }, 1_000);
    const onOnline = (): void => onRetry();
    window.addEventListener("online", onOnline);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", onOnline);
    };
  }, [retryable, attempt, left]);
  return left;
}
