import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../../platform/catalog-error.ts";
import { FakeClock } from "../../platform/fake-clock.ts";
import type { ResumeAnswer } from "../calls/session-calls.ts";
import { ResumeLoop } from "./resume-loop.ts";
import { RESUME_STABLE_MS, RESUME_WAIT_MAX_MS } from "./resume-waits.ts";

const TOKEN: ResumeAnswer = { kind: "token", token: "t", streamUrl: undefined };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

let clock: FakeClock;
let loop: ResumeLoop;
let askedAtMs: number[];
let tokens: number;
let isGone: boolean;
let problems: (ErrorCode | undefined)[];
let patienceMs: number[];
let answer: (signal: AbortSignal) => Promise<ResumeAnswer>;
let checkCredentials: () => Promise<void>;
let onToken: () => void;
beforeEach(() => {
  clock = new FakeClock();
  askedAtMs = [];
  patienceMs = [];
  tokens = 0;
  isGone = false;
  problems = [];
  answer = async () => TOKEN;
  checkCredentials = async () => {};
  onToken = () => {};
  loop = new ResumeLoop({
    clock,
    random: () => 0.5,
    log: silent,
    checkCredentials: () => checkCredentials(),
    resume: (signal, withinMs) => {
      patienceMs.push(withinMs);
      askedAtMs.push(clock.nowMs());
      return answer(signal);
    },
    onToken: () => {
      tokens++;
      onToken();
    },
    onGone: () => {
      isGone = true;
    },
    onProblem: (problem) => problems.push(problem),
  });
  loop.handleOpen();
});
async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const fails = (code: ErrorCode) => async () => {
  throw new CatalogError(code);
};

test("one loss is one ResumeSession and one dial, and what is told twice is one loss", async () => {
  loop.handleLost();
  loop.handleLost();
  await pass(1_000);
  loop.handleLost(); // it is being dialled
  loop.handleOpen();
  await pass(60_000);
  expect([askedAtMs.length, tokens, clock.pendingTimers]).toEqual([1, 1, 0]);
});

test("waits grow to the ceiling and never end", async () => {
  answer = fails("AWS_UNREACHABLE");
  loop.handleLost();
  await pass(600_000);
  const waits = askedAtMs.slice(1).map((at, index) => at - (askedAtMs[index] ?? 0));
  expect(waits.slice(0, 4)).toEqual([300, 600, 1_200, 2_400]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(RESUME_WAIT_MAX_MS);
  expect(waits.at(-1)).toBeGreaterThan(RESUME_WAIT_MAX_MS / 2);
  expect(problems).toEqual(["AWS_UNREACHABLE"]);
});

test("an answer is waited for briefly at first, longer with each that does not come, and briefly again after one", async () => {
  answer = fails("AWS_UNREACHABLE");
  loop.handleLost();
  await pass(5_000);
  expect(patienceMs.slice(0, 5)).toEqual([4_000, 8_000, 16_000, 20_000, 20_000]);
  answer = fails("AWS_THROTTLED");
  const before = patienceMs.length;
  await pass(30_000);
  expect(patienceMs.slice(before, before + 2)).toEqual([20_000, 4_000]);
});

test("sockets that open and are lost at once are asked for ever more rarely; a good one begins anew", async () => {
  for (let n = 0; n < 8; n++) {
    loop.handleLost();
    await pass(60_000);
    loop.handleOpen();
  }
  loop.handleLost();
  const before = askedAtMs.length;
  await pass(10_000);
  expect(askedAtMs.length).toBe(before);
  await pass(30_000);
  loop.handleOpen();
  await pass(RESUME_STABLE_MS);
  loop.handleLost();
  await pass(200);
  expect(askedAtMs.length).toBe(before + 2);
});

test("a dial that fails, and one that is refused before it began, ask for another token", async () => {
  onToken = () => loop.handleDialFailed();
  loop.handleLost();
  await pass(1_000);
  onToken = () => {
    throw new CatalogError("STREAM_URL_REFUSED");
  };
  await pass(1_000);
  expect(tokens).toBeGreaterThanOrEqual(3);
  expect(problems.slice(0, 2)).toEqual(["CHANNEL_OPEN_FAILED", "STREAM_URL_REFUSED"]);
  expect(clock.pendingTimers).toBe(1);
});

test("a store that cannot tell the credentials is no reason to stop", async () => {
  checkCredentials = async () => {
    throw new Error("disk I/O error");
  };
  loop.handleLost();
  await pass(5_000);
  expect([loop.waitsForCredentials, askedAtMs.length]).toEqual([false, 0]);
  checkCredentials = async () => {};
  await pass(10_000);
  expect(tokens).toBe(1);
});

test("no session any more is the end, and nothing is tried after it", async () => {
  answer = async () => ({ kind: "gone" });
  loop.handleLost();
  await pass(1_000);
  loop.close();
  await pass(60_000);
  expect([isGone, askedAtMs.length, clock.pendingTimers]).toEqual([true, 1, 0]);
});

test("closing takes back the call under way, and its late answer is nobody's", async () => {
  let signal: AbortSignal | undefined;
  let give: (answer: ResumeAnswer) => void = () => {};
  answer = (given) => {
    signal = given;
    return new Promise((resolve) => {
      give = resolve;
    });
  };
  loop.handleLost();
  await pass(500);
  loop.close();
  expect(signal?.aborted).toBe(true);
  give(TOKEN);
  await pass(1_000);
  loop.handleCredentialsRenewed();
  loop.handleOpen();
  loop.handleLost();
  await pass(60_000);
  expect([tokens, askedAtMs.length, clock.pendingTimers]).toEqual([0, 1, 0]);
});
