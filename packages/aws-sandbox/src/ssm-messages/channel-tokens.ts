/**
 * The tokens that open channels: unguessable, short-lived, used once, bound to one end of one session (or one machine's control channel).
 * Only their hashes are kept, so that no dump of this process's state gives out a usable one.
 */
import { createHash, timingSafeEqual } from "node:crypto";

/** AWS: "valid a short time, used once" (data-channel.md §2.1); the length itself is not published. */
export const TOKEN_LIFE_MS = 30_000;
/** Unused tokens of one subject; at the bound the oldest becomes void. */
export const TOKENS_PER_SUBJECT_MAX = 8;
const TOKEN_BYTES = 32;

interface IssuedToken {
  hash: Buffer;
  expiresAtMs: number;
}

export interface ChannelTokensDeps {
  nowMs(): number;
  randomBytes(length: number): Uint8Array;
}

export class ChannelTokens {
  readonly #deps: ChannelTokensDeps;
  readonly #issued = new Map<string, IssuedToken[]>();

  constructor(deps: ChannelTokensDeps) {
    this.#deps = deps;
  }

  /**
   * @param subject what the token opens, e.g. `client:<session id>`
   * @param lifeMs 0: it never opens anything
   */
  issue(subject: string, lifeMs: number = TOKEN_LIFE_MS): string {
    const token = Buffer.from(this.#deps.randomBytes(TOKEN_BYTES)).toString("base64url");
    const live = [...this.#live(subject), { hash: hashOf(token), expiresAtMs: this.#deps.nowMs() + lifeMs }];
    this.#issued.set(subject, live.slice(-TOKENS_PER_SUBJECT_MAX));
    return token;
  }

  /** True once per token. A wrong token voids nothing: it would let a guesser lock the owner out. */
  redeem(subject: string, token: string): boolean {
    const offered = hashOf(token);
    let found: IssuedToken | undefined;
    const live = this.#live(subject);
    for (const issued of live) if (timingSafeEqual(issued.hash, offered)) found = issued;
    if (found === undefined) return false;
    this.#keep(
      subject,
      live.filter((issued) => issued !== found),
    );
    return true;
  }

  /** Whether somebody may still open the channel with a token given out earlier. */
  isAwaited(subject: string): boolean {
    return this.#live(subject).length > 0;
  }

  revoke(subject: string): void {
    this.#issued.delete(subject);
  }

  /** Forgets what expired; called regularly by the gateway. */
  sweep(): void {
    for (const subject of [...this.#issued.keys()]) this.#keep(subject, this.#live(subject));
  }

  #live(subject: string): IssuedToken[] {
    const nowMs = this.#deps.nowMs();
    return (this.#issued.get(subject) ?? []).filter((issued) => issued.expiresAtMs > nowMs);
  }

  #keep(subject: string, live: IssuedToken[]): void {
    if (live.length === 0) this.#issued.delete(subject);
    else this.#issued.set(subject, live);
  }
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token, "utf8").digest();
