/**
 * Links whose person is on her way to sign in at another site: what the page had in its memory is kept here meanwhile, as a hash, for
 * the browser that holds the cookie. It opens nothing by itself: the link is redeemed as always once she is signed in.
 */
import { cookieHash } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { guessOf, type SecretGuess } from "./share-secret.ts";

/** Links under way at one time; at the bound nobody leaves one more, and is told to wait. */
export const CARRIED_LINKS_MAX = 1_000;
/** As long as a sign-in elsewhere may take, in milliseconds. */
export const CARRIED_MS = 10 * 60_000;
const COOKIE_BYTES = 32;

export interface CarriedLink {
  readonly shareId: string;
  readonly guess: SecretGuess;
}

export class CarriedLinks {
  readonly #clock: Clock;
  readonly #randomBytes: (size: number) => Uint8Array;
  /** By the cookie's hash, oldest first. */
  readonly #links = new Map<string, CarriedLink & { endsAtMs: number }>();

  constructor(clock: Clock, randomBytes: (size: number) => Uint8Array) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  /**
   * @param before the cookie that this browser has already: what it stands for is forgotten
   * @returns the value of the new cookie. @throws CatalogError RATE_LIMITED
   */
  carry(shareId: string, secret: string, before: string | undefined): string {
    this.forget(before);
    const nowMs = this.#clock.nowMs();
    for (const [key, { endsAtMs }] of this.#links) if (nowMs >= endsAtMs) this.#links.delete(key);
    if (this.#links.size >= CARRIED_LINKS_MAX)
      throw new CatalogError("RATE_LIMITED", { retryAfterS: CARRIED_MS / 1_000 });
    const cookie = Buffer.from(this.#randomBytes(COOKIE_BYTES)).toString("base64url");
    this.#links.set(cookieHash(cookie), { shareId, guess: guessOf(shareId, secret), endsAtMs: nowMs + CARRIED_MS });
    return cookie;
  }

  find(cookie: string | undefined): CarriedLink | undefined {
    const link = cookie === undefined ? undefined : this.#links.get(cookieHash(cookie));
    return link === undefined || this.#clock.nowMs() >= link.endsAtMs ? undefined : link;
  }

  forget(cookie: string | undefined): void {
    if (cookie !== undefined) this.#links.delete(cookieHash(cookie));
  }
}
