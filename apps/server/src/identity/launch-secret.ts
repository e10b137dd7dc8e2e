import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../platform/clock.ts";

/** Architecture §2: unused secrets are replaced after 10 minutes. */
export const LAUNCH_SECRET_LIFETIME_MS = 10 * 60_000;
const SECRET_BYTES = 32;

/**
 * Proves that a browser was opened by whoever can read the server's terminal or its data directory. One secret is
 * valid at a time, once; only its hash is kept, so it can be shown only at the moment it is made.
 */
export class LaunchSecret {
  #hash: Buffer | undefined;
  #expiresAtMs = 0;
  #cancelTimer: () => void = () => undefined;
  readonly #clock: Clock;
  readonly #randomBytes: (size: number) => Uint8Array;
  readonly #announce: (secret: string, why: LaunchSecretReason) => void;

  /** @param announce shows or stores a fresh secret; called for every one that is made */
  constructor(
    clock: Clock,
    randomBytes: (size: number) => Uint8Array,
    announce: (secret: string, why: LaunchSecretReason) => void,
  ) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
    this.#announce = announce;
  }

  /** Makes a fresh secret; the one before stops working. */
  renew(why: LaunchSecretReason): void {
    this.#cancelTimer();
    const secret = Buffer.from(this.#randomBytes(SECRET_BYTES)).toString("base64url");
    this.#hash = hashOf(secret);
    this.#expiresAtMs = this.#clock.nowMs() + LAUNCH_SECRET_LIFETIME_MS;
    this.#cancelTimer = this.#clock.setTimer(this.#expiresAtMs, () => this.renew("expired"));
    this.#announce(secret, why);
  }

  /** true once per secret, within its lifetime; a fresh one is made at once. */
  redeem(secret: string): boolean {
    if (this.#hash === undefined || this.#clock.nowMs() >= this.#expiresAtMs) return false;
    if (!timingSafeEqual(this.#hash, hashOf(secret))) return false;
    this.renew("used");
    return true;
  }

  /** No secret is valid any more, and no timer is left. */
  close(): void {
    this.#cancelTimer();
    this.#hash = undefined;
  }
}

export type LaunchSecretReason = "start" | "asked" | "used" | "expired";

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
