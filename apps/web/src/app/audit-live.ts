/**
 * Whether the audit page is told of new events: asks for it whenever the connection stands, and counts what it is told.
 * Knows no event: the page reads those by HTTP.
 */
import type { PageMessage, ServerEvent } from "@causeway/wire-contract/events";

export interface AuditLiveSnapshot {
  /** `waiting`: wanted, but the connection does not stand. `refused`: not for whoever is signed in. */
  state: "off" | "waiting" | "live" | "refused";
  /** Goes up with each word of new events. */
  news: number;
}

export type AuditLiveEvent = Extract<ServerEvent, { type: "audit-news" | "audit-live-refused" }>;

export class AuditLive {
  readonly #send: (message: PageMessage) => boolean;
  readonly #listeners = new Set<() => void>();
  #snapshot: AuditLiveSnapshot = { state: "off", news: 0 };

  /** @param send false: the connection does not stand */
  constructor(send: (message: PageMessage) => boolean) {
    this.#send = send;
  }

  getSnapshot = (): AuditLiveSnapshot => this.#snapshot;
  /** One listener per audit page that is drawn, of which a window has one. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get isOn(): boolean {
    return this.#snapshot.state !== "off";
  }

  begin(): void {
    if (this.isOn) return;
    this.#set({ state: "waiting" });
    this.#send({ type: "audit-live", on: true });
  }

  end(): void {
    if (!this.isOn) return;
    this.#set({ state: "off" });
    this.#send({ type: "audit-live", on: false });
  }

  handleReady(): void {
    if (this.isOn) this.#send({ type: "audit-live", on: true });
  }

  handleLost(): void {
    if (this.isOn) this.#set({ state: "waiting" });
  }

  handle(event: AuditLiveEvent): void {
    if (!this.isOn) return; // was on its way when the page turned it off
    if (event.type === "audit-news") this.#set({ state: "live", news: this.#snapshot.news + 1 });
    else this.#set({ state: "refused" });
  }

  #set(part: Partial<AuditLiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}
