/**
 * How long a session may go on, told from what was sent (architecture §7). AWS counts keys, sizes and ResumeSession as
 * activity; a policy means the person. So the person's time is counted here, and whether AWS still counts the same. Pure.
 */
import type { SessionLimit, SessionPreferences } from "@causeway/wire-contract/sessions";
import { UNKNOWN_PREFERENCES } from "./calls/session-preferences.ts";

/**
 * What leaves so soon after the person's own input moves AWS's clock by no more than this, in milliseconds: a key that is
 * resent, a program's question answered by the page. AWS's clock still counts as the person's.
 */
export const SAME_MOMENT_MS = 1_000;
/** A channel that closes so near to a limit without saying why was closed by it, in milliseconds either way. */
export const LIMIT_NEAR_MS = 15_000;

/** What outlives a restart of the server. */
export interface IdleState {
  humanAtMs: number;
  touchedAtMs: number;
}

export class IdleClock {
  readonly #startedAtMs: number;
  #humanAtMs: number;
  #touchedAtMs: number;
  #preferences = UNKNOWN_PREFERENCES;

  /** @param state of an earlier process; without it nothing happened since the start, which is a human act */
  constructor(startedAtMs: number, state: IdleState = { humanAtMs: startedAtMs, touchedAtMs: startedAtMs }) {
    this.#startedAtMs = startedAtMs;
    this.#humanAtMs = state.humanAtMs;
    this.#touchedAtMs = state.touchedAtMs;
  }

  setPreferences(preferences: SessionPreferences): void {
    this.#preferences = preferences;
  }

  /** A person typed or pasted, or has just opened the shell. */
  handleHuman(nowMs: number): void {
    this.#humanAtMs = nowMs;
  }

  /** Something that AWS counts as activity went out: anything typed, answered, resized or resumed, whoever wanted it. */
  handleTouch(nowMs: number): void {
    this.#touchedAtMs = nowMs;
  }

  get state(): IdleState {
    return { humanAtMs: this.#humanAtMs, touchedAtMs: this.#touchedAtMs };
  }

  /** When the person's time is over, whoever ends the session then. */
  get idleEndsAtMs(): number {
    return this.#humanAtMs + this.#preferences.idleLimitMs;
  }
  get longestEndsAtMs(): number | undefined {
    const { longestMs } = this.#preferences;
    return longestMs === undefined ? undefined : this.#startedAtMs + longestMs;
  }
  /** AWS would end it later than the account's limit says: it is ours to end. */
  get isTouched(): boolean {
    return this.#touchedAtMs - this.#humanAtMs > SAME_MOMENT_MS;
  }

  /** The limit of that kind, as far as it is known. */
  limitOf(kind: SessionLimit["kind"]): SessionLimit {
    const { source, idleLimitMs, longestMs } = this.#preferences;
    if (kind === "longest") return { kind, ...(longestMs === undefined ? {} : { limitMs: longestMs }) };
    return source === "unknown" ? { kind } : { kind, limitMs: idleLimitMs };
  }

  /** The idle limit as we keep it ourselves. */
  get ownLimit(): SessionLimit {
    const { source, idleLimitMs } = this.#preferences;
    return { kind: "idle", limitMs: idleLimitMs, ...(source === "unknown" ? { assumed: true } : {}) };
  }

  /** The limit at which AWS ends the session about now; undefined: none that is known. */
  limitNear(nowMs: number): SessionLimit | undefined {
    return this.#limitAt((endsAtMs) => Math.abs(nowMs - endsAtMs) <= LIMIT_NEAR_MS);
  }

  /** The limit that AWS must have kept by now, if the session lived until then. */
  limitPassed(nowMs: number): SessionLimit | undefined {
    return this.#limitAt((endsAtMs) => nowMs >= endsAtMs);
  }

  #limitAt(holds: (endsAtMs: number) => boolean): SessionLimit | undefined {
    const idleEndsAtMs = Math.max(this.#humanAtMs, this.#touchedAtMs) + this.#preferences.idleLimitMs;
    const { longestEndsAtMs = Number.POSITIVE_INFINITY } = this;
    const isIdle = this.#preferences.source !== "unknown" && holds(idleEndsAtMs);
    const isLongest = holds(longestEndsAtMs);
    if (isIdle && isLongest) return this.limitOf(idleEndsAtMs <= longestEndsAtMs ? "idle" : "longest");
    if (isIdle) return this.limitOf("idle");
    return isLongest ? this.limitOf("longest") : undefined;
  }
}
