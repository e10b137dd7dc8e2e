import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../../platform/catalog-error.ts";
import { FakeClock } from "../../platform/fake-clock.ts";
import { FakeAws } from "../testing/fake-aws.ts";
import { FakeIdentity, REGION, TARGET } from "../testing/session-harness.ts";
import { CALLS_BURST_MAX } from "./call-bucket.ts";
import { PacedSessionCalls } from "./paced-session-calls.ts";

const dana = new FakeIdentity("dana");
const kofi = new FakeIdentity("kofi");
let clock: FakeClock;
let aws: FakeAws;
let calls: PacedSessionCalls;
let address: { region: string; awsSessionId: string };
beforeEach(async () => {
  clock = new FakeClock();
  aws = new FakeAws(clock);
  calls = new PacedSessionCalls(aws, clock);
  const target = { region: REGION, instanceId: TARGET, documentName: undefined };
  address = { region: REGION, awsSessionId: (await aws.start(dana, target)).awsSessionId };
  aws.calls.length = 0;
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("people of one account share its budget in a region; another region has its own", async () => {
  for (let n = 0; n < CALLS_BURST_MAX; n++) await calls.resume(dana, address);
  void calls.resume(kofi, address);
  await turn();
  expect(aws.calls).toHaveLength(CALLS_BURST_MAX);
  await calls.listActive(kofi, "us-east-1");
  expect(aws.calls).toHaveLength(CALLS_BURST_MAX + 1);
  clock.advance(100);
  await turn();
  expect(aws.calls.at(-1)).toBe("resume kofi");
});

test("an end that a person asked for goes before the resumes that wait", async () => {
  for (let n = 0; n < CALLS_BURST_MAX + 5; n++) void calls.resume(dana, address);
  await turn();
  void calls.terminate(kofi, address);
  clock.advance(100);
  await turn();
  expect(aws.calls.at(-1)).toBe("terminate kofi");
});

test("a resume that nobody wants any more is not made", async () => {
  for (let n = 0; n < CALLS_BURST_MAX; n++) await calls.resume(dana, address);
  const abort = new AbortController();
  const resumed = calls.resume(dana, address, { signal: abort.signal });
  abort.abort(new Error("the session ended"));
  await expect(resumed).rejects.toThrow("the session ended");
  clock.advance(10_000);
  await turn();
  expect(aws.calls).toHaveLength(CALLS_BURST_MAX);
});

test("what AWS answers is passed on; being throttled holds back whoever comes next", async () => {
  aws.failNext("resume", new CatalogError("AWS_THROTTLED"));
  await expect(calls.resume(dana, address)).rejects.toMatchObject({ code: "AWS_THROTTLED" });
  void calls.resume(kofi, address);
  clock.advance(1_000);
  await turn();
  expect(aws.calls).toEqual(["resume dana"]);
  clock.advance(200);
  await turn();
  expect(aws.calls).toEqual(["resume dana", "resume kofi"]);
});
