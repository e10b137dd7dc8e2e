/**
 * The only place that knows the terminal feature: loads it after the first paint, and gives it the page's means.
 * Terminals exist only once all of it is there, so that a pane is on the page, with the keyboard, before the next key.
 */

import { TERMINAL_SUBPROTOCOL } from "@causeway/wire-contract/terminal-frames";
import type { SharingStore } from "../features/sharing/sharing-store.ts";
import type { CommandEnd } from "../features/terminal/marks/command-marks.ts";
import type { PaneFacts } from "../features/terminal/pane-facts.tsx";
import type { TerminalPane } from "../features/terminal/terminal-pane.tsx";
import type { TerminalSession } from "../features/terminal/terminal-session.ts";
import type { TerminalSettings } from "../features/terminal/terminal-settings.ts";
import type { TerminalApi } from "../features/terminal/terminal-types.ts";
import type { TerminalFactory } from "../features/workspace/workspace-terminal.ts";
import type { Api } from "../lib/api.ts";
import type { PaneShare } from "./pane-share.tsx";

export type { TerminalSession } from "../features/terminal/terminal-session.ts";

const sharings = new WeakMap<TerminalSession, SharingStore>();

/** Who looks at this terminal, beside its owner. */
export function sharingOf(terminal: TerminalSession): SharingStore | undefined {
  return sharings.get(terminal);
}

/** A guest has the keyboard of this terminal. */
export function isTakenByGuest(terminal: TerminalSession): boolean {
  const people = sharings.get(terminal)?.getView().people ?? [];
  return people.some(({ mode, keyboard }) => mode !== undefined && keyboard === "holding");
}

/** Names of those who are at this terminal by a link, now. */
export function watchersOf(terminal: TerminalSession): readonly string[] {
  const people = sharings.get(terminal)?.getView().people ?? [];
  return people.filter(({ mode, connected }) => mode !== undefined && connected).map(({ name }) => name);
}

interface TerminalParts {
  TerminalPane: typeof TerminalPane;
  PaneFacts: typeof PaneFacts;
  PaneShare: typeof PaneShare;
}
let parts: TerminalParts | undefined;

/** What shows and shares a terminal; undefined until `loadTerminals` has brought the first factory. */
export function terminalParts(): TerminalParts | undefined {
  return parts;
}

export interface TerminalMeans {
  /** The id that acts for whoever had this one, after signing in anew. */
  identityNow(id: string): string;
  /** AWS refuses the credentials of this identity, and the person asked to sign in again. */
  onSignInWanted(identityId: string | undefined): void;
  /** As the person chose, right now. */
  settings(): TerminalSettings;
  /** Who gets what is typed into this one while the person broadcasts. */
  alsoTypesInto(terminal: TerminalSession): readonly TerminalSession[];
  onCommandEnded(terminal: TerminalSession, end: CommandEnd): void;
  /** @param step px larger, or smaller */
  changeFontSize(step: number): void;
  /** A terminal was made; what others do at it is told from here on. @returns run when the terminal is let go of */
  onShared(terminal: TerminalSession, sharing: SharingStore): () => void;
}

export async function loadTerminals(
  api: Api,
  { identityNow, onSignInWanted, onShared, settings, ...means }: TerminalMeans,
): Promise<TerminalFactory<TerminalSession>> {
  const [{ TerminalSession }, { TerminalPane }, { PaneFacts }, { PaneShare }, { SharingStore }] = await Promise.all([
    import("../features/terminal/terminal-session.ts"),
    import("../features/terminal/terminal-pane.tsx"),
    import("../features/terminal/pane-facts.tsx"),
    import("./pane-share.tsx"),
    import("../features/sharing/sharing-store.ts"),
  ]);
  parts = { TerminalPane, PaneFacts, PaneShare };
  const terminalApi: TerminalApi = {
    startSession: ({ identityId, ...request }, signal) =>
      api.startSession(
        identityId === undefined ? request : { ...request, identityId: identityNow(identityId) },
        signal,
      ),
    attachTicket: api.attachTicket,
    endSession: (sessionId) => api.endSession(sessionId),
  };
  return (target, existing) => {
    const shared = new SharingStore(browserClock.nowMs);
    const terminal: TerminalSession = new TerminalSession(target, existing, {
      api: terminalApi,
      openSocket,
      clock: browserClock,
      randomHex,
      onSignInWanted: () => onSignInWanted(target.identityId),
      settings,
      shared,
      alsoTypesInto: () => means.alsoTypesInto(terminal),
      onCommandEnded: (end) => means.onCommandEnded(terminal, end),
      changeFontSize: means.changeFontSize,
      onDisposed: () => leave(),
    });
    sharings.set(terminal, shared);
    const leave = onShared(terminal, shared);
    return terminal;
  };
}

function openSocket(sessionId: string): WebSocket {
  return attachSocket(`/api/v1/sessions/${encodeURIComponent(sessionId)}/attach`);
}

/** @param path of the server's attach route */
export function attachSocket(path: string): WebSocket {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, TERMINAL_SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  return socket;
}

export const browserClock = {
  nowMs: (): number => Date.now(),
  setTimeout: (callback: () => void, ms: number): number => window.setTimeout(callback, ms),
  clearTimeout: (id: number): void => window.clearTimeout(id),
};

export function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
