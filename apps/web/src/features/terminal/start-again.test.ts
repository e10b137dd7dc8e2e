import { expect, test, vi } from "vitest";
import { problemFromCode } from "./problems.ts";
import { STARTS_AGAIN_AFTER_MS, StartAgain } from "./start-again.ts";

/** Time that moves by the test's hand, with one timer. */
class OneTimer {
  now = 0;
  #due: { at: number; run: () => void } | undefined;
  nowMs = () => this.now;
  setTimeout = (run: () => void, ms: number) => {
    this.#due = { at: this.now + ms, run };
    return 1;
  };
  clearTimeout = () => {
    this.#due = undefined;
  };
  advance(ms: number): void {
    this.now += ms;
    if (this.#due === undefined || this.#due.at > this.now) return;
    const { run } = this.#due;
    this.#due = undefined;
    run();
  }
}

const THROTTLED = problemFromCode("AWS_THROTTLED");

function startAgain() {
  const clock = new OneTimer();
  const start = vi.fn();
  return { clock, start, again: new StartAgain(clock, start) };
}

test("a throttled start is made again by itself, and says when", () => {
  const { clock, start, again } = startAgain();
  expect(again.handleFailed(THROTTLED)).toBe(STARTS_AGAIN_AFTER_MS[0]);
  clock.advance(STARTS_AGAIN_AFTER_MS[0] - 1);
  expect(start).not.toHaveBeenCalled();
  clock.advance(1);
  expect(start).toHaveBeenCalledTimes(1);
});

test("it waits longer each time, and after the last wait it is the person's to start", () => {
  const { again } = startAgain();
  const waits = STARTS_AGAIN_AFTER_MS.map(() => again.handleFailed(THROTTLED));
  expect(waits).toEqual([...STARTS_AGAIN_AFTER_MS]);
  expect(again.handleFailed(THROTTLED)).toBeUndefined();
  again.reset();
  expect(again.handleFailed(THROTTLED)).toBe(STARTS_AGAIN_AFTER_MS[0]);
});

test("nothing else is started again by itself: AWS may have begun a shell", () => {
  const { again } = startAgain();
  for (const code of ["AWS_FAILED", "AWS_UNREACHABLE", "AWS_ACCESS_DENIED"])
    expect(again.handleFailed(problemFromCode(code))).toBeUndefined();
});

test("a pane that was closed, or that a person started again, starts nothing later", () => {
  const { clock, start, again } = startAgain();
  again.handleFailed(THROTTLED);
  again.stop();
  clock.advance(1_000_000);
  again.handleFailed(THROTTLED);
  again.reset();
  clock.advance(1_000_000);
  expect(start).not.toHaveBeenCalled();
});
