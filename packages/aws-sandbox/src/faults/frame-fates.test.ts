import { expect, test } from "vitest";
import { frameFate } from "./frame-fates.ts";
import { seededDraws } from "./seeded-draws.ts";

const FRAMES = 20_000;
const draws = (seed: number, key = "i-1 turn 1 toAgent") => seededDraws(seed, key);
const fates = (faults: Parameters<typeof frameFate>[0], of = draws(7), count = FRAMES) =>
  Array.from({ length: count }, (_, index) => frameFate(faults, of, index));
const lostOf = (of: ReturnType<typeof draws>) =>
  fates({ loss: 0.2 }, of, 200).flatMap(({ isLost }, index) => (isLost ? [index] : []));

test("the same seed and place give every frame the same fate; another seed, session or direction gives another", () => {
  expect(lostOf(draws(7))).toEqual(lostOf(draws(7)));
  const others = [
    draws(8),
    draws(7, "i-1 turn 2 toAgent"),
    draws(7, "i-2 turn 1 toAgent"),
    draws(7, "i-1 turn 1 toClient"),
  ];
  for (const other of others) expect(lostOf(other)).not.toEqual(lostOf(draws(7)));
});

test("the schedule of a seed is part of the contract: a printed seed replays in a later version, too", () => {
  expect(lostOf(draws(7)).slice(0, 8)).toMatchInlineSnapshot(`
    [
      2,
      3,
      7,
      9,
      15,
      19,
      23,
      25,
    ]
  `);
});

test("loss, duplication and reordering are as frequent as asked for, and independent of each other", () => {
  for (const loss of [0, 0.01, 0.05, 0.2, 1]) {
    const share = fates({ loss }).filter(({ isLost }) => isLost).length / FRAMES;
    expect(Math.abs(share - loss)).toBeLessThan(0.01);
  }
  const both = fates({ loss: 0.2, duplicate: 0.2, reorder: { probability: 0.2, frames: 5 } });
  const share = both.filter((fate) => fate.isLost && fate.isDuplicated && fate.heldForFrames === 5).length / FRAMES;
  expect(Math.abs(share - 0.008)).toBeLessThan(0.004);
  const alone = fates({ duplicate: 0.2 });
  expect(both.map(({ isDuplicated }) => isDuplicated)).toEqual(alone.map(({ isDuplicated }) => isDuplicated));
});

test("delays lie between the fixed part and the fixed part with all of the jitter, and reach both", () => {
  const delays = fates({ delay: { ms: 10, jitterMs: 5 } }).map(({ delayMs }) => delayMs);
  expect([Math.min(...delays), Math.max(...delays)]).toEqual([10, 15]);
});

test("a rule for the first frames leaves the later ones alone", () => {
  const lost = fates({ loss: 1, frames: 3 }, draws(1), 10).map(({ isLost }) => isLost);
  expect(lost).toEqual([true, true, true, ...Array(7).fill(false)]);
});
