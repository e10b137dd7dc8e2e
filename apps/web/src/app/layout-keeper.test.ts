import type { WorkspaceLayout } from "@causeway/wire-contract/preferences";
import { expect, test } from "vitest";
import { FakeClock } from "../test-support/fake-terminal.ts";
import { LAYOUT_REST_MS, LayoutKeeper } from "./layout-keeper.ts";

const layout = (savedAt: number): WorkspaceLayout => ({ savedAt, tabs: [] });

function setUp() {
  const clock = new FakeClock();
  const stored: number[] = [];
  const answers: (() => void)[] = [];
  const keeper = new LayoutKeeper({
    clock,
    store: ({ savedAt }) => {
      stored.push(savedAt);
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  return { clock, stored, keeper, answer: () => answers.shift()?.() };
}

test("of a burst of changes only the last layout is stored, once it rests", async () => {
  const { clock, stored, keeper } = setUp();
  for (const at of [1, 2, 3]) keeper.keep(layout(at));
  await clock.advance(LAYOUT_REST_MS - 1);
  expect(stored).toEqual([]);
  await clock.advance(1);
  expect(stored).toEqual([3]);
});

test("what changes during a request is stored after it, and nothing once it was stopped", async () => {
  const { clock, stored, keeper, answer } = setUp();
  keeper.keep(layout(1));
  await clock.advance(LAYOUT_REST_MS);
  keeper.keep(layout(2));
  await clock.advance(LAYOUT_REST_MS);
  expect(stored).toEqual([1]);
  answer();
  await clock.advance(0);
  await clock.advance(LAYOUT_REST_MS);
  expect(stored).toEqual([1, 2]);
  keeper.stop();
  keeper.keep(layout(3));
  keeper.stop();
  await clock.advance(LAYOUT_REST_MS);
  expect(stored).toEqual([1, 2]);
});
