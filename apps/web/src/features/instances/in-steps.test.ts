import { expect, test, vi } from "vitest";
import { inSteps } from "./in-steps.ts";

function* counted(seen: string[]): Generator<void, string> {
  for (const step of ["one", "two"]) {
    seen.push(step);
    yield;
  }
  return "all";
}

test("each step has a turn of its own, and what they gave is told once", async () => {
  const seen: string[] = [];
  inSteps(counted(seen), (result) => seen.push(result));
  expect(seen).toEqual([]);
  setTimeout(() => seen.push("something else"));
  await vi.waitFor(() => expect(seen).toContain("all"));
  expect(seen).toEqual(["one", "something else", "two", "all"]);
});

test("what was stopped takes no further step and tells nothing", async () => {
  const seen: string[] = [];
  const stopped = inSteps(counted(seen), (result) => seen.push(result));
  stopped();
  const others: string[] = [];
  let stop = (): void => {};
  stop = inSteps(
    (function* () {
      for (const step of counted(others)) {
        stop();
        yield step;
      }
    })(),
    () => others.push("told"),
  );
  const last: string[] = [];
  inSteps(counted(last), (result) => last.push(result));
  await vi.waitFor(() => expect(last).toContain("all"));
  expect([seen, others]).toEqual([[], ["one"]]);
});
