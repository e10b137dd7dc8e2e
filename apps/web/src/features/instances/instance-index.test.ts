import { expect, test } from "vitest";
import {
  type IndexedInstance,
  indexInstance,
  mergeIndex,
  naturalKey,
  readsTheSame,
  withChanged,
} from "./instance-index.ts";
import { indexOf, listed } from "./testing/listed.ts";

const NONE: ReadonlySet<string> = new Set();
const names = (index: readonly IndexedInstance[]) => index.map(({ instance }) => instance.name);

test.each([
  ["web-2", "web-10"],
  ["API-1", "web-1"],
  ["web-007", "web-8"],
  ["\u00e9tude-1", "fugue-1"],
  ["10.0.0.9", "10.0.0.10"],
])("%s stands before %s", (first, second) => {
  expect(naturalKey(first) < naturalKey(second)).toBe(true);
});

test("equal names stand by their id, so that the order never jumps", () => {
  const twins = [listed("web", { id: "i-2" }), listed("web", { id: "i-1" })];
  expect(indexOf(twins).map(({ instance }) => instance.id)).toEqual(["i-1", "i-2"]);
});

test("changes are merged in: new ones in their place, changed ones once, gone ones gone", () => {
  const before = indexOf([listed("a"), listed("c"), listed("d")]);
  const changed = [indexInstance(listed("b")), indexInstance(listed("c", { state: "stopped" }))];
  const after = mergeIndex(before, changed, new Set([listed("d").key]));
  expect(names(after)).toEqual(["a", "b", "c"]);
  expect(after[2]?.instance.state).toBe("stopped");
});

test("an instance that was renamed moves to its new place", () => {
  const before = indexOf([listed("a", { id: "i-1" }), listed("b", { id: "i-2" })]);
  const renamed = [indexInstance(listed("z", { id: "i-1" }))];
  expect(names(mergeIndex(before, renamed, NONE))).toEqual(["b", "z"]);
});

test("where nothing changes the index stays the same", () => {
  const before = indexOf([listed("a")]);
  expect(mergeIndex(before, [], NONE)).toBe(before);
});

test("another state or ping moves nothing: the index is the same but for them", () => {
  const before = indexOf(["a", "b", "c", "d", "e"].map((name) => listed(name)));
  const stopped = before
    .filter((_, position) => position % 2 === 0)
    .map((entry) => ({
      ...entry,
      instance: { ...entry.instance, state: "stopped" as const, lastPingAt: 7 },
    }));
  const after = withChanged(before, stopped);
  expect(after.map(({ instance }) => `${instance.name} ${instance.state}`)).toEqual([
    "a stopped",
    "b online",
    "c stopped",
    "d online",
    "e stopped",
  ]);
  expect(before[0]?.instance.state).toBe("online");
  expect(withChanged(before, [])).toBe(before);
});

test.each([
  ["another state", { state: "stopped" }, true],
  ["another ping", { lastPingAt: 9 }, true],
  ["another name", { name: "b" }, false],
  ["another address", { privateIp: "10.0.0.9" }, false],
  ["another value of a tag", { tags: { env: "dev" } }, false],
  ["another key of a tag", { tags: { Env: "prod" } }, false],
  ["one tag more", { tags: { env: "prod", team: "a" } }, false],
] as const)("with %s a machine reads the same: %o, %s", (_, part, same) => {
  const machine = listed("a", { tags: { env: "prod" } });
  expect(readsTheSame(machine, { ...machine, ...part })).toBe(same);
});
