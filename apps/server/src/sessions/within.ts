import type { Clock } from "../platform/clock.ts";

/** What the promise gives, or undefined when it takes longer than `waitMs` milliseconds; it is not cancelled. */
export async function within<T>(clock: Clock, promise: Promise<T>, waitMs: number): Promise<T | undefined> {
  let cancel = () => {};
  const timeout = new Promise<undefined>((resolve) => {
    cancel = clock.setTimer(clock.nowMs() + waitMs, () => resolve(undefined));
  });
  const first = await Promise.race([promise, timeout]);
  cancel();
  return first;
}
