/** The only place that knows the terminal feature: loads it after the first paint, and gives it the page's means. */

import { TERMINAL_SUBPROTOCOL } from "@causeway/wire-contract/terminal-frames";
import { lazy } from "react";
import type { TerminalSession } from "../features/terminal/terminal-session.ts";
import type { TerminalFactory } from "../features/workspace/workspace-terminal.ts";
import type { Api } from "../lib/api.ts";

export type { TerminalSession } from "../features/terminal/terminal-session.ts";

export async function loadTerminals(api: Api): Promise<TerminalFactory<TerminalSession>> {
  const [{ TerminalSession }] = await Promise.all([import("../features/terminal/terminal-session.ts"), loadPane()]);
  return (target, existing) =>
    new TerminalSession(target, existing, { api, openSocket, clock: browserClock, randomHex });
}

const loadPane = () => import("../features/terminal/terminal-pane.tsx");
export const TerminalPane = lazy(async () => ({ default: (await loadPane()).TerminalPane }));

function openSocket(sessionId: string): WebSocket {
  const url = new URL(`/api/v1/sessions/${encodeURIComponent(sessionId)}/attach`, window.location.href);
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

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
