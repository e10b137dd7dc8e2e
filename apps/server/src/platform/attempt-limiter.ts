import { isIPv6 } from "node:net";
import { CatalogError } from "./catalog-error.ts";
import type { Clock } from "./clock.ts";

export interface AttemptLimits {
  /** Attempts that were not forgiven, per address and window. */
  attemptsMax: number;
  windowMs: number;
  /** Addresses remembered; at the bound the one whose window began first is forgotten. */
  addressesMax: number;
}

/**
 * Counts attempts per address in fixed windows. A caller takes an attempt before it tries, and forgives it when the
 * attempt was honest: whoever signs in correctly is never slowed down, whoever guesses is.
 */
export class AttemptLimiter {
  #windows = new Map<string, { startedAtMs: number; attempts: number }>(); // insertion order = oldest window first
  readonly #limits: AttemptLimits;
  readonly #clock: Clock;

  constructor(limits: AttemptLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** @returns false when this address has none left in its window */
  take(address: string): boolean {
    const key = networkOf(address);
    const nowMs = this.#clock.nowMs();
    let window = this.#windows.get(key);
    // A clock that was set back must not lock anybody out for longer than a window.
    if (window && (nowMs >= window.startedAtMs + this.#limits.windowMs || nowMs < window.startedAtMs)) {
      this.#windows.delete(key);
      window = undefined;
    }
    if (window === undefined) {
      if (this.#windows.size >= this.#limits.addressesMax) this.#forgetOldest();
      window = { startedAtMs: nowMs, attempts: 0 };
      this.#windows.set(key, window);
    }
    if (window.attempts >= this.#limits.attemptsMax) return false;
    window.attempts++;
    return true;
  }

  /** As `take`. @throws CatalogError RATE_LIMITED, which says when the window is over */
  admit(address: string): void {
    if (this.take(address)) return;
    const startedAtMs = this.#windows.get(networkOf(address))?.startedAtMs ?? this.#clock.nowMs();
    const leftMs = startedAtMs + this.#limits.windowMs - this.#clock.nowMs();
    throw new CatalogError("RATE_LIMITED", { retryAfterS: Math.max(1, Math.ceil(leftMs / 1_000)) });
  }

  /** Gives one attempt back. */
  forgive(address: string): void {
    const window = this.#windows.get(networkOf(address));
    if (window !== undefined && window.attempts > 0) window.attempts--;
  }

  get size(): number {
    return this.#windows.size;
  }

  #forgetOldest(): void {
    for (const key of this.#windows.keys()) {
      this.#windows.delete(key);
      return;
    }
  }
}

/** One IPv6 subscriber has a whole /64 of addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const rest = tail === "" ? [] : tail.split(":");
    while (groups.length + rest.length < 8) groups.push("0");
    groups.push(...rest);
  }
  return groups.slice(0, 4).join(":");
}
