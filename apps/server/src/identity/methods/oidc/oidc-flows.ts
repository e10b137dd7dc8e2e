import { timingSafeEqual } from "node:crypto";
import { CatalogError } from "../../../platform/catalog-error.ts";
import type { Clock } from "../../../platform/clock.ts";
import { cookieHash } from "../../login-cookie.ts";
import type { SignInMode } from "../../signed-in-identity.ts";
import type { OidcChecks } from "./oidc-provider.ts";

/** Sign-ins under way at one time; at the bound nobody new begins one, and is told so. */
export const FLOWS_MAX = 1_000;
/** So long a person may take at her provider, in milliseconds. */
export const FLOW_MS = 10 * 60_000;
/** Longest answer of a provider, in characters of its query: a code, a state and a few words. */
export const ANSWER_CHARACTERS_MAX = 8_192;
const SECRET_BYTES = 32;

export interface OidcFlow {
  readonly checks: OidcChecks;
  readonly how: SignInMode;
  /** Chosen on the page. */
  readonly roleArn: string | undefined;
}

interface Entry extends OidcFlow {
  readonly cookieHash: string;
  readonly endsAtMs: number;
  /** The query that the provider sent the browser back with. */
  answer: string | undefined;
}

/**
 * Sign-ins between the first click and the way back. Each belongs to the browser that began it, by a cookie of its own,
 * and to one answer, by its state: what was begun elsewhere signs nobody in here. In memory: a restart ends them, and
 * the page says so.
 */
export class OidcFlows {
  readonly #clock: Clock;
  readonly #randomBytes: (size: number) => Uint8Array;
  /** By state. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, randomBytes: (size: number) => Uint8Array) {
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  /** @returns the flow, and the value of the cookie that stands for this browser. @throws CatalogError OIDC_SIGN_INS_LIMIT_REACHED */
  begin(asked: { redirectUri: string; how: SignInMode; roleArn: string | undefined }): {
    flow: OidcFlow;
    cookie: string;
  } {
    this.#forgetEnded();
    if (this.#entries.size >= FLOWS_MAX) throw new CatalogError("OIDC_SIGN_INS_LIMIT_REACHED");
    const { redirectUri, how, roleArn } = asked;
    const cookie = this.#secret();
    const checks = { redirectUri, state: this.#secret(), nonce: this.#secret(), codeVerifier: this.#secret() };
    this.#entries.set(checks.state, {
      checks,
      how,
      roleArn,
      cookieHash: cookieHash(cookie),
      endsAtMs: this.#clock.nowMs() + FLOW_MS,
      answer: undefined,
    });
    return { flow: { checks, how, roleArn }, cookie };
  }

  /** The browser came back. What belongs to no flow of this browser changes nothing. */
  answered(state: string | undefined, cookie: string | undefined, query: string): void {
    const entry = state === undefined ? undefined : this.#entries.get(state);
    if (entry === undefined || !isHers(entry, cookie) || query.length > ANSWER_CHARACTERS_MAX) return;
    // The first answer counts: a second one for the same state was not asked for.
    entry.answer ??= query;
  }

  /** The flow that this browser came back from; it is over with this call. @throws CatalogError OIDC_SIGN_IN_UNKNOWN */
  finish(cookie: string | undefined): OidcFlow & { answer: URL } {
    this.#forgetEnded();
    for (const [state, entry] of this.#entries) {
      if (!isHers(entry, cookie) || entry.answer === undefined) continue;
      this.#entries.delete(state);
      const { checks, how, roleArn } = entry;
      return { checks, how, roleArn, answer: new URL(`${checks.redirectUri}?${entry.answer}`) };
    }
    throw new CatalogError("OIDC_SIGN_IN_UNKNOWN");
  }

  get size(): number {
    return this.#entries.size;
  }

  #secret(): string {
    return Buffer.from(this.#randomBytes(SECRET_BYTES)).toString("base64url");
  }

  #forgetEnded(): void {
    const nowMs = this.#clock.nowMs();
    for (const [state, { endsAtMs }] of this.#entries) if (nowMs >= endsAtMs) this.#entries.delete(state);
  }
}

function isHers(entry: Entry, cookie: string | undefined): boolean {
  return cookie !== undefined && timingSafeEqual(Buffer.from(cookieHash(cookie)), Buffer.from(entry.cookieHash));
}
