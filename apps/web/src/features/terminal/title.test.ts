import { expect, test } from "vitest";
import { cleanTitle, TITLE_CHARS_MAX } from "./title.ts";

test("control characters and those that reorder or hide text do not reach a title", () => {
  expect(cleanTitle("top\u001b[31m\u202e\u200b -c\n")).toBe("top[31m -c");
});

test("a title is at most 60 characters, and a cut one shows that it was cut", () => {
  expect(cleanTitle("🎉".repeat(60))).toBe("🎉".repeat(60));
  expect([...(cleanTitle("🎉".repeat(61)) ?? "")]).toHaveLength(TITLE_CHARS_MAX);
  expect(cleanTitle("x".repeat(5_000_000))?.endsWith("…")).toBe(true);
});

test("a title of nothing is none", () => {
  expect(cleanTitle(" \u0007 ")).toBeUndefined();
});
