// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { DrawnRows, LOOSE_ROWS_MAX, SPARE_MAX } from "./drawn-rows.ts";
import { NO_FILTER, parseFilter } from "./instance-filter.ts";
import { groupIndex, pickedGroup } from "./instance-groups.ts";
import { instanceRef } from "./instance-ref.ts";
import { ListFilter } from "./list-filter.ts";
import type { RowsLook } from "./row-face.ts";
import { RowLayout } from "./row-layout.ts";
import { indexOf, listed } from "./testing/listed.ts";

const HEIGHTS = { header: 26, full: 40, compact: 28 };
const STATES = ["online", "connection-lost", "stopped", "unknown"] as const;
const FLEET = Array.from({ length: 400 }, (_, n) =>
  listed(`web-${n}`, {
    state: STATES[n % 4] ?? "online",
    tags: { service: `service-${Math.floor(n / 30)}` },
    ...(n % 3 === 0 ? { availabilityZone: "eu-west-1a", platform: "Ubuntu" } : {}),
  }),
);
const REFS = FLEET.map(instanceRef);
const LOOK: RowsLook = {
  listId: "list",
  optionMax: 400,
  severalPlaces: false,
  identityWords: new Map(),
  openCounts: new Map(REFS.slice(0, 9).map((ref, n) => [ref, n])),
  favourites: new Set(REFS.slice(0, 3)),
  words: [],
  nowMs: 0,
  markedKey: undefined,
  activeKey: undefined,
};
const filter = new ListFilter(groupIndex(indexOf(FLEET), undefined));
const byRef = new Map(FLEET.map((instance, n) => [REFS[n] ?? "", instance]));

function layoutFor(text: string, folded: readonly number[] = []): RowLayout {
  const { groups } = filter.show([], text === "" ? NO_FILTER : parseFilter(text));
  const picked = text === "" ? pickedGroup("favourites", REFS.slice(0, 3), byRef, 3) : [];
  const shown = groups.map((group, number) => (folded.includes(number) ? { ...group, folded: true } : group));
  return new RowLayout([...picked, ...shown], HEIGHTS);
}

const ALL = layoutFor("");
const options = (body: Element) => [...body.querySelectorAll(".it")];
const names = (body: Element) => options(body).map((row) => row.querySelector(".nm")?.textContent);

function begin() {
  const body = document.createElement("div");
  const rows = new DrawnRows(body);
  const scroll = (fromPx: number) => rows.show(ALL.between(fromPx, fromPx + 1_000), LOOK, true);
  rows.show(ALL.between(0, 1_000), LOOK, false);
  return { body, rows, scroll };
}

test("a row that stays in view is the same element, and one that leaves gives its elements to one that comes", () => {
  const { body, rows, scroll } = begin();
  const before = new Map(options(body).map((row) => [row.id, row]));
  for (let fromPx = 0; fromPx <= 8_000; fromPx += 120) scroll(fromPx);
  const made = new Set(options(body));
  expect([...made].filter((row) => ![...before.values()].includes(row)).length).toBeLessThan(LOOSE_ROWS_MAX);
  const ids = new Map(options(body).map((row) => [row.id, row]));
  rows.show(ALL.between(8_080, 9_080), LOOK, true);
  const stayed = options(body).filter((row) => ids.get(row.id) === row);
  expect(stayed.length).toBeGreaterThan(20);
});

test("while somebody scrolls within a group nothing is added, removed or moved in the document", () => {
  const body = document.createElement("div");
  const group = new RowLayout(filter.show([], NO_FILTER).groups.slice(0, 1), HEIGHTS);
  const rows = new DrawnRows(body);
  rows.show(group.between(26, 626), LOOK, false);
  const before = options(body);
  const shown = names(body);
  rows.show(group.between(26 + 120, 626 + 120), LOOK, true);
  expect(options(body)).toEqual(before);
  expect(names(body)).not.toEqual(shown);
});

