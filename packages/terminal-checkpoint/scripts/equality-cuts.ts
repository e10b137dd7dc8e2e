/**
 * Checks the equality property at many random cuts of random output: `pnpm equality --cuts 10000 --seed 1`.
 * A failing case is printed with the seed that plays it again (`--seed <it> --cuts 1`) and ends the run with 1.
 */
import { parseArgs } from "node:util";
import { checkCut, randomCut, randomLog } from "../test/equality.ts";
import { randomNumbers } from "../test/random-output.ts";

const { values } = parseArgs({
  options: {
    cuts: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    failures: { type: "string", default: "1" },
  },
});
const cuts = Number(values.cuts);
const firstSeed = Number(values.seed);
const failuresMax = Number(values.failures);
const startedAtMs = performance.now();
let passedOver = 0;
let cutsBack = 0;
let notJudged = 0;
let failures = 0;
for (let index = 0; index < cuts && failures < failuresMax; index++) {
  const seed = firstSeed + index;
  const log = randomLog(seed);
  const outcome = await checkCut(log, randomCut(log, randomNumbers(seed ^ 0x5bd1e995)));
  passedOver += outcome.passedOver;
  if (outcome.passedOver > 0) cutsBack += 1;
  if (outcome.approximatedCells > 0) notJudged += 1;
  if (outcome.difference !== undefined) {
    failures += 1;
    console.log(
      `seed ${seed} (${JSON.stringify(log.size)}, scrollback ${log.scrollbackLines}): ${outcome.difference}\n`,
    );
  }
}
const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
console.log(
  `${cuts} cuts from seed ${firstSeed}, ${failures} failures, ${seconds} s; ` +
    `${cutsBack} cuts went back past ${passedOver} places whose state no sequences lead to; ` +
    `${notJudged} not judged, with cells that no sequence leads to`,
);
process.exitCode = failures === 0 ? 0 : 1;
