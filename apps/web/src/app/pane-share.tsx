import { useSyncExternalStore } from "react";
import { SharePopover } from "../features/sharing/share-popover.tsx";
import { useConsole } from "./console-context.ts";
import { sharingOf, type TerminalSession } from "./terminal-feature.ts";
import { usePresence, usePresenceChoice } from "./use-presence.ts";

/** The button and dialog to share one terminal; nothing while there is no shell to share. */
export function PaneShare({ terminal, runsAs }: { terminal: TerminalSession; runsAs: string }) {
  const app = useConsole();
  const { session, kind } = useSyncExternalStore(terminal.subscribe, terminal.getStatus);
  const store = sharingOf(terminal);
  const presence = usePresence(terminal, store, true);
  const { pointing } = usePresenceChoice(presence);
  if (session === undefined || store === undefined || kind === "ended" || kind === "failed") return null;
  return (
    <SharePopover
      api={app.api}
      store={store}
      sessionId={session.id}
      instanceName={session.instanceName}
      account={session.account}
      runsAs={runsAs}
      origin={window.location.origin}
      pointing={pointing}
      onPointing={(next) => presence?.showPointer(next)}
      onAct={(act, who) => terminal.say({ type: "keyboard", act, who })}
      onClosed={() => terminal.focus()}
    />
  );
}
