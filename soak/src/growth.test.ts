import { expect, test } from "vitest";
import { growthProblems, LOOKS_MIN } from "./growth.ts";

const looks = (values: readonly number[]) => values.map((timers) => ({ timers }));
const ALLOWED = { timers: { share: 0.1, more: 2 } };

test("what rises while things are made once and stays then has not grown", () => {
  expect(growthProblems(looks([1, 50, 100, 101, 99, 102, 100, 101]), ALLOWED)).toEqual([]);
});

test("what goes on rising is named with how much", () => {
  expect(growthProblems(looks([100, 110, 120, 130, 140, 150, 160, 170]), ALLOWED)).toEqual([
    "timers grew from 130 to 170, more than to 145",
  ]);
});

test("a single high look is no growth", () => {
  const values = [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 900, 100];
  expect(growthProblems(looks(values), ALLOWED)).toEqual([]);
});

test("too few looks, and a count that is missing, are problems and no success", () => {
  expect(growthProblems(looks([1, 1]), ALLOWED)).toEqual([
    `2 looks are too few to judge growth: ${LOOKS_MIN} are needed`,
  ]);
  expect(growthProblems(looks([1, 1, 1, 1, 1, 1, 1, 1]), { files: { share: 0, more: 0 } })).toEqual([
    "files was not counted",
  ]);
});
