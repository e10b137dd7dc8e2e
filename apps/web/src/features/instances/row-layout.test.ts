import { expect, test } from "vitest";
import { NO_FILTER } from "./instance-filter.ts";
import { groupIndex, pickedGroup } from "./instance-groups.ts";
import { instanceRef } from "./instance-ref.ts";
import { ListFilter } from "./list-filter.ts";
import { RowLayout } from "./row-layout.ts";
import { indexOf, listed } from "./testing/listed.ts";

const HEIGHTS = { header: 26, full: 40, compact: 28 };
const fleet = Array.from({ length: 20_000 }, (_, n) => listed(`n-${n}`, { tags: { service: n < 3 ? "a" : "b" } }));
const byRef = new Map(fleet.map((instance) => [instanceRef(instance), instance]));
const layout = new RowLayout(
  [
    ...pickedGroup("favourites", [instanceRef(listed("n-5"))], byRef, 1),
    ...new ListFilter(groupIndex(indexOf(fleet), undefined)).show([], NO_FILTER).groups,
  ],
  HEIGHTS,
);
const keys = (fromPx: number, toPx: number) => layout.between(fromPx, toPx).map(({ row }) => row.key);

test("headers and rows follow one another without a gap", () => {
  const placed = layout.between(0, layout.heightPx);
  expect(placed).toHaveLength(3 + 1 + 20_000);
  let nextPx = 0;
  for (const { topPx, heightPx } of placed) {
    expect(topPx).toBe(nextPx);
    nextPx += heightPx;
  }
  expect(nextPx).toBe(layout.heightPx);
});

test("only rows that touch the view are given, and the headers of their groups", () => {
  expect(keys(0, 30)).toEqual(["favourites", "favourites first eu-west-1 i-n-5"]);
  expect(keys(54, 81)).toEqual(["tag=a", "first eu-west-1 i-n-0"]);
  expect(keys(layout.heightPx - 1, layout.heightPx + 500)).toEqual(["tag=b", "first eu-west-1 i-n-19999"]);
  expect(keys(layout.heightPx + 1, layout.heightPx + 500)).toEqual([]);
  expect(keys(-500, 0)).toEqual([]);
});

test("groups follow one another without a gap, and hold their rows", () => {
  const boxes = new Set(layout.between(0, layout.heightPx).map(({ box }) => box));
  expect([...boxes]).toMatchObject([
    { number: 0, topPx: 0, heightPx: 26 + 28 },
    { number: 1, topPx: 54, heightPx: 26 + 3 * 40 },
    { number: 2, topPx: 200, heightPx: layout.heightPx - 200 },
  ]);
});

test("an instance with two rows has two keys and two numbers", () => {
  expect(layout.optionOf("favourites first eu-west-1 i-n-5")).toBe(0);
  const number = layout.optionOf("first eu-west-1 i-n-5") ?? -1;
  expect(number).toBe(6);
  expect(layout.option(number)?.row).toMatchObject({ key: "first eu-west-1 i-n-5", option: 6 });
});

test("beyond the ends there is no row", () => {
  expect([layout.option(-1), layout.option(layout.optionCount), layout.optionOf("gone")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("of a folded group the header is all that stands there, and a row to stand on", () => {
  const [a, b] = new ListFilter(groupIndex(indexOf(fleet), undefined)).show([], NO_FILTER).groups;
  if (a === undefined || b === undefined) throw new Error("two groups");
  const folded = { ...b, folded: true };
  const short = new RowLayout([{ ...a, folded: true }, folded, a], HEIGHTS);
  expect([short.optionCount, short.heightPx]).toEqual([2 + 3, 26 + 26 + 26 + 3 * 40]);
  expect(short.between(0, short.heightPx).map(({ row, topPx }) => [row.kind, topPx])).toEqual([
    ["folded", 0],
    ["folded", 26],
    ["header", 52],
    ["instance", 78],
    ["instance", 118],
    ["instance", 158],
  ]);
  expect(short.option(1)?.box).toMatchObject({ group: folded, topPx: 26, heightPx: 26 });
  expect([short.optionOf("folded tag=b"), short.option(1)?.row.kind]).toEqual([1, "folded"]);
  expect(short.optionOf("first eu-west-1 i-n-5")).toBeUndefined();
});
