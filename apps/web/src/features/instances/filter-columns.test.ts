import { describe, expect, test } from "vitest";
import { FilterColumns } from "./filter-columns.ts";
import { parseFilter, searchesOf } from "./instance-filter.ts";
import { indexOf, listed } from "./testing/listed.ts";

const fleet = indexOf(
  Array.from({ length: 40 }, (_, n) => listed(`web-${n}`, { tags: { env: n % 2 ? "prod" : "dev" } })),
);
const laidOut = new FilterColumns(fleet);
for (const _ of laidOut.prepare());
const plain = new FilterColumns(fleet);
const word = (needle: string) => [{ column: "words", how: "holds", needle } as const];

describe.each([
  ["laid out", laidOut],
  ["not laid out yet", plain],
])("texts that are %s", (_, columns) => {
  test("a text that begins in one instance and ends in the next is nobody's", () => {
    const [first, second] = fleet;
    const acrossBoth = `${first?.haystack.slice(-3)}\u0000${second?.haystack.slice(0, 3)}`;
    expect([...columns.fitting(word(acrossBoth), undefined)]).toEqual([]);
  });

  test("a text that stands several times in one instance finds it once", () => {
    expect(columns.fitting(word("e"), undefined)).toHaveLength(fleet.length);
  });

  test("among few and among many the same are found", () => {
    const evens = Uint32Array.from(fleet.map((_, position) => position).filter((position) => position % 2 === 0));
    const found = [...columns.fitting(word("prod"), undefined)];
    expect(found).toHaveLength(20);
    expect([...columns.fitting(word("prod"), evens)]).toEqual(found.filter((position) => position % 2 === 0));
    const [one = 0] = found;
    expect([...columns.fitting(word("prod"), Uint32Array.of(one))]).toEqual([one]);
  });

  test("alternatives find what fits any of them, in the order of the list", () => {
    const [either = []] = searchesOf(parseFilter("env=prod env=dev").conditions, parseFilter(""));
    expect([...columns.fitting(either, undefined)]).toEqual(fleet.map((_, position) => position));
  });
});

test("in an empty list nothing is found", () => {
  expect([...new FilterColumns([]).fitting(word("a"), undefined)]).toEqual([]);
});

test("columns of the same list with other states share its texts, and know the states of their own", () => {
  const stopped = fleet.map((entry) => ({ ...entry, instance: { ...entry.instance, state: "stopped" as const } }));
  const after = new FilterColumns(stopped, laidOut);
  const state = (value: string) => [{ column: "state", how: "is", needle: value } as const];
  expect(after.fitting(state("stopped"), undefined)).toHaveLength(fleet.length);
  expect(laidOut.fitting(state("stopped"), undefined)).toHaveLength(0);
  expect(after.fitting(word("prod"), undefined)).toHaveLength(20);
});
