import { expect, test } from "vitest";
import { nextPosition } from "./list-keys.ts";

test("arrows and j/k move by one, Page by a view, and stop at the ends", () => {
  expect(nextPosition("j", -1, 10, 4)).toBe(0);
  expect(nextPosition("ArrowDown", 9, 10, 4)).toBe(9);
  expect(nextPosition("k", 0, 10, 4)).toBe(0);
  expect(nextPosition("PageDown", 2, 10, 4)).toBe(6);
  expect(nextPosition("PageUp", 2, 10, 4)).toBe(0);
  expect(nextPosition("End", 0, 10, 4)).toBe(9);
  expect(nextPosition("x", 0, 10, 4)).toBeUndefined();
  expect(nextPosition("j", -1, 0, 4)).toBeUndefined();
});
