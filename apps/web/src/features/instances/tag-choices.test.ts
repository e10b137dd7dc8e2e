import { expect, test } from "vitest";
import { INSTANCES_PER_STEP, TAG_KEYS_MAX, TAG_VALUES_MAX, tagChoices, tagChoicesInSteps } from "./tag-choices.ts";
import { indexOf, listed } from "./testing/listed.ts";

test("the tag menu leaves out tags that say the same of all, or something else of each", () => {
  const fleet = ["a", "b", "c"].map((name, index) =>
    listed(name, { tags: { Name: name, owner: "sre", env: index === 0 ? "prod" : "dev" } }),
  );
  expect(tagChoices(indexOf(fleet))).toEqual([{ key: "env", values: ["dev", "prod"] }]);
});

test("the tag menu is not longer than its bound", () => {
  const tags = (value: string) =>
    Object.fromEntries(Array.from({ length: TAG_KEYS_MAX + 8 }, (_, index) => [`key${index}`, value]));
  const fleet = ["x", "x", "y"].map((value, index) => listed(`n${index}`, { tags: tags(value) }));
  expect(tagChoices(indexOf(fleet))).toHaveLength(TAG_KEYS_MAX);
});

test("a tag with more values than the menu shows is left out", () => {
  const fleet = (count: number) =>
    Array.from({ length: 3 * count }, (_, n) => listed(`n${n}`, { tags: { rack: `${n % count}` } }));
  expect(tagChoices(indexOf(fleet(TAG_VALUES_MAX)))).toHaveLength(1);
  expect(tagChoices(indexOf(fleet(TAG_VALUES_MAX + 1)))).toEqual([]);
});

test("a long list is looked at in steps, each of so many instances at most, and what is found is the same", () => {
  const count = 2 * INSTANCES_PER_STEP + 1;
  const index = indexOf(Array.from({ length: count }, (_, n) => listed(`n${n}`, { tags: { env: `e${n % 3}` } })));
  const steps = tagChoicesInSteps(index);
  expect([steps.next().done, steps.next().done]).toEqual([false, false]);
  expect(steps.next()).toEqual({ done: true, value: tagChoices(index) });
});
