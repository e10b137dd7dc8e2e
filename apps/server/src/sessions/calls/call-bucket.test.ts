import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import {
  BUCKETS_MAX,
  CALLS_BURST_MAX,
  CALLS_PER_SECOND,
  CALLS_WAITING_MAX,
  CallBucket,
  CallBuckets,
  THROTTLED_PAUSE_MS,
  type Urgency,
} from "./call-bucket.ts";

let clock: FakeClock;
let bucket: CallBucket;
let gone: string[];
beforeEach(() => {
  clock = new FakeClock();
  bucket = new CallBucket(clock);
  gone = [];
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
function take(name: string, urgency: Urgency = "background", signal?: AbortSignal): void {
  bucket.take(urgency, signal).then(
    () => gone.push(name),
    (error: unknown) => gone.push(`${name}: ${(error as { code?: string }).code ?? String(error)}`),
  );
}
function takeMany(count: number): void {
  for (let n = 0; n < count; n++) take(`${n}`);
}
async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await turn();
}

test("a burst leaves at once, the rest at the rate, in order", async () => {
  takeMany(CALLS_BURST_MAX + 15);
  await turn();
  expect(gone.length).toBe(CALLS_BURST_MAX);
  await pass(1_000);
  expect(gone.length).toBe(CALLS_BURST_MAX + CALLS_PER_SECOND);
  await pass(500);
  expect(gone).toEqual(Array.from({ length: CALLS_BURST_MAX + 15 }, (_, n) => `${n}`));
  expect(clock.pendingTimers).toBe(0);
});

test("a person who waits for the answer goes before what the server does by itself", async () => {
  takeMany(CALLS_BURST_MAX + 2);
  take("person", "person");
  await pass(100);
  expect(gone.at(-1)).toBe("person");
  await pass(200);
  expect(gone.length).toBe(CALLS_BURST_MAX + 3);
});

test("a call that nobody wants any more takes nothing and leaves nobody waiting", async () => {
  takeMany(CALLS_BURST_MAX);
  const abort = new AbortController();
  take("unwanted", "background", abort.signal);
  take("wanted");
  abort.abort("not wanted");
  await pass(100);
  expect(gone.slice(CALLS_BURST_MAX)).toEqual(["unwanted: not wanted", "wanted"]);
  take("too late", "background", abort.signal);
  await turn();
  expect(gone.at(-1)).toBe("too late: not wanted");
});

test("at the bound of waiting calls the next one is refused, and the waiting ones are served", async () => {
  takeMany(CALLS_BURST_MAX + CALLS_WAITING_MAX);
  take("one too many");
  await turn();
  expect(gone.at(-1)).toBe("one too many: AWS_THROTTLED");
  await pass((CALLS_WAITING_MAX / CALLS_PER_SECOND) * 1_000);
  expect(gone.length).toBe(CALLS_BURST_MAX + CALLS_WAITING_MAX + 1);
});

test("when AWS asks to slow down nothing leaves for a while, whoever asks", async () => {
  bucket.handleThrottled();
  bucket.handleThrottled(); // told twice, it is one pause
  take("next");
  await pass(THROTTLED_PAUSE_MS);
  expect(gone).toEqual([]);
  await pass(100);
  expect(gone).toEqual(["next"]);
});

test("a clock that is set back stops nobody for longer than its own wait", async () => {
  takeMany(CALLS_BURST_MAX);
  const early = new CallBucket(new FakeClock(0));
  expect(early.isFull).toBe(true);
  expect(bucket.isFull).toBe(false);
  await pass(2_000);
  expect(bucket.isFull).toBe(true);
});

test("account and region have a budget each; full ones are forgotten at the bound, and only then is one refused", async () => {
  const buckets = new CallBuckets(clock);
  expect(buckets.of("1", "eu-west-1")).toBe(buckets.of("1", "eu-west-1"));
  expect(buckets.of("1", "us-east-1")).not.toBe(buckets.of("1", "eu-west-1"));
  const used = buckets.of("1", "eu-west-1");
  await used.take("person");
  for (let n = 0; n < BUCKETS_MAX; n++) buckets.of(`${n + 10}`, "eu-west-1");
  expect(buckets.of("1", "eu-west-1")).toBe(used);
  const busy = new CallBuckets(clock);
  for (let n = 0; n < BUCKETS_MAX; n++) await busy.of(`${n}`, "eu-west-1").take("person");
  expect(() => busy.of("one too many", "eu-west-1")).toThrow(expect.objectContaining({ code: "AWS_THROTTLED" }));
});
