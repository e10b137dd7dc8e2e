import { type RefObject, useLayoutEffect, useState } from "react";

/** Kept beyond the view on both sides, in px: eight rows (DESIGN §14). */
export const OVERSCAN_PX = 8 * 40;

/** The part of a scrolling element that rows are drawn for; follows scrolling and resizing once a frame. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>): { fromPx: number; toPx: number } {
  const [window, setWindow] = useState({ fromPx: 0, toPx: OVERSCAN_PX });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let frame: number | undefined;
    const read = (): void => {
      frame = undefined;
      const { scrollTop, clientHeight } = element;
      setWindow((before) => {
        // rows are drawn anew only when the view has left half of what is drawn beyond it
        const drawn =
          before.fromPx <= Math.max(0, scrollTop - OVERSCAN_PX / 2) &&
          before.toPx >= scrollTop + clientHeight + OVERSCAN_PX / 2 &&
          before.toPx - before.fromPx <= clientHeight + 3 * OVERSCAN_PX;
        return drawn ? before : { fromPx: scrollTop - OVERSCAN_PX, toPx: scrollTop + clientHeight + OVERSCAN_PX };
      });
    };
    const later = (): void => {
      frame ??= requestAnimationFrame(read);
    };
    read();
    element.addEventListener("scroll", later, { passive: true });
    const observer = new ResizeObserver(later);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", later);
      observer.disconnect();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [scroller]);
  return window;
}
