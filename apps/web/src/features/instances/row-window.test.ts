import { expect, test } from "vitest";
import { OVERSCAN_PX, RowWindow } from "./row-window.ts";

const VIEW_PX = 700;
const drawn = (window: RowWindow) => [window.fromPx, window.toPx];

function scrolledTo(...topsPx: number[]): RowWindow {
  const window = new RowWindow();
  for (const topPx of topsPx) window.handleView(topPx, VIEW_PX);
  return window;
}

test("eight rows beyond the view are drawn on both sides", () => {
  expect(drawn(scrolledTo(0))).toEqual([-OVERSCAN_PX, VIEW_PX + OVERSCAN_PX]);
});

test("nothing is drawn anew until the view has left half of what is drawn beyond it", () => {
  expect(drawn(scrolledTo(0, 100, OVERSCAN_PX / 2))).toEqual(drawn(scrolledTo(0)));
  expect(drawn(scrolledTo(0, OVERSCAN_PX / 2 + 1))).not.toEqual(drawn(scrolledTo(0)));
});

test("where one scrolls to, more is drawn than where one comes from, and the same in all", () => {
  expect(drawn(scrolledTo(0, 5_000))).toEqual([5_000 - 160, 5_000 + VIEW_PX + 480]);
  expect(drawn(scrolledTo(0, 9_000, 5_000))).toEqual([5_000 - 480, 5_000 + VIEW_PX + 160]);
});

test("a higher view is drawn whole, and a lower one is not drawn with what the higher one had", () => {
  const window = scrolledTo(0);
  window.handleView(0, 2_000);
  expect(drawn(window)).toEqual([-OVERSCAN_PX, 2_000 + OVERSCAN_PX]);
  window.handleView(0, 300);
  expect(drawn(window)).toEqual([-OVERSCAN_PX, 300 + OVERSCAN_PX]);
});

test("while somebody types only what is in view is drawn, at the list's top, until the keys rest", () => {
  const window = scrolledTo(0, 5_000);
  window.handleTyped();
  window.handleView(0, VIEW_PX);
  expect(drawn(window)).toEqual([0, VIEW_PX]);
  window.handleRest(0, VIEW_PX);
  expect(window.toPx).toBeGreaterThanOrEqual(VIEW_PX + OVERSCAN_PX / 2);
});

test("who scrolls before the keys rest has what is in view there", () => {
  const window = scrolledTo(0);
  window.handleTyped();
  window.handleView(5_000, VIEW_PX);
  expect(window.fromPx).toBeLessThan(5_000);
  expect(window.toPx).toBeGreaterThan(5_000 + VIEW_PX);
});
