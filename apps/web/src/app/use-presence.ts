import { useEffect, useState, useSyncExternalStore } from "react";
import type { SharingStore } from "../features/sharing/sharing-store.ts";
import { type PresenceChoice, TerminalPresence } from "../features/sharing/terminal-presence.ts";
import { browserClock, type TerminalSession } from "./terminal-feature.ts";

const NOTHING: PresenceChoice = { following: true, pointing: false };

/** Names, pointers and reading along at one terminal, for as long as it is on the page. */
export function usePresence(
  terminal: TerminalSession,
  store: SharingStore | undefined,
  isOwner: boolean,
): TerminalPresence | undefined {
  const [presence, setPresence] = useState<TerminalPresence>();
  useEffect(() => {
    const grid = terminal.view;
    if (grid === undefined || store === undefined) return;
    const made = new TerminalPresence({
      ...{ grid, store, isOwner },
      clock: browserClock,
      say: (message) => void terminal.say(message),
    });
    setPresence(made);
    return () => made.dispose();
  }, [terminal, store, isOwner]);
  return presence;
}

export function usePresenceChoice(presence: TerminalPresence | undefined): PresenceChoice {
  return useSyncExternalStore(presence?.subscribe ?? unchanging, presence?.getChoice ?? (() => NOTHING));
}

function unchanging(): () => void {
  return () => undefined;
}
