import { useEffect, useState } from "react";

/** Ages in the list are said in minutes. */
const TICK_MS = 20_000;

/** The wall clock in milliseconds, for what need not be exact to the second: a whole list is drawn anew with it. */
export function useSlowNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
