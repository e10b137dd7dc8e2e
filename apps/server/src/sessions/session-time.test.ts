import type { SessionLimit, SessionPreferences } from "@causeway/wire-contract/sessions";
import type { TimeLeftMessage } from "@causeway/wire-contract/terminal-messages";
import { expect, test } from "vitest";
import { FakeClock } from "../platform/fake-clock.ts";
import type { IdleState } from "./idle-clock.ts";
import { SessionTime, TOLD_EVERY_MS, TOLD_OFTEN_MS } from "./session-time.ts";

const MINUTE_MS = 60_000;

function bench(preferences: Partial<SessionPreferences> = {}, state?: IdleState) {
  const clock = new FakeClock();
  const told: TimeLeftMessage[] = [];
  const limits: SessionLimit[] = [];
  let isResending = false;
  const startedAtMs = clock.nowMs();
  const time = new SessionTime({
    clock,
    startedAtMs,
    state,
    tell: (message) => told.push(message),
    isResending: () => isResending,
    onIdleLimit: (limit) => limits.push(limit),
  });
  time.handleOpen();
  time.setPreferences({ source: "document", idleLimitMs: 20 * MINUTE_MS, ...preferences });
  const type = () => {
    time.handleHuman();
    time.handleTouch();
  };
  const setResending = (value: boolean) => {
    isResending = value;
  };
  return { clock, told, limits, time, type, setResending, startedAtMs };
}

test("what we did not touch is AWS's to end: nothing happens at the limit, nor after it", () => {
  const { clock, limits, type } = bench();
  type();
  clock.advance(60 * MINUTE_MS);
  expect(limits).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});

test("after a touch of ours the limit is kept to the millisecond, once", () => {
  const { clock, limits, type, time } = bench();
  type();
  clock.advance(10 * MINUTE_MS);
  time.handleTouch();
  clock.advance(10 * MINUTE_MS - 1);
  expect(limits).toEqual([]);
  clock.advance(1);
  expect(limits).toEqual([{ kind: "idle", limitMs: 20 * MINUTE_MS }]);
  time.handleTouch();
  clock.advance(60 * MINUTE_MS);
  expect(limits.length).toBe(1);
});

test("a human key after the touch gives the clock back to AWS", () => {
  const { clock, limits, type, time } = bench();
  time.handleTouch();
  clock.advance(10 * MINUTE_MS);
  time.handleTouch();
  clock.advance(9 * MINUTE_MS);
  type();
  clock.advance(60 * MINUTE_MS);
  expect(limits).toEqual([]);
});

test("a touch when the person's time is already over ends the session at once", () => {
  const { clock, limits, time } = bench();
  clock.advance(25 * MINUTE_MS);
  time.handleTouch();
  expect(limits.length).toBe(1);
});

test("keys that the agent never acknowledges are resent, which AWS counts: the limit is kept", () => {
  const { clock, limits, type, setResending } = bench();
  type();
  setResending(true);
  clock.advance(20 * MINUTE_MS);
  expect(limits.length).toBe(1);
});

test("typing after the limit, in a session that AWS let live, counts anew", () => {
  const { clock, limits, type, time } = bench();
  clock.advance(25 * MINUTE_MS);
  type();
  clock.advance(5 * MINUTE_MS);
  time.handleTouch();
  clock.advance(15 * MINUTE_MS);
  expect(limits.length).toBe(1);
});

test("the first open state counts as the person's act, later ones do not", () => {
  const { clock, time } = bench();
  const endsAtMs = time.message?.idleEndsAtMs;
  clock.advance(MINUTE_MS);
  time.handleOpen();
  expect(time.message?.idleEndsAtMs).toBe(endsAtMs);
});

