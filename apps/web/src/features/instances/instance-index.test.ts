import { expect, test } from "vitest";
import { type IndexedInstance, indexInstance, mergeIndex, naturalKey } from "./instance-index.ts";
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
