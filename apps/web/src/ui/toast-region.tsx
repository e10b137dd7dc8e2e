import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import "./toast-region.css";
import type { Toasts } from "./toasts.ts";

/** The polite live region of the page: one per page, always there, so that screen readers know it. */
export function ToastRegion({ toasts }: { toasts: Toasts }) {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.getSnapshot);
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
          <div key={toast.id} className={`toast ${toast.tone ?? "plain"}`}>
            <div className="grow">
              <b className="med">{toast.title}</b>
              {toast.detail && <div className="t12 t3">{toast.detail}</div>}
            </div>
            {toast.action && (
              <Button size="sm" onClick={() => toasts.act(toast.id)}>
                {toast.action.label}
              </Button>
            )}
            <IconButton icon="close" label="Dismiss" onClick={() => toasts.dismiss(toast.id)} />
          </div>
        ))}
      </div>
    </section>
  );
}
