import { expect, test } from "vitest";
import { isAtLeast } from "./agent-version.ts";

test("versions compare part by part as numbers, not as text", () => {
  expect(isAtLeast("3.3.987.0", "3.3.2299.0")).toBe(false);
  expect(isAtLeast("2.3.68.0", "2.3.68.0")).toBe(true);
  expect(isAtLeast("10.0", "9.9.9.9")).toBe(true);
});

test("a part that is missing is zero", () => {
  expect(isAtLeast("3.3", "3.3.0.0")).toBe(true);
  expect(isAtLeast("3.3", "3.3.0.1")).toBe(false);
});
