import { useEffect, useState } from "react";

const TICK_MS = 1000;

/** The wall clock in milliseconds, once a second while something on the pane counts seconds. */
export function useNow(isCounting: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    setNowMs(Date.now());
    if (!isCounting) return;
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isCounting]);
  return nowMs;
}

/** true once `isOn` has been true for `ms` milliseconds without a break. */
export function useLasting(isOn: boolean, ms: number): boolean {
  const [isLasting, setIsLasting] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setIsLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setIsLasting(false);
    };
  }, [isOn, ms]);
  return isOn && isLasting;
}
