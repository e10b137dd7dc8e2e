import { useCallback } from "react";
import { useConsole } from "./console-context.ts";

/** @returns puts a short text, an id or a name, into the clipboard, and says so */
export function useCopy(): (text: string) => void {
  const { toasts } = useConsole();
  return useCallback(
    (text) =>
      void navigator.clipboard.writeText(text).then(
        () => toasts.show({ title: `Copied ${text}.` }),
        () => toasts.show({ tone: "bad", title: "The browser did not allow copying." }),
      ),
    [toasts],
  );
}
