import { expect, test } from "vitest";
import { rovingIndex } from "./roving.ts";

test("arrows go around a one-stop control, Home and End go to its ends", () => {
  expect(rovingIndex("ArrowRight", 2, 3)).toBe(0);
  expect(rovingIndex("ArrowLeft", 0, 3)).toBe(2);
  expect(rovingIndex("Home", 2, 3)).toBe(0);
  expect(rovingIndex("End", 0, 3)).toBe(2);
  expect(rovingIndex("a", 0, 3)).toBeUndefined();
  expect(rovingIndex("End", 0, 0)).toBeUndefined();
});
