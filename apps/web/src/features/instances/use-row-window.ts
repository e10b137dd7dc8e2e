import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** Kept beyond the view on both sides, in px: eight rows (DESIGN §14). */
export const OVERSCAN_PX = 8 * 40;
/** After the last key, in milliseconds: then what lies beyond the view is drawn as well. */
export const REST_MS = 150;

interface RowWindow {
  fromPx: number;
  toPx: number;
  /** Another list begins at its top, with every key: until the keys rest only what is in view is drawn. */
  beginAnew(): void;
}

/** The part of a scrolling element that rows are drawn for; follows scrolling and resizing once a frame. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>): RowWindow {
  const [window, setWindow] = useState({ fromPx: 0, toPx: OVERSCAN_PX });
  // as it was read last: a key must not make the browser lay out the page
  const heightPx = useRef(OVERSCAN_PX);
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const read = useCallback((): void => {
    const element = scroller.current;
    if (element === null) return;
    const { scrollTop, clientHeight } = element;
    heightPx.current = clientHeight;
    if (resting.current !== undefined && scrollTop === 0) return;
    setWindow((before) => {
      // rows are drawn anew only when the view has left half of what is drawn beyond it
      const drawn =
        before.fromPx <= Math.max(0, scrollTop - OVERSCAN_PX / 2) &&
        before.toPx >= scrollTop + clientHeight + OVERSCAN_PX / 2 &&
        before.toPx - before.fromPx <= clientHeight + 3 * OVERSCAN_PX;
      return drawn ? before : { fromPx: scrollTop - OVERSCAN_PX, toPx: scrollTop + clientHeight + OVERSCAN_PX };
    });
  }, [scroller]);
  const beginAnew = useCallback((): void => {
    const toPx = heightPx.current;
    setWindow((before) => (before.fromPx === 0 && before.toPx === toPx ? before : { fromPx: 0, toPx }));
    clearTimeout(resting.current);
    resting.current = setTimeout(() => {
      resting.current = undefined;
      read();
    }, REST_MS);
  }, [read]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let frame: number | undefined;
    const later = (): void => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        read();
      });
    };
    read();
    element.addEventListener("scroll", later, { passive: true });
    const observer = new ResizeObserver(later);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", later);
      observer.disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(resting.current);
      resting.current = undefined;
    };
  }, [scroller, read]);
  return { ...window, beginAnew };
}
