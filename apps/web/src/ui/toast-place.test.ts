import { expect, test } from "vitest";
import { type Box, REST_BOTTOM_PX, toastBottomPx } from "./toast-place.ts";

const WINDOW_PX = 900;
const TOASTS = { left: 1076, right: 1424, height: 80 };
const line = (top: number, left = 340, right = 1430): Box => ({ left, right, top, bottom: top + 18 });
const place = (keepClear: readonly Box[], now = REST_BOTTOM_PX): number =>
  toastBottomPx(TOASTS, WINDOW_PX, keepClear, now);

test("with nothing in the way notices stand above the status bar", () => {
  expect(place([])).toBe(REST_BOTTOM_PX);
  expect(place([line(100)])).toBe(REST_BOTTOM_PX);
  expect(place([line(850, 0, 900)])).toBe(REST_BOTTOM_PX); // another pane's, at the left of them
  expect(place([{ left: 340, right: 1430, top: 850, bottom: 850 }])).toBe(REST_BOTTOM_PX); // nothing to see
});

test("notices that would cover the cursor's line stand above it", () => {
  const bottom = place([line(840)]);
  expect(WINDOW_PX - bottom).toBeLessThan(840);
  expect(WINDOW_PX - bottom).toBeGreaterThan(820);
});

test("they make room for all that must be seen, one above the other", () => {
  const bottom = place([line(840), line(760)]);
  expect(WINDOW_PX - bottom).toBeLessThan(760);
});

test("they fit between two things where there is room, and stay where they are while that is free", () => {
  const between = place([line(840), line(700)]);
  expect(WINDOW_PX - between).toBeGreaterThan(800);
  expect(place([], 200)).toBe(200);
});

test("a window without a free place has them where they rest", () => {
  const wall = Array.from({ length: 50 }, (_, row) => line(row * 18));
  expect(place(wall)).toBe(REST_BOTTOM_PX);
});
