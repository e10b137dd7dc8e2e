import { useEffect } from "react";
import type { Workspace } from "./workspace.ts";

/**
 * Asks before the page closes while a session is open (DESIGN §3: the browser keeps Ctrl+W for itself, and a person who
 * meant the shell's word-erase should get a chance). Nothing is lost either way: the server holds the sessions.
 */
export function useLeaveGuard(workspace: Workspace): void {
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent): void => {
      if (workspace.hasLiveSessions()) event.preventDefault();
    };
    const onPageHide = (): void => workspace.leavePage();
    window.addEventListener("beforeunload", onBeforeUnload);
    window.addEventListener("pagehide", onPageHide);
    return () => {
      window.removeEventListener("beforeunload", onBeforeUnload);
      window.removeEventListener("pagehide", onPageHide);
    };
  }, [workspace]);
}
