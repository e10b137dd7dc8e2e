import { expect, test } from "vitest";
import { IdleClock, LIMIT_NEAR_MS, SAME_MOMENT_MS } from "./idle-clock.ts";

const MINUTE_MS = 60_000;
const START_MS = 1_700_000_000_000;
const IDLE_MS = 20 * MINUTE_MS;

/** What happened, in order: `human` and `touch` at milliseconds after the start. */
function clockAfter(...happened: ["human" | "touch", number][]): IdleClock {
  const clock = new IdleClock(START_MS);
  clock.setPreferences({ source: "document", idleLimitMs: IDLE_MS, longestMs: 60 * MINUTE_MS });
  for (const [what, afterMs] of happened) {
    if (what === "human") clock.handleHuman(START_MS + afterMs);
    else clock.handleTouch(START_MS + afterMs);
  }
  return clock;
}

test.each([
  ["nothing since the start", [], 0, false],
  [
    "a key, sent at once",
    [
      ["human", 5_000],
      ["touch", 5_000],
    ],
    5_000,
    false,
  ],
  [
    "a key, and its resend within the moment",
    [
      ["human", 5_000],
      ["touch", 5_000 + SAME_MOMENT_MS],
    ],
    5_000,
    false,
  ],
  [
    "a key, then a size later",
    [
      ["human", 5_000],
      ["touch", 5_001 + SAME_MOMENT_MS],
    ],
    5_000,
    true,
  ],
  ["a resume while nobody typed", [["touch", 9 * MINUTE_MS]], 0, true],
  [
    "a resume, then a key",
    [
      ["touch", 9 * MINUTE_MS],
      ["human", 10 * MINUTE_MS],
      ["touch", 10 * MINUTE_MS],
    ],
    10 * MINUTE_MS,
    false,
  ],
  [
    "a key that could leave only a minute later",
    [
      ["human", 5_000],
      ["touch", 65_000],
    ],
    5_000,
    true,
  ],
] as const)("%s: the limit counts from the last human input, and whose clock counts it is known", (...row) => {
  const [, happened, lastHumanMs, isTouched] = row;
  const clock = clockAfter(...(happened as unknown as ["human" | "touch", number][]));
  expect(clock.idleEndsAtMs).toBe(START_MS + lastHumanMs + IDLE_MS);
  expect(clock.isTouched).toBe(isTouched);
});

test("the longest session counts from the start, whatever is typed", () => {
  const clock = clockAfter(["human", 59 * MINUTE_MS]);
  expect(clock.longestEndsAtMs).toBe(START_MS + 60 * MINUTE_MS);
  expect(new IdleClock(START_MS).longestEndsAtMs).toBeUndefined();
});

test("AWS's own idle end is expected after what it counts, not after what the person did", () => {
  const clock = clockAfter(["touch", 10 * MINUTE_MS]);
  expect(clock.limitNear(START_MS + IDLE_MS)).toBeUndefined();
  const awsEndsAtMs = START_MS + 10 * MINUTE_MS + IDLE_MS;
  expect(clock.limitNear(awsEndsAtMs)).toEqual({ kind: "idle", limitMs: IDLE_MS });
  expect(clock.limitNear(awsEndsAtMs + LIMIT_NEAR_MS)?.kind).toBe("idle");
  expect(clock.limitNear(awsEndsAtMs + LIMIT_NEAR_MS + 1)).toBeUndefined();
  expect(clock.limitPassed(awsEndsAtMs - 1)).toBeUndefined();
  expect(clock.limitPassed(awsEndsAtMs)?.kind).toBe("idle");
});

test("of two limits that passed, the earlier one ended it", () => {
  expect(clockAfter().limitPassed(START_MS + 90 * MINUTE_MS)?.kind).toBe("idle");
  expect(clockAfter(["human", 50 * MINUTE_MS]).limitPassed(START_MS + 90 * MINUTE_MS)?.kind).toBe("longest");
});

test("with unreadable preferences the limit is 20 min, said to be assumed, and explains no end of AWS", () => {
  const clock = new IdleClock(START_MS);
  expect(clock.idleEndsAtMs).toBe(START_MS + IDLE_MS);
  expect(clock.ownLimit).toEqual({ kind: "idle", limitMs: IDLE_MS, assumed: true });
  expect(clock.limitOf("idle")).toEqual({ kind: "idle" });
  expect(clock.limitNear(START_MS + IDLE_MS)).toBeUndefined();
});

test("an idle clock goes on where an earlier process left it", () => {
  const { state } = clockAfter(["human", 5_000], ["touch", 9_000]);
  const later = new IdleClock(START_MS, state);
  expect(later.idleEndsAtMs).toBe(START_MS + 5_000 + IDLE_MS);
  expect(later.isTouched).toBe(true);
});
