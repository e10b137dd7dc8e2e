import { expect, test } from "vitest";
import { DRAWN_ROWS_MAX, DrawnRows, type RowsLook } from "./drawn-rows.tsx";
import type { InstanceGroup } from "./instance-groups.ts";
import type { ListedInstance } from "./instance-index.ts";
import type { PlacedRow } from "./row-layout.ts";
import { listed } from "./testing/listed.ts";

const LOOK: RowsLook = {
  listId: "list",
  optionMax: 3,
  severalPlaces: true,
  identityWords: new Map(),
  openCounts: new Map(),
  favourites: new Set(),
  words: [],
  nowMs: 0,
  markedKey: undefined,
  activeKey: undefined,
};
const groupOf = (part: Partial<InstanceGroup>): InstanceGroup => ({
  key: "g",
  kind: "tag",
  label: "service",
  title: "api",
  compact: false,
  summary: "",
  count: 3,
  at: () => undefined,
  ...part,
});
const GROUP = groupOf({});
const placed = (instance: ListedInstance, topPx = 26, group = GROUP): PlacedRow => ({
  row: { kind: "instance", key: instance.key, group, instance, option: 0 },
  topPx,
  heightPx: 40,
});
const WEB = listed("web");

test("a row that stays in view is the same element, however far one scrolls", () => {
  const rows = new DrawnRows(LOOK);
  const element = rows.row(placed(WEB), 0);
  rows.row(placed(listed("db"), 66), 0);
  expect(rows.row(placed(WEB), 0)).toBe(element);
});

test("another place, another group or news of the instance draw it anew", () => {
  const rows = new DrawnRows(LOOK);
  const element = rows.row(placed(WEB), 0);
  expect(rows.row(placed(WEB, 66), 0)).not.toBe(element);
  expect(rows.row(placed(WEB, 26, groupOf({ title: "web" })), 0)).not.toBe(element);
  expect(rows.row(placed({ ...WEB, state: "stopped" }), 0)).not.toBe(element);
});

test("at the bound what was drawn is forgotten", () => {
  const rows = new DrawnRows(LOOK);
  for (let n = 0; n < DRAWN_ROWS_MAX; n++) rows.row(placed(listed(`n${n}`), n), 0);
  expect(rows.size).toBe(DRAWN_ROWS_MAX);
  rows.row(placed(WEB), 0);
  expect(rows.size).toBe(1);
});

test("of several places a row names its own, but not where its group's header does", () => {
  const rows = new DrawnRows(LOOK);
  const severalPlaces = (group: InstanceGroup) => rows.row(placed(WEB, 26, group), 0).props;
  expect(severalPlaces(GROUP)).toMatchObject({ severalPlaces: true });
  expect(severalPlaces(groupOf({ kind: "place", label: "account" }))).toMatchObject({ severalPlaces: true });
  expect(severalPlaces(groupOf({ kind: "place", label: "region" }))).toMatchObject({ severalPlaces: false });
});
