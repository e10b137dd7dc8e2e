import { expect, test } from "vitest";
import { activityWords, axisLabels, barHeight } from "./activity-words.ts";

const SATURDAY_16 = Date.parse("2026-11-21T16:00:00Z");
const none = { events: 0, refused: 0 };
const day = {
  from: SATURDAY_16,
  stepMs: 600_000,
  steps: Array.from({ length: 144 }, (_, index) => (index === 60 ? { events: 3, refused: 1 } : none)),
};

test("below a day stand six times and now, the weekday where it begins", () => {
  expect(axisLabels(day, true)).toEqual(["Sat 16:00", "20:00", "Sun 00:00", "04:00", "08:00", "12:00", "now"]);
});

test("below a month stand dates, and the end where that is not now", () => {
  const month = { ...day, stepMs: 6 * 3_600_000, steps: Array.from({ length: 120 }, () => none) };
  expect(axisLabels(month, false)).toEqual(["21 Nov", "26 Nov", "1 Dec", "6 Dec", "11 Dec", "16 Dec", "21 Dec"]);
});

test("who does not see the picture hears how many events, since when, and when something was refused", () => {
  expect(activityWords(day)).toBe("3 events in steps of 10 minutes since Sat 16:00; refusals at Sun 02:00");
  expect(activityWords({ ...day, steps: [none] })).toMatch(/; no refusals$/);
  const refused = Array.from({ length: 6 }, () => ({ events: 1, refused: 1 }));
  expect(activityWords({ ...day, steps: refused })).toMatch(/; refusals in 6 steps$/);
  expect(activityWords({ ...day, steps: refused.slice(0, 3) })).toMatch(/Sat 16:00, Sat 16:10 and Sat 16:20$/);
});

test("a single event is seen beside thousands, and no event is not mistaken for one", () => {
  expect([barHeight(0, 5_000, 34), barHeight(1, 5_000, 34), barHeight(5_000, 5_000, 34)]).toEqual([2, 6, 34]);
});
