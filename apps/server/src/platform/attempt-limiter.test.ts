import { expect, test } from "vitest";
import { AttemptLimiter } from "./attempt-limiter.ts";
import { FakeClock } from "./fake-clock.ts";

const LIMITS = { attemptsMax: 3, windowMs: 60_000, addressesMax: 2 };

function limiter(): { limiter: AttemptLimiter; clock: FakeClock; left(address: string): number } {
  const clock = new FakeClock();
  const limiter = new AttemptLimiter(LIMITS, clock);
  const left = (address: string): number => {
    let count = 0;
    while (limiter.take(address)) count++;
    return count;
  };
  return { limiter, clock, left };
}

test("an address has its attempts once per window", () => {
  const { clock, left } = limiter();
  expect([left("10.0.0.1"), left("10.0.0.1")]).toEqual([3, 0]);
  clock.advance(LIMITS.windowMs - 1);
  expect(left("10.0.0.1")).toBe(0);
  clock.advance(1);
  expect(left("10.0.0.1")).toBe(3);
});

test("a forgiven attempt can be made again, and forgiving too often gives nothing extra", () => {
  const { limiter: attempts, left } = limiter();
  attempts.take("10.0.0.1");
  attempts.forgive("10.0.0.1");
  attempts.forgive("10.0.0.1");
  attempts.forgive("never seen");
  expect(left("10.0.0.1")).toBe(3);
});

test("a clock that is set back locks nobody out", () => {
  const { clock, left } = limiter();
  left("10.0.0.1");
  clock.advance(-1_000_000);
  expect(left("10.0.0.1")).toBe(3);
});

test("one IPv6 subscriber has one allowance for all its addresses", () => {
  const { left } = limiter();
  expect([left("2001:db8::1"), left("2001:db8:0:0:ffff::2"), left("2001:db8:0:1::1")]).toEqual([3, 0, 3]);
});

test("at the bound the address whose window began first is forgotten", () => {
  const { limiter: attempts, left } = limiter();
  left("10.0.0.1");
  left("10.0.0.2");
  left("10.0.0.3");
  expect(attempts.size).toBe(LIMITS.addressesMax);
  expect([left("10.0.0.3"), left("10.0.0.1")]).toEqual([0, 3]);
});

test("who is refused is told when the window is over", () => {
  const { clock, limiter: starts } = limiter();
  for (let count = 0; count < LIMITS.attemptsMax; count++) starts.admit("10.0.0.1");
  clock.advance(15_500);
  expect(() => starts.admit("10.0.0.1")).toThrow(expect.objectContaining({ code: "RATE_LIMITED", retryAfterS: 45 }));
  clock.advance(44_500);
  expect(() => starts.admit("10.0.0.1")).not.toThrow();
});
