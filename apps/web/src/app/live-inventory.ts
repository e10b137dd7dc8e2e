/**
 * The page's live lists: one connection to the server, and the store of what it tells. Lives as long as the page.
 */
import { TERMINAL_SUBPROTOCOL } from "@causeway/wire-contract/terminal-frames";
import { InventoryStore } from "../features/instances/inventory-store.ts";
import type { Api } from "../lib/api.ts";
import { LiveConnection, type LiveSocket } from "../lib/live-connection.ts";
import { AuditLive } from "./audit-live.ts";
import { browserClock } from "./terminal-feature.ts";

export interface LiveInventory {
  store: InventoryStore;
  /** What the audit page is told over the same connection. */
  live: AuditLive;
  /** Connects now if it does not stand: at the start, after signing in, when somebody wants a new list. */
  wake(): void;
  /** Drops the connection and makes a new one: the server tells a page of the identities it had when it connected. */
  reconnect(): void;
}

/** What else wants to know how the connection fares. */
export interface ConnectionWatch {
  /** The server is about to close it. @param code of the error catalog */
  onRefused(code: string): void;
  onReady(): void;
}

export function liveInventory(api: Api, watch: ConnectionWatch): LiveInventory {
  const store: InventoryStore = new InventoryStore({
    send: (message) => connection.send(message),
    clock: browserClock,
  });
  const live: AuditLive = new AuditLive((message) => connection.send(message));
  let changed = false;
  const connection = new LiveConnection({
    ticket: async () => (await api.eventsTicket()).ticket,
    openSocket,
    clock: browserClock,
    random: Math.random,
    onEvent: (event) => ("source" in event ? store.handle(event) : live.handle(event)),
    onRefused: (code) => watch.onRefused(code),
    onReady: () => {
      watch.onReady();
      store.handleReady();
      live.handleReady();
      // what failed for the credentials of before is asked for again at once
      if (changed) store.refresh();
      changed = false;
    },
    onLost: (error) => {
      store.handleLost(error);
      live.handleLost();
    },
  });
  const wake = (): void => connection.dial();
  const reconnect = (): void => {
    changed = true;
    connection.redial();
  };
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (store.getSnapshot().sources.length > 0 || live.isOn)) wake();
  });
  return { store, live, wake, reconnect };
}

function openSocket(): LiveSocket {
  const url = new URL("/api/v1/events", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, TERMINAL_SUBPROTOCOL) as LiveSocket;
}
