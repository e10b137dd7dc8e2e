import { expect, test } from "vitest";
import { CatalogError } from "../../../platform/catalog-error.ts";
import { FakeClock } from "../../../platform/fake-clock.ts";
import { CALLS_PER_SECOND, CallPacer, TRIES_MAX } from "./call-pacer.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));
/** Lets as much time pass as a promise needs. */
async function untilDone<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  for (let step = 0; step < 10_000 && !done; step++) {
    await settled();
    if (!done) clock.advance(25);
  }
  return promise;
}

test("calls leave at the pace, however many are asked for at once", async () => {
  const clock = new FakeClock(0);
  const pacer = new CallPacer(clock, () => 0);
  const at: number[] = [];
  const calls = Array.from({ length: CALLS_PER_SECOND + 1 }, () => pacer.run(async () => at.push(clock.nowMs())));
  await untilDone(clock, Promise.all(calls));
  expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBe(1_000);
});

test("a throttled call is tried again after pauses that grow, and is given up after so many tries", async () => {
  const clock = new FakeClock(0);
  const pacer = new CallPacer(clock, () => 0.5);
  const at: number[] = [];
  const call = pacer.run(async () => {
    at.push(clock.nowMs());
    throw new CatalogError("AWS_THROTTLED");
  });
  await expect(untilDone(clock, call)).rejects.toMatchObject({ code: "AWS_THROTTLED" });
  expect(at).toHaveLength(TRIES_MAX);
  const gaps = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
  expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
});

test("any other failure is the caller's at once", async () => {
  const pacer = new CallPacer(new FakeClock(), () => 0);
  const call = pacer.run(() => Promise.reject(new CatalogError("AWS_UNREACHABLE")));
  await expect(call).rejects.toMatchObject({ code: "AWS_UNREACHABLE" });
});
