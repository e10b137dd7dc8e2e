import { useEffect, useState } from "react";

const TICK_MS = 1000;

/** The wall clock in milliseconds, once a second while something counts seconds. */
export function useNow(isCounting = true): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    setNowMs(Date.now());
    if (!isCounting) return;
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isCounting]);
  return nowMs;
}
