import { type RefObject, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { Keys } from "./keys.tsx";
import { type Box, REST_BOTTOM_PX, toastBottomPx } from "./toast-place.ts";
import "./toast-region.css";
import type { Toasts } from "./toasts.ts";

/** How soon notices make room for what comes to lie under them, in milliseconds. Looked at only while some stand. */
const LOOK_EVERY_MS = 150;

interface Props {
  toasts: Toasts;
  /** What they must not cover, besides every element with `data-keep-clear`: boxes in the window, as they are now. */
  keepClear?(): readonly Box[];
  /** A notice went by hand: what had the keyboard in it is gone. */
  onLeft(): void;
}

/** The polite live region of the page: one per page, always there, so that screen readers know it. */
export function ToastRegion({ toasts, keepClear, onLeft }: Props) {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.getSnapshot);
  const region = useRef<HTMLElement>(null);
  const bottomPx = useFreePlace(region, shown.length > 0 ? shown : undefined, keepClear);
  const leave = (act: () => void) => (): void => {
    act();
    toasts.release(); // an element that is taken away tells nobody that it lost the keyboard
    onLeft();
  };
  return (
    <section
      ref={region}
      className="toasts"
      style={{ bottom: bottomPx }}
      aria-label="Notices"
      onPointerEnter={() => toasts.hold()}
      onPointerLeave={() => toasts.release()}
      onFocus={() => toasts.hold()}
      onBlur={() => toasts.release()}
    >
      <div role="status" aria-live="polite">
        {shown.map((toast) => (
          <div
            key={toast.id}
            className={`toast ${toast.tone ?? "plain"}${toast.keys ? " hint" : ""}`}
            {...(toast.asksForMs === undefined ? {} : { "aria-live": "assertive" as const })}
          >
            <div className="grow">
              <b className="med">{toast.title}</b>
              {toast.detail && <div className="t12 t3">{toast.detail}</div>}
              {toast.keys?.map(({ caps, words }) => (
                <div key={words} className="toast-keys t12 t3">
                  <Keys caps={caps} /> {words}
                </div>
              ))}
            </div>
            {toast.action && (
              <Button size="sm" onClick={leave(() => toasts.act(toast.id))}>
                {toast.action.label} {toast.action.keys && <Keys caps={toast.action.keys} />}
              </Button>
            )}
            {toast.other && (
              <Button size="sm" onClick={leave(() => toasts.actOther(toast.id))}>
                {toast.other.label}
              </Button>
            )}
            <IconButton icon="close" label="Dismiss" onClick={leave(() => toasts.dismiss(toast.id))} />
          </div>
        ))}
      </div>
    </section>
  );
}

/** @param shown what stands; undefined: nothing does @returns px from the lower edge of the window */
function useFreePlace(region: RefObject<HTMLElement | null>, shown: unknown, keepClear: Props["keepClear"]): number {
  const [bottomPx, setBottomPx] = useState(REST_BOTTOM_PX);
  const asked = useRef(keepClear);
  asked.current = keepClear;
  useLayoutEffect(() => {
    if (shown === undefined) return setBottomPx(REST_BOTTOM_PX);
    const look = (): void => {
      const box = region.current?.getBoundingClientRect();
      if (box === undefined) return;
      const marked = [...document.querySelectorAll("[data-keep-clear]")].map((each) => each.getBoundingClientRect());
      const clear = [...marked, ...(asked.current?.() ?? [])];
      setBottomPx((now) => toastBottomPx(box, window.innerHeight, clear, now));
    };
    look(); // before it is seen
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [shown, region]);
  return bottomPx;
}
