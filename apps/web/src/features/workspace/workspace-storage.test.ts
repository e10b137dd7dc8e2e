import { expect, test } from "vitest";
import { LIST_WIDTH_PX, WorkspaceStorage } from "./workspace-storage.ts";

const layout = (...sessions: string[]) => ({
  savedAt: 1,
  tabs: sessions.map((session) => ({ nodes: [{ session }] })),
});
const DANA = { account: "1", userId: "dana" };

function fakeStorage() {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

test("what is remembered comes back for the same person only", () => {
  const storage = fakeStorage();
  new WorkspaceStorage(storage, DANA).remember({ layout: layout("a", "b"), listWidthPx: 300 });
  expect(new WorkspaceStorage(storage, DANA).remembered).toMatchObject({ layout: layout("a", "b"), listWidthPx: 300 });
  expect(new WorkspaceStorage(storage, { ...DANA, userId: "kofi" }).remembered.layout).toBeUndefined();
});

test.each([
  "{",
  "[]",
  '{"layout":{"savedAt":0,"tabs":[7]},"listWidthPx":300,"listHidden":false}',
  '{"listWidthPx":9999,"listHidden":false}',
])("stored text that is not ours (%s) is ignored", (text) => {
  const storage = fakeStorage();
  storage.values.set("causeway-workspace:1/dana", text);
  expect(new WorkspaceStorage(storage, DANA).remembered).toEqual({
    listWidthPx: LIST_WIDTH_PX.usual,
    listHidden: false,
  });
});

test("a browser that forbids storage still works, without a memory", () => {
  const refusing = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  };
  const storage = new WorkspaceStorage(refusing, DANA);
  storage.remember({ listHidden: true });
  expect(storage.remembered.listHidden).toBe(true);
});

test("only the layout, the list and the region are ever written", () => {
  const storage = fakeStorage();
  new WorkspaceStorage(storage, DANA).remember({ layout: layout("a"), listHidden: true, region: "eu-west-1" });
  const written: unknown = JSON.parse([...storage.values.values()][0] ?? "");
  expect(Object.keys(written as object).sort()).toEqual(["layout", "listHidden", "listWidthPx", "region"]);
});
