import { describe, expect, test } from "vitest";
import { type Dragged, dropAt, nearestSide } from "./drop-target.ts";

const strip = { left: 100, top: 0, width: 900, height: 38 };
const tab = (key: string, left: number) => ({ key, box: { left, top: 0, width: 100, height: 38 } });
const pane = (key: string, left: number) => ({ key, box: { left, top: 38, width: 400, height: 600 } });
const places = {
  strip,
  tabs: [tab("t1", 100), tab("t2", 200), tab("t3", 300)],
  panes: [pane("a", 100), pane("b", 500)],
};
const drop = (dragged: Dragged, x: number, y: number) => dropAt(dragged, { x, y }, places);
const paneA: Dragged = { kind: "pane", key: "a" };
const tab2: Dragged = { kind: "tab", key: "t2", lonePane: "c" };

describe("over another pane", () => {
  test.each([
    [510, 300, "left"],
    [890, 300, "right"],
    [700, 60, "up"],
    [700, 630, "down"],
  ] as const)("at %i, %i it goes to its %s side, and half of that is marked", (x, y, side) => {
    const found = drop(paneA, x, y);
    expect(found).toMatchObject({ to: "pane", key: "b", side });
    expect((found?.box.width ?? 0) * (found?.box.height ?? 0)).toBe((400 * 600) / 2);
  });

  test("a tab of one pane joins; one of several does not, nor does a pane beside itself", () => {
    expect(drop(tab2, 510, 300)).toMatchObject({ to: "pane", key: "b", side: "left" });
    expect(drop({ kind: "tab", key: "t1" }, 510, 300)).toBeUndefined();
    expect(drop(paneA, 300, 300)).toBeUndefined();
  });

  test("the corners of a wide pane divide it along its diagonals", () => {
    const wide = { left: 0, top: 0, width: 1_000, height: 100 };
    expect(nearestSide(wide, { x: 300, y: 95 })).toBe("down");
    expect(nearestSide(wide, { x: 20, y: 90 })).toBe("left");
  });
});

describe("over the strip", () => {
  test("a pane goes between the tabs that it is dropped at", () => {
    expect([110, 190, 290, 950].map((x) => drop(paneA, x, 10))).toMatchObject(
      [0, 1, 2, 3].map((index) => ({ to: "strip", index })),
    );
  });

  test("a tab's new place is counted among the others", () => {
    expect([110, 240, 380].map((x) => drop(tab2, x, 10))).toMatchObject([0, 1, 2].map((index) => ({ index })));
  });

  test("the mark stands where it would go", () => {
    expect(drop(paneA, 190, 10)?.box).toEqual({ left: 199, top: 0, width: 2, height: 38 });
    expect(drop(paneA, 950, 10)?.box.left).toBe(399);
  });
});

test("elsewhere nothing comes of it", () => {
  expect(drop(paneA, 50, 300)).toBeUndefined();
  expect(dropAt(paneA, { x: 110, y: 10 }, { ...places, tabs: [] })).toMatchObject({ to: "strip", index: 0 });
});
