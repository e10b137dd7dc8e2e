import { expect, test } from "vitest";
import { panned, SCALE_MAX, SCALE_MIN, scaledFont, smallerFont } from "./fit-scale.ts";

const GRID = { width: 800, height: 400 };

test("a grid that is larger than its room is drawn smaller by the tighter side, in steps of a quarter pixel", () => {
  expect(scaledFont(12, 12, GRID, { width: 600, height: 400 })).toBe(9);
  expect(scaledFont(12, 12, GRID, { width: 800, height: 290 })).toBe(8.5);
});

test("what was drawn smaller grows with its room", () => {
  expect(scaledFont(12, 9, { width: 600, height: 300 }, { width: 800, height: 400 })).toBe(12);
});

test("never beyond 50 and 125 % of the chosen font, nor for a grid that was not drawn yet", () => {
  expect(scaledFont(12, 12, GRID, { width: 10, height: 10 })).toBe(12 * SCALE_MIN);
  expect(scaledFont(12, 12, GRID, { width: 8_000, height: 8_000 })).toBe(12 * SCALE_MAX);
  expect(scaledFont(12, 12, { width: 0, height: 0 }, GRID)).toBe(12);
});

test("a font that does not fit after all goes down step by step, to the smallest", () => {
  const room = { width: 799, height: 400 };
  expect(smallerFont(12, 9, GRID, room)).toBe(8.75);
  expect(smallerFont(12, 9, GRID, GRID)).toBeUndefined();
  expect(smallerFont(12, 6, GRID, room)).toBeUndefined();
});

test("a grid that is too large is panned as far as the cursor needs, there and back, and not while it is seen", () => {
  expect(panned({ from: 100, to: 120 }, 300, 0)).toBe(0);
  expect(panned({ from: 400, to: 420.5 }, 300, 0)).toBe(121);
  expect(panned({ from: 200, to: 220 }, 300, 121)).toBe(121);
  expect(panned({ from: 50, to: 70 }, 300, 121)).toBe(50);
  expect(panned({ from: -8, to: 12 }, 300, 121)).toBe(0);
});
