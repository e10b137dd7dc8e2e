import { expect, test } from "vitest";
import { ACTIVITY_CHOICES_MAX, ACTIVITY_STEPS_MAX, activityOf, type CountedEvent } from "./audit-activity.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_SPAN = { fromMs: NOON - 24 * HOUR_MS, toMs: NOON, isCut: false, refusalsOnly: false };
const at = (atMs: number, part: Partial<CountedEvent> = {}): CountedEvent => ({
  ...{ atMs, refused: false, name: "dana", account: "111122223333", matches: true },
  ...part,
});

test("a day is counted in steps of ten minutes, refusals among them", () => {
  const activity = activityOf([at(NOON - 1), at(NOON - 1, { refused: true }), at(NOON - 24 * HOUR_MS)], DAY_SPAN);
  expect([activity.stepMs, activity.steps.length, activity.from]).toEqual([600_000, 144, NOON - 24 * HOUR_MS]);
  expect(activity.steps[143]).toEqual({ events: 2, refused: 1 });
  expect(activity.steps[0]).toEqual({ events: 1, refused: 0 });
});

test("steps begin at round times, so that a picture that is drawn anew does not creep", () => {
  const later = activityOf([at(NOON)], { ...DAY_SPAN, fromMs: DAY_SPAN.fromMs + 61_000, toMs: NOON + 61_000 });
  expect(later.from).toBe(DAY_SPAN.fromMs);
  expect(later.steps.length).toBe(145);
});

test.each([1, 24, 24 * 7, 24 * 30, 24 * 400, 24 * 36_500])("%i hours need no more steps than are drawn", (hours) => {
  const { steps } = activityOf([at(NOON - 1)], { ...DAY_SPAN, fromMs: NOON - hours * HOUR_MS });
  expect(steps.length).toBeLessThanOrEqual(ACTIVITY_STEPS_MAX);
  expect(steps.at(-1)).toEqual({ events: 1, refused: 0 });
});

test("without a beginning it begins with the oldest event, but shows a day at least", () => {
  const since = { ...DAY_SPAN, fromMs: undefined };
  expect(activityOf([at(NOON - 48 * HOUR_MS), at(NOON - 1)], since).from).toBe(NOON - 48 * HOUR_MS);
  for (const events of [[], [at(NOON - HOUR_MS)]]) expect(activityOf(events, since).steps.length).toBe(144);
});

test("what was not asked for is not counted, but can be chosen", () => {
  const activity = activityOf([at(NOON - 1), at(NOON - 2, { matches: false, name: "kofi" })], DAY_SPAN);
  expect(activity.steps.at(-1)?.events).toBe(1);
  expect(activity.people).toEqual(["dana", "kofi"]);
});

test("with only refusals asked for the picture shows those, and their number stays the same", () => {
  const events = [at(NOON - 1), at(NOON - 1, { refused: true })];
  const only = activityOf(events, { ...DAY_SPAN, refusalsOnly: true });
  expect([only.steps.at(-1), only.refused]).toEqual([{ events: 1, refused: 1 }, 1]);
});

test("where not all could be counted it says from when on", () => {
  expect(activityOf([at(NOON - 5)], { ...DAY_SPAN, isCut: true }).countedFrom).toBe(NOON - 5);
  expect(activityOf([at(NOON - 5)], DAY_SPAN).countedFrom).toBeUndefined();
});

test("choices are those of most events, fifty at most, and never an empty one", () => {
  const events = Array.from({ length: ACTIVITY_CHOICES_MAX + 5 }, (_, index) => at(NOON - 1, { name: `n${index}` }));
  const { people } = activityOf([...events, at(NOON - 1, { name: "n54" }), at(NOON - 1, { name: "" })], DAY_SPAN);
  expect([people.length, people[0]]).toEqual([ACTIVITY_CHOICES_MAX, "n54"]);
  expect(people).not.toContain("");
});
