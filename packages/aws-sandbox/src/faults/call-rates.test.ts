import { expect, test } from "vitest";
import { AWS_RATES } from "./aws-rates.ts";
import { BUCKETS_MAX, CallRates, type RatedCall } from "./call-rates.ts";

const CALL: RatedCall = { operation: "StartSession", payer: "111122223333", region: "eu-west-1", isPersons: true };
const RULE = { operation: "StartSession", perSecond: 2, burst: 3 };

/** How many of so many calls at one moment may go on. */
const passing = (rates: CallRates, count: number, nowMs: number, call = CALL, rules = [RULE]) =>
  Array.from({ length: count }, () => rates.beyond(rules, call, nowMs)).filter((index) => index === undefined).length;

test("a bucket lets its burst pass, then as many as a second brings, and never keeps more than its burst", () => {
  const rates = new CallRates();
  expect(passing(rates, 5, 0)).toBe(3);
  expect(passing(rates, 5, 499)).toBe(0);
  expect(passing(rates, 5, 500)).toBe(1);
  expect(passing(rates, 5, 1_500)).toBe(2);
  expect(passing(rates, 9, 100_000)).toBe(3);
});

test("calls that were refused cost nothing: whoever keeps asking gets the rate", () => {
  const rates = new CallRates();
  let passed = 0;
  for (let nowMs = 0; nowMs < 10_000; nowMs += 10) passed += passing(rates, 1, nowMs);
  expect(passed).toBe(3 + 19);
});

test("a clock that steps back gives nothing and takes nothing", () => {
  const rates = new CallRates();
  expect(passing(rates, 3, 10_000)).toBe(3);
  expect(passing(rates, 1, 5_000)).toBe(0);
  expect(passing(rates, 5, 6_000)).toBe(2);
});

test("each account, region and operation has a bucket of its own", () => {
  const rates = new CallRates();
  const rules = [RULE, { operation: "*", perSecond: 1, burst: 1 }];
  expect(passing(rates, 5, 0, CALL, rules)).toBe(3);
  expect(passing(rates, 5, 0, { ...CALL, payer: "444455556666" }, rules)).toBe(3);
  expect(passing(rates, 5, 0, { ...CALL, region: "us-east-1" }, rules)).toBe(3);
  expect(passing(rates, 5, 0, { ...CALL, operation: "ResumeSession" }, rules)).toBe(1);
  expect(rates.beyond(rules, { ...CALL, operation: "ResumeSession" }, 0)).toBe(1);
});

test("what no rule names has no rate, and machines' calls have none unless they are named", () => {
  const rates = new CallRates();
  expect(passing(rates, 500, 0, { ...CALL, operation: "GetDocument" })).toBe(500);
  const machine = { ...CALL, operation: "CreateDataChannel", isPersons: false };
  expect(passing(rates, 500, 0, machine, [{ operation: "*", perSecond: 1, burst: 1 }])).toBe(500);
  expect(passing(rates, 500, 0, machine, [{ operation: "CreateDataChannel", perSecond: 1, burst: 1 }])).toBe(1);
});

test("so many buckets are kept; beyond them the one that was used longest ago is full again", () => {
  const rates = new CallRates();
  const of = (number: number) => ({ ...CALL, payer: String(number) });
  for (let number = 0; number <= BUCKETS_MAX; number++) expect(passing(rates, 4, 0, of(number))).toBe(3);
  expect(passing(rates, 1, 0, of(BUCKETS_MAX))).toBe(0);
  expect(passing(rates, 1, 0, of(1))).toBe(0);
  expect(passing(rates, 1, 0, of(0))).toBe(1);
});

test("AWS's own rates name each operation once", () => {
  const operations = AWS_RATES.map(({ operation }) => operation);
  expect(new Set(operations).size).toBe(operations.length);
});
