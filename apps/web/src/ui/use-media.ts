import { useMemo, useSyncExternalStore } from "react";

/** Whether a media query holds, live. The browser is asked once and tells of changes: each answer may cost it a layout. */
export function useMedia(query: string): boolean {
  const { subscribe, getSnapshot } = useMemo(() => {
    const list = matchMedia(query);
    let { matches } = list;
    return {
      getSnapshot: () => matches,
      subscribe: (onChange: () => void) => {
        const read = (): void => {
          matches = list.matches;
          onChange();
        };
        read(); // it may have changed since the first answer
        list.addEventListener("change", read);
        return () => list.removeEventListener("change", read);
      },
    };
  }, [query]);
  return useSyncExternalStore(subscribe, getSnapshot);
}
