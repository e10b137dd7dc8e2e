import { expect, test } from "vitest";
import {
  FAVOURITES_MAX,
  RECENTS_MAX,
  readMemory,
  withFavouriteToggled,
  withRecent,
  writeMemory,
} from "./portal-memory.ts";

const role = (number: number) => ({ accountId: String(number), roleName: "ReadOnly" });
const NOTHING = { recents: [], favourites: [] };

class FakeStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
}

test("what was chosen last comes first, once, and only so many are kept", () => {
  let memory = NOTHING as Parameters<typeof withRecent>[0];
  for (let number = 0; number <= RECENTS_MAX; number++) memory = withRecent(memory, role(number));
  memory = withRecent(memory, role(3));
  expect(memory.recents.map(({ accountId }) => accountId)).toEqual(["3", "5", "4", "2", "1"]);
});

test("a favourite is one until it is pressed again; at the bound the oldest goes", () => {
  const once = withFavouriteToggled(NOTHING, role(1));
  expect([once.favourites, withFavouriteToggled(once, role(1)).favourites]).toEqual([[role(1)], []]);
  let memory = NOTHING as Parameters<typeof withRecent>[0];
  for (let number = 0; number <= FAVOURITES_MAX; number++) memory = withFavouriteToggled(memory, role(number));
  expect([memory.favourites.length, memory.favourites[0]]).toEqual([FAVOURITES_MAX, role(1)]);
});

test("each start URL has a memory of its own, and a damaged one is none", () => {
  const storage = new FakeStorage();
  writeMemory(storage, "https://a/start", withRecent(NOTHING, role(1)));
  expect(readMemory(storage, "https://a/start").recents).toEqual([role(1)]);
  expect(readMemory(storage, "https://b/start")).toEqual(NOTHING);
  storage.setItem("causeway-portal:https://a/start", '{"recents": 7}');
  expect([readMemory(storage, "https://a/start"), readMemory(undefined, "x")]).toEqual([NOTHING, NOTHING]);
});
