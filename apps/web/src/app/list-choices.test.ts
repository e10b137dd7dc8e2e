import { FAVOURITES_MAX, RECENTS_MAX, SAVED_VIEWS_MAX } from "@causeway/wire-contract/preferences";
import { expect, test } from "vitest";
import { FOLDED_GROUPS_MAX } from "../features/workspace/workspace-storage.ts";
import { addRecent, deleteView, saveView, setGroupBy, toggleFavourite, withFold } from "./list-choices.ts";
import { NO_PREFERENCES, type PreferenceChange } from "./preferences-store.ts";

const ref = (n: number) => ({ account: "111122223333", region: "eu-west-1", instanceId: `i-${n}` });
const view = (name: string, filter = "") => ({ name, filter, groupBy: "" });
const after = (...changes: PreferenceChange[]) => changes.reduce((before, change) => change(before), NO_PREFERENCES);
const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

test("a favourite is added once, taken away the second time, and never beyond the bound", () => {
  expect(after(toggleFavourite(ref(1)), toggleFavourite(ref(2)), toggleFavourite(ref(1))).favourites).toEqual([ref(2)]);
  expect(after(...many(FAVOURITES_MAX + 1, (n) => toggleFavourite(ref(n)))).favourites).toHaveLength(FAVOURITES_MAX);
});

test("what was opened last stands first, once, and the oldest goes at the bound", () => {
  expect(after(addRecent(ref(1)), addRecent(ref(2)), addRecent(ref(1))).recents).toEqual([ref(1), ref(2)]);
  const { recents } = after(...many(RECENTS_MAX + 1, (n) => addRecent(ref(n))));
  expect([recents.length, recents[0]]).toEqual([RECENTS_MAX, ref(RECENTS_MAX)]);
});

test("a view replaces the one of its name, can be deleted, and the oldest goes at the bound", () => {
  expect(after(saveView(view("a")), saveView(view("a", "env=prod"))).views).toEqual([view("a", "env=prod")]);
  expect(after(saveView(view("a")), deleteView(view("a"))).views).toEqual([]);
  expect(after(...many(SAVED_VIEWS_MAX + 1, (n) => saveView(view(`${n}`)))).views[0]?.name).toBe("1");
});

test("grouping as usual is no choice", () => {
  expect(after(setGroupBy("region")).groupBy).toBe("region");
  expect(after(setGroupBy("region"), setGroupBy(undefined))).toEqual(NO_PREFERENCES);
});

test("a group stays folded until it is unfolded; at the bound the one folded first is shown again", () => {
  expect(withFold(withFold(["a", "b"], "a", true), "b", false)).toEqual(["a"]);
  const all = many(FOLDED_GROUPS_MAX + 1, String).reduce<string[]>((before, key) => withFold(before, key, true), []);
  expect([all.length, all[0], all.at(-1)]).toEqual([FOLDED_GROUPS_MAX, "1", String(FOLDED_GROUPS_MAX)]);
});
