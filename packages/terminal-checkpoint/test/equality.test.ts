import { expect, test } from "vitest";
import { checkCut, randomCut, randomLog } from "./equality.ts";
import { randomNumbers } from "./random-output.ts";
import { checkScreen, whereScreensHold } from "./screen-equality.ts";

/** More: `pnpm equality --cuts 10000 --seed 1`. */
const RANDOM_CUTS = 200;
const FIRST_SEED = 20_261_122;

test(`the newest checkpoint and the bytes after it are everything from the start, at ${RANDOM_CUTS} cuts of random output`, async () => {
  let judged = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RANDOM_CUTS; seed++) {
    const log = randomLog(seed);
    const outcome = await checkCut(log, randomCut(log, randomNumbers(seed ^ 0x5bd1e995)));
    expect(outcome.difference, `seed ${seed}`).toBeUndefined();
    if (outcome.approximatedCells === 0) judged += 1;
  }
  expect(judged).toBeGreaterThan(RANDOM_CUTS * 0.98);
}, 60_000);

test(`a viewer who begins with the screen alone sees what everybody sees, after ${RANDOM_CUTS} joins in random output`, async () => {
  let judged = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RANDOM_CUTS; seed++) {
    const log = whereScreensHold(randomLog(seed));
    const outcome = await checkScreen(log, randomCut(log, randomNumbers(seed ^ 0x5bd1e995)));
    expect(outcome.difference, `seed ${seed}`).toBeUndefined();
    if (outcome.approximatedCells === 0) judged += 1;
  }
  expect(judged).toBeGreaterThan(RANDOM_CUTS * 0.98);
}, 60_000);
