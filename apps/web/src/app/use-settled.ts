import { useCallback, useEffect, useRef } from "react";

/** Calls `onValue` once the value has not changed for `restMs`; the function returned never changes. */
export function useSettled(onValue: (value: string) => void, restMs: number): (value: string) => void {
  const latest = useRef(onValue);
  latest.current = onValue;
  const timer = useRef<number>(undefined);
  const sent = useRef<string>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(
    (value) => {
      window.clearTimeout(timer.current);
      // the first value is what the address already says
      if (sent.current === undefined || sent.current === value) {
        sent.current = value;
        return;
      }
      timer.current = window.setTimeout(() => {
        sent.current = value;
        latest.current(value);
      }, restMs);
    },
    [restMs],
  );
}