test("a restart gives nobody more time: resumed after the limit, the session ends; before it, at it", () => {
  const nowMs = new FakeClock().nowMs();
  const late = bench({}, { humanAtMs: nowMs - 25 * MINUTE_MS, touchedAtMs: nowMs - 25 * MINUTE_MS });
  late.time.handleTouch();
  expect(late.limits.length).toBe(1);
  const early = bench({}, { humanAtMs: nowMs - 15 * MINUTE_MS, touchedAtMs: nowMs - 15 * MINUTE_MS });
  early.time.handleTouch();
  early.time.handleOpen();
  early.clock.advance(5 * MINUTE_MS - 1);
  expect(early.limits).toEqual([]);
  early.clock.advance(1);
  expect(early.limits.length).toBe(1);
});

test("preferences that come late count from the same input, also when their limit has passed", () => {
  const { clock, limits, time } = bench({ source: "unknown" });
  clock.advance(2 * MINUTE_MS);
  time.handleTouch();
  time.setPreferences({ source: "document", idleLimitMs: MINUTE_MS });
  clock.advance(0);
  expect(limits).toEqual([{ kind: "idle", limitMs: MINUTE_MS }]);
});

test("without readable preferences it is kept at 20 min, and said to be assumed", () => {
  const { clock, limits, time } = bench({ source: "unknown" });
  clock.advance(MINUTE_MS);
  time.handleTouch();
  clock.advance(19 * MINUTE_MS);
  expect(limits).toEqual([{ kind: "idle", limitMs: 20 * MINUTE_MS, assumed: true }]);
});

test("pages are told the deadlines, who keeps the idle one, and what is known of the preferences", () => {
  const { told, startedAtMs } = bench({ longestMs: 60 * MINUTE_MS });
  expect(told).toEqual([
    {
      type: "time-left",
      nowMs: startedAtMs,
      idleEndsAtMs: startedAtMs + 20 * MINUTE_MS,
      idleEndedBy: "aws",
      longestEndsAtMs: startedAtMs + 60 * MINUTE_MS,
      preferences: { source: "document", idleLimitMs: 20 * MINUTE_MS, longestMs: 60 * MINUTE_MS },
    },
  ]);
});

test("while somebody types pages are told once a minute, the last time with the last key's deadline", () => {
  const { clock, told, type } = bench();
  for (let n = 0; n < 300; n++) {
    clock.advance(1_000);
    type();
  }
  const typedAtMs = clock.nowMs();
  expect(told.length).toBe(6);
  clock.advance(TOLD_EVERY_MS);
  expect(told.at(-1)?.idleEndsAtMs).toBe(typedAtMs + 20 * MINUTE_MS);
  clock.advance(10 * MINUTE_MS);
  expect(told.length).toBe(7);
});

test("near the deadline the first key is told at once, and further ones at most once a second", () => {
  const { clock, told, type } = bench({ idleLimitMs: 2 * MINUTE_MS });
  clock.advance(90_000);
  type();
  expect(told.at(-1)?.idleEndsAtMs).toBe(clock.nowMs() + 2 * MINUTE_MS);
  for (let n = 0; n < 100; n++) {
    clock.advance(TOLD_OFTEN_MS / 10);
    type();
  }
  expect(told.length).toBeLessThanOrEqual(2 + 10);
});

test("a touch is told: from then on Causeway keeps the limit, until the next key", () => {
  const { clock, told, time, type } = bench();
  clock.advance(2 * MINUTE_MS);
  time.handleTouch();
  expect(told.at(-1)?.idleEndedBy).toBe("server");
  clock.advance(2 * MINUTE_MS);
  type();
  expect(told.at(-1)?.idleEndedBy).toBe("aws");
});

test("after the end nothing runs and nothing is told any more", () => {
  const { clock, told, time, type } = bench();
  clock.advance(MINUTE_MS / 2);
  type();
  time.close();
  const before = told.length;
  type();
  time.setPreferences({ source: "unknown", idleLimitMs: MINUTE_MS });
  clock.advance(60 * MINUTE_MS);
  expect(told.length).toBe(before);
  expect(clock.pendingTimers).toBe(0);
  expect(time.message).toBeUndefined();
});
