import { expect, test } from "vitest";
import { CODE_LIFETIME_MS_MAX, DeviceCode, SLOW_DOWN_MS } from "./device-code.ts";

const code = (expiresInSeconds = 600, intervalSeconds = 5) =>
  new DeviceCode(
    {
      deviceCode: "",
      userCode: "",
      verificationUri: "",
      verificationUriComplete: "",
      expiresInSeconds,
      intervalSeconds,
    },
    0,
  );

test("AWS is asked at its interval, and five seconds later for each slow_down, for good", () => {
  const waiting = code();
  expect(waiting.pollAtMs(0)).toBe(5_000);
  waiting.handleAnswer({ kind: "slow-down" }, 5_000);
  expect(waiting.pollAtMs(5_000)).toBe(10_000 + SLOW_DOWN_MS);
  waiting.handleAnswer({ kind: "pending" }, 15_000);
  expect(waiting.pollAtMs(15_000)).toBe(15_000 + 5_000 + SLOW_DOWN_MS);
});

test("an interval of nothing is still a second", () => {
  expect(code(600, 0).pollAtMs(0)).toBe(1_000);
});

test("after an answer that decides, or its end, nothing is asked any more", () => {
  for (const kind of ["approved", "denied", "expired"] as const) {
    const decided = code();
    decided.handleAnswer({ kind }, 5_000);
    expect([decided.stateAt(5_000), decided.pollAtMs(5_000)]).toEqual([kind, undefined]);
  }
  expect([code().stateAt(600_000), code().pollAtMs(600_000)]).toEqual(["expired", undefined]);
});

test("a code that was approved in time stays approved", () => {
  const approved = code();
  approved.handleAnswer({ kind: "approved" }, 599_999);
  expect(approved.stateAt(700_000)).toBe("approved");
});

test("failures to ask are spaced out up to half a minute", () => {
  const unlucky = code(600, 1);
  const waits: number[] = [];
  for (let now = 0, count = 0; count < 6; count++) {
    unlucky.handleFailure(now);
    const next = unlucky.pollAtMs(now) ?? 0;
    waits.push(next - now);
    now = next;
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("no code lives longer than we let it, whatever AWS says", () => {
  expect(code(86_400).expiresAtMs).toBe(CODE_LIFETIME_MS_MAX);
});
