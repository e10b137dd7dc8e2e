/** Signing out of the workspace: asks what becomes of the shells, if there are any. */
import type { Me } from "@causeway/wire-contract/identity";
import { type ReactNode, useState } from "react";
import { panesOf } from "../features/workspace/tab-state.ts";
import type { Workspace } from "../features/workspace/workspace.ts";
import { isLive } from "../features/workspace/workspace-terminal.ts";
import { lazyPart } from "../ui/lazy-part.tsx";
import { useConsole } from "./console-context.ts";
import type { TerminalSession } from "./terminal-feature.ts";

const SignOutDialog = lazyPart(async () => (await import("./sign-out.tsx")).SignOutDialog);

export function useSigningOut(me: Me, workspace: Workspace<TerminalSession>): { ask(): void; dialog: ReactNode } {
  const app = useConsole();
  const [asking, setAsking] = useState(false);
  const liveCount = (): number =>
    panesOf(workspace.store.getState()).filter(({ key }) => isLive(workspace.registry.get(key))).length;
  const signOut = async (how: "end" | "keep"): Promise<void> => {
    if (how === "end") await workspace.endAll();
    await app.signOut(how);
  };
  return {
    ask: () => {
      if (liveCount() > 0) setAsking(true);
      else
        signOut("keep").catch(() =>
          app.toasts.show({ tone: "bad", title: "You are still signed in", detail: "The server did not answer." }),
        );
    },
    dialog: asking && (
      <SignOutDialog
        me={me}
        liveCount={liveCount()}
        signOut={signOut}
        onCancel={() => {
          setAsking(false);
          workspace.focusActive();
        }}
      />
    ),
  };
}
