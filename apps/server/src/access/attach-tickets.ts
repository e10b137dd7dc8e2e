import { createHash, timingSafeEqual } from "node:crypto";
import type { AttachTicket } from "@causeway/wire-contract/sessions";
import type { Clock } from "../platform/clock.ts";

export const TICKET_LIFETIME_MS = 30_000;
/** A page opens a few terminals at a time; at the bound the login's oldest ticket stops working. */
export const TICKETS_PER_LOGIN_MAX = 100;
/** All logins together; at the bound the oldest ticket of all stops working. */
export const TICKETS_MAX = 10_000;
const TICKET_BYTES = 32;

type Entry = { loginId: string; sessionId: string; expiresAtMs: number };

/**
 * Tickets that let one websocket attach to one session: single use, 30 s, bound to login and session.
 * Only hashes are kept, and a hash is looked up as a whole, so that neither memory nor timing gives one away.
 */
export class AttachTickets {
  #entries = new Map<string, Entry>(); // by hash; insertion order = oldest first
  #countByLogin = new Map<string, number>();
  readonly #clock: Clock;
  readonly #randomBytes: (size: number) => Uint8Array;

  constructor(clock: Clock, randomBytes: (size: number) => Uint8Array) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  issue(loginId: string, sessionId: string): AttachTicket {
    this.#dropExpired();
    if ((this.#countByLogin.get(loginId) ?? 0) >= TICKETS_PER_LOGIN_MAX)
      this.#dropOldest((entry) => entry.loginId === loginId);
    if (this.#entries.size >= TICKETS_MAX) this.#dropOldest(() => true);
    const ticket = Buffer.from(this.#randomBytes(TICKET_BYTES)).toString("base64url");
    const expiresAt = this.#clock.nowMs() + TICKET_LIFETIME_MS;
    this.#entries.set(hashOf(ticket), { loginId, sessionId, expiresAtMs: expiresAt });
    this.#countByLogin.set(loginId, (this.#countByLogin.get(loginId) ?? 0) + 1);
    return { ticket, expiresAt };
  }

  /** true once, for the ticket of this login and session in its 30 s. A wrong guess uses nothing up. */
  redeem(ticket: string, loginId: string, sessionId: string): boolean {
    this.#dropExpired();
    const hash = hashOf(ticket);
    const entry = this.#entries.get(hash);
    if (entry === undefined) return false;
    this.#drop(hash, entry);
    return same(entry.loginId, loginId) && same(entry.sessionId, sessionId);
  }

  get size(): number {
    return this.#entries.size;
  }

  #dropExpired(): void {
    const nowMs = this.#clock.nowMs();
    for (const [hash, entry] of this.#entries) if (entry.expiresAtMs <= nowMs) this.#drop(hash, entry);
  }

  #dropOldest(matches: (entry: Entry) => boolean): void {
    for (const [hash, entry] of this.#entries)
      if (matches(entry)) {
        this.#drop(hash, entry);
        return;
      }
  }

  #drop(hash: string, entry: Entry): void {
    this.#entries.delete(hash);
    const left = (this.#countByLogin.get(entry.loginId) ?? 1) - 1;
    if (left > 0) this.#countByLogin.set(entry.loginId, left);
    else this.#countByLogin.delete(entry.loginId);
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}
