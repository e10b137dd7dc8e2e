import { useEffect, useState } from "react";

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