test("when it rests the rows stand in the order that they are read in", () => {
  const { body, rows, scroll } = begin();
  for (const fromPx of [240, 3_000, 2_000, 2_120, 9_000, 8_900]) scroll(fromPx);
  rows.show(ALL.between(8_900, 9_900), LOOK, false);
  const wanted = ALL.between(8_900, 9_900).flatMap(({ row }) => (row.kind === "instance" ? [row.instance.name] : []));
  expect(names(body)).toEqual(wanted);
});

test("whatever was shown before, the document is as if it had been made for what is shown now", () => {
  const { body, rows } = begin();
  let seed = 7;
  const draw = (max: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % max;
  };
  const layouts = [ALL, layoutFor("web-1"), layoutFor("service-3 web"), layoutFor("", [0, 2, 3]), layoutFor("stopped")];
  const keys = [undefined, ...ALL.between(0, 900).map(({ row }) => row.key)];
  for (let round = 0; round < 60; round++) {
    const layout = layouts[draw(layouts.length)] ?? ALL;
    const words = layout === layouts[1] ? ["web-1"] : [];
    const look = { ...LOOK, words, nowMs: draw(3) * 60_000, markedKey: keys[draw(keys.length)] };
    for (let step = draw(3); step >= 0; step--) {
      const fromPx = draw(layout.heightPx + 1);
      const placed = layout.between(fromPx, fromPx + 200 + draw(900));
      rows.show(placed, look, step > 0);
      if (step > 0) continue;
      const anew = document.createElement("div");
      new DrawnRows(anew).show(placed, look, false);
      expect(plain(body)).toBe(plain(anew));
    }
  }
});

/** Attributes may have come in another order. */
function plain(element: Element): string {
  const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort();
  const children = [...element.childNodes].map((child) =>
    child instanceof Element ? plain(child) : child.textContent,
  );
  return `<${element.tagName} ${attributes.join(" ")}>${children.join("")}</>`;
}

test("a row that a pointer met has buttons until it is another's", () => {
  const { body, rows, scroll } = begin();
  const [first] = options(body);
  if (first === undefined) throw new Error("a row");
  rows.meet(first.querySelector(".nm") ?? first);
  expect(first.querySelectorAll("[data-act]")).toHaveLength(2);
  scroll(5_000);
  expect(body.querySelectorAll("[data-act]")).toHaveLength(0);
});

test("rows that scrolled away and that nobody needs stay up to a bound, and go when it rests", () => {
  const { body, rows } = begin();
  const least = ALL.between(400, 500);
  rows.show(least, LOOK, true);
  const needed = least.filter(({ row }) => row.kind === "instance").length;
  expect(rows.size).toBe(needed + LOOSE_ROWS_MAX);
  rows.show(least, LOOK, false);
  expect([rows.size, options(body).length]).toEqual([needed, needed]);
});

test("elements of rows that a filter leaves out are kept for Backspace up to a bound", () => {
  const { body, rows } = begin();
  const [none, long] = [ALL.between(0, 0), ALL.between(0, 100 * 40)];
  rows.show(long, LOOK, false);
  const before = new Set(options(body));
  rows.show(none, LOOK, false);
  expect(body.childElementCount).toBe(0);
  rows.show(long, LOOK, false);
  expect(options(body).filter((row) => before.has(row))).toHaveLength(SPARE_MAX);
});

test("a row is found by what it holds, and a header by what can be folded there", () => {
  const { body, rows } = begin();
  const [first] = options(body);
  expect(rows.rowAt(first?.querySelector(".nm") ?? body)?.instance.name).toBe("web-0");
  expect(rows.rowAt(body)).toBeUndefined();
  const headers = [...body.querySelectorAll(".grp")].map(
    (header) => rows.headerAt(header.children[1] ?? header)?.title,
  );
  expect(headers).toEqual([undefined, "service-0"]);
});
