import type { TimeLeftMessage } from "@causeway/wire-contract/terminal-messages";
import { expect, test } from "vitest";
import { isEndNear, nextEnd, OVERDUE_SHOWN_MS, type TimeLeft, timeLeftOf, WARNING_MS } from "./time-left.ts";

const MINUTE_MS = 60_000;
const LIMIT_MS = 20 * MINUTE_MS;
const time = (fields: Partial<TimeLeft> = {}): TimeLeft => ({
  idleEndsAtMs: LIMIT_MS,
  idleEndedBy: "aws",
  preferences: { source: "document", idleLimitMs: LIMIT_MS, longestMs: 60 * MINUTE_MS },
  ...fields,
});

test("deadlines are counted on the page's clock, however far the server's is from it", () => {
  const message: TimeLeftMessage = {
    type: "time-left",
    nowMs: 1_000_000,
    idleEndsAtMs: 1_000_000 + LIMIT_MS,
    idleEndedBy: "server",
    longestEndsAtMs: 1_500_000,
    preferences: { source: "document", idleLimitMs: LIMIT_MS },
  };
  expect(timeLeftOf(message, 50)).toEqual({
    idleEndsAtMs: 50 + LIMIT_MS,
    idleEndedBy: "server",
    longestEndsAtMs: 500_050,
    preferences: message.preferences,
  });
});

test("the end that comes first is the one that counts, and AWS makes the one of the longest session", () => {
  expect(nextEnd(time(), 0)).toMatchObject({ kind: "idle", by: "aws", leftMs: LIMIT_MS });
  expect(nextEnd(time({ longestEndsAtMs: MINUTE_MS, idleEndedBy: "server" }), 0)).toMatchObject({
    kind: "longest",
    by: "aws",
    leftMs: MINUTE_MS,
    limitMs: 60 * MINUTE_MS,
  });
  expect(nextEnd(time({ longestEndsAtMs: 50 * MINUTE_MS, idleEndedBy: "server" }), 0).by).toBe("server");
});

test("never more is left than the limit, also while the page's clock stands just before the message", () => {
  expect(nextEnd(time(), -300).leftMs).toBe(LIMIT_MS);
  const longest = { source: "document", idleLimitMs: LIMIT_MS, longestMs: MINUTE_MS } as const;
  expect(nextEnd(time({ longestEndsAtMs: MINUTE_MS, preferences: longest }), -300).leftMs).toBe(MINUTE_MS);
});

test("an end is near two minutes ahead, until a minute after AWS should have made it", () => {
  const isNearAt = (leftMs: number) => isEndNear(nextEnd(time(), LIMIT_MS - leftMs));
  expect([WARNING_MS + 1, WARNING_MS, 1, 0, 1 - OVERDUE_SHOWN_MS, -OVERDUE_SHOWN_MS].map(isNearAt)).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test("of a limit of one minute the second half is near, not all of it", () => {
  const short = time({ preferences: { source: "document", idleLimitMs: MINUTE_MS }, idleEndsAtMs: MINUTE_MS });
  expect(isEndNear(nextEnd(short, 0))).toBe(false);
  expect(isEndNear(nextEnd(short, 30_000))).toBe(true);
});

test("a limit that is only assumed is not awaited once it passed", () => {
  const assumed = time({ preferences: { source: "unknown", idleLimitMs: LIMIT_MS } });
  expect(isEndNear(nextEnd(assumed, LIMIT_MS - 1))).toBe(true);
  expect(isEndNear(nextEnd(assumed, LIMIT_MS))).toBe(false);
});
