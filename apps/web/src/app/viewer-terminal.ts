/** A terminal that somebody else owns, as this page has it: the connection of a link, and no way to begin or end a shell. */
import type { Session } from "@causeway/wire-contract/sessions";
import type { SharedSession } from "@causeway/wire-contract/sharing";
import { SharingStore } from "../features/sharing/sharing-store.ts";
import { TerminalSession } from "../features/terminal/terminal-session.ts";
import type { TerminalSettings } from "../features/terminal/terminal-settings.ts";
import type { Api } from "../lib/api.ts";
import { attachSocket, browserClock, randomHex } from "./terminal-feature.ts";

export interface ViewedTerminal {
  terminal: TerminalSession;
  sharing: SharingStore;
}

/** Until the server tells the grid's own size, with its first message. */
const SIZE_BEFORE = { cols: 80, rows: 24 };

/** @param onKeyDropped a key was pressed that goes nowhere: this page's person may not type now */
export function viewTerminal(
  shared: SharedSession,
  { api, settings }: { api: Api; settings(): TerminalSettings },
  onKeyDropped: () => void,
): ViewedTerminal {
  const { shareId, account, region, instanceId, instanceName, startedAt } = shared;
  const sharing = new SharingStore(browserClock.nowMs);
  const existing: Session = {
    ...{ id: shareId, identityId: "", awsSessionId: "", account, region, instanceId, instanceName, startedAt },
    ...{ channel: "open", ...SIZE_BEFORE },
  };
  const terminal = new TerminalSession({ instanceId, instanceName, region }, existing, {
    api: {
      startSession: () => Promise.reject(new Error("a viewer starts no session")),
      attachTicket: api.shareTicket,
      endSession: () => Promise.reject(new Error("a viewer ends no session")),
    },
    openSocket: (id) => attachSocket(`/api/v1/shares/${encodeURIComponent(id)}/attach`),
    clock: browserClock,
    randomHex,
    settings,
    shared: {
      handleMessage: (message) => sharing.handleMessage(message),
      handleGap: () => sharing.handleGap(),
      guest: { mayType: () => sharing.mayType(), onKeyDropped },
    },
  });
  return { terminal, sharing };
}
