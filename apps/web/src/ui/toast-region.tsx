import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { Keys } from "./keys.tsx";
import "./toast-region.css";
import type { Toasts } from "./toasts.ts";

interface Props {
  toasts: Toasts;
  /** A notice went by hand: what had the keyboard in it is gone. */
  onLeft(): void;
}

/** The polite live region of the page: one per page, always there, so that screen readers know it. */
export function ToastRegion({ toasts, onLeft }: Props) {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.getSnapshot);
  const leave = (act: () => void) => (): void => {
    act();
    toasts.release(); // an element that is taken away tells nobody that it lost the keyboard
    onLeft();
  };
  return (
    <section
      className="toasts"
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
