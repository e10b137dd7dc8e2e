/**
 * Sessions that wait for an owner who does not come: AWS refuses the credentials they have, and nobody signs in with
 * others. Each holds memory and files, so the wait has an end: when AWS must have ended the shell, or at a count.
 */
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import type { Clock } from "../platform/clock.ts";
import type { IdleState } from "./idle-clock.ts";
import type { Limits } from "./session-end.ts";

/** How often it is looked whether a wait is over, in milliseconds. */
export const WAITING_CHECK_MS = 60_000;
/** Past a limit of the account by so much, in milliseconds, AWS has kept it: our clocks and notes are that exact. */
export const WAITING_GRACE_MS = 5 * 60_000;
/**
 * The longest wait where no limit of the account is known, in milliseconds after the last thing that AWS counts as
 * activity: its idle limit is an hour at most, its longest session a day at most.
 */
export const WAITING_MAX_MS = 24 * 60 * 60_000;
/** Sessions of all people that wait. At the bound those that were left longest ago are given up. */
export const WAITING_SESSIONS_MAX = 1_000;

/** The part of a session that is looked at. */
export interface WaitingSession {
  readonly waitsForCredentials: boolean;
  readonly idleState: IdleState;
  readonly limits: Pick<Limits, "limitPassed">;
  /** AWS has it no more. */
  onGone(): void;
  finish(end: SessionEnd): void;
}

export class WaitingSessions {
  readonly #clock: Clock;
  readonly #open: () => readonly WaitingSession[];
  #cancelTimer = () => {};

  /** @param open all sessions without an end */
  constructor(clock: Clock, open: () => readonly WaitingSession[]) {
    this.#clock = clock;
    this.#open = open;
    this.#arm();
  }

  /** Ends the waits that are over. */
  check(): void {
    const nowMs = this.#clock.nowMs();
    const waiting: WaitingSession[] = [];
    for (const session of this.#open()) {
      if (!session.waitsForCredentials) continue;
      if (isOverInAws(session, nowMs)) session.onGone();
      else waiting.push(session);
    }
    if (waiting.length <= WAITING_SESSIONS_MAX) return;
    waiting.sort((a, b) => leftAtMs(a.idleState) - leftAtMs(b.idleState));
    for (const session of waiting.slice(0, waiting.length - WAITING_SESSIONS_MAX))
      session.finish({ by: "server", at: nowMs, code: "SESSION_GIVEN_UP" });
  }

  close(): void {
    this.#cancelTimer();
  }

  #arm(): void {
    this.#cancelTimer = this.#clock.setTimer(this.#clock.nowMs() + WAITING_CHECK_MS, () => {
      this.check();
      this.#arm();
    });
  }
}

function isOverInAws({ idleState, limits }: WaitingSession, nowMs: number): boolean {
  const isPastLimit = limits.limitPassed(nowMs - WAITING_GRACE_MS) !== undefined;
  return isPastLimit || nowMs >= leftAtMs(idleState) + WAITING_MAX_MS;
}

function leftAtMs({ humanAtMs, touchedAtMs }: IdleState): number {
  return Math.max(humanAtMs, touchedAtMs);
}
