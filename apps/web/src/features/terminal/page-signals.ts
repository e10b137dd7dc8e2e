/** What happens to the page as a whole, from its document and window. */
import type { PageSignals } from "./terminal-types.ts";

export const browserPage: PageSignals = {
  isVisible: () => document.visibilityState === "visible",
  subscribe(listener) {
    const onVisibility = (): void => listener(document.visibilityState === "visible" ? "visible" : "hidden");
    const onOnline = (): void => listener("online");
    const onFocus = (): void => listener("focus");
    document.addEventListener("visibilitychange", onVisibility);
    window.addEventListener("online", onOnline);
    window.addEventListener("focus", onFocus);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("focus", onFocus);
    };
  },
};
