import { expect, test } from "vitest";
import { dayAndTime, seenWords } from "./login-times.ts";

test("a browser seen in the last two minutes is there now: it is written down to the minute only", () => {
  expect([seenWords(0, 119_999), seenWords(0, 14 * 60_000), seenWords(10, 0)]).toEqual([
    "now",
    "14\u00a0min ago",
    "now",
  ]);
});

test("a time names day and minute", () => {
  expect(dayAndTime(Date.UTC(2026, 10, 22, 15, 4), "en-GB")).toMatch(/Sun.*22 Nov.*\d\d:04/);
});
