import type { SessionEnd, SessionPreferences } from "@causeway/wire-contract/sessions";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import { IdleClock } from "./idle-clock.ts";
import {
  WAITING_CHECK_MS,
  WAITING_GRACE_MS,
  WAITING_MAX_MS,
  WAITING_SESSIONS_MAX,
  type WaitingSession,
  WaitingSessions,
} from "./waiting-sessions.ts";

const MINUTE_MS = 60_000;
const KNOWN: SessionPreferences = { source: "document", idleLimitMs: 20 * MINUTE_MS };

class Left implements WaitingSession {
  waitsForCredentials = true;
  ended: SessionEnd["by"] | "gone" | undefined;
  readonly limits: IdleClock;

  constructor(leftAtMs: number, preferences?: SessionPreferences) {
    this.limits = new IdleClock(leftAtMs);
    if (preferences !== undefined) this.limits.setPreferences(preferences);
  }
  get idleState() {
    return this.limits.state;
  }
  onGone(): void {
    this.ended = "gone";
  }
  finish(end: SessionEnd): void {
    expect(end.code).toBe("SESSION_GIVEN_UP");
    this.ended = end.by;
  }
}

let clock: FakeClock;
let left: Left[];
let waiting: WaitingSessions;
beforeEach(() => {
  clock = new FakeClock();
  left = [];
  waiting = new WaitingSessions(clock, () => left.filter(({ ended }) => ended === undefined));
});
const leave = (preferences?: SessionPreferences) => {
  const session = new Left(clock.nowMs(), preferences);
  left.push(session);
  return session;
};

test("a session that waits for its owner is gone once AWS has kept the account's idle limit, and not before", () => {
  const session = leave(KNOWN);
  clock.advance(20 * MINUTE_MS + WAITING_GRACE_MS - WAITING_CHECK_MS);
  expect(session.ended).toBeUndefined();
  clock.advance(2 * WAITING_CHECK_MS);
  expect(session.ended).toBe("gone");
});

test("the longest session of the account ends the wait as well", () => {
  const session = leave({ ...KNOWN, idleLimitMs: 60 * MINUTE_MS, longestMs: 10 * MINUTE_MS });
  clock.advance(10 * MINUTE_MS + WAITING_GRACE_MS + WAITING_CHECK_MS);
  expect(session.ended).toBe("gone");
});

test("without a known limit the wait lasts a day after the last activity", () => {
  const session = leave();
  clock.advance(WAITING_MAX_MS - 1);
  waiting.check();
  expect(session.ended).toBeUndefined();
  clock.advance(WAITING_CHECK_MS);
  expect(session.ended).toBe("gone");
});

test("a session whose keeper has credentials is none of its business", () => {
  const session = leave(KNOWN);
  session.waitsForCredentials = false;
  clock.advance(2 * WAITING_MAX_MS);
  expect(session.ended).toBeUndefined();
});

test("of more waiting sessions than the bound those left longest ago are given up", () => {
  for (let n = 0; n <= WAITING_SESSIONS_MAX; n++) {
    leave();
    clock.advance(1);
  }
  left.reverse(); // whatever their order
  waiting.check();
  expect(left.filter(({ ended }) => ended !== undefined)).toEqual([left.at(-1)]);
  expect(left.at(-1)?.ended).toBe("server");
  waiting.check();
  expect(left.filter(({ ended }) => ended !== undefined)).toHaveLength(1);
});

test("after its close nothing is looked at any more", () => {
  const session = leave(KNOWN);
  waiting.close();
  clock.advance(2 * WAITING_MAX_MS);
  expect(session.ended).toBeUndefined();
});
