import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutOf, neighbourOf } from "./pane-layout.ts";
import {
  leaf,
  PANES_MAX,
  type PaneNode,
  paneKeys,
  type Side,
  SPLIT_DEPTH_MAX,
  soundTree,
  splitDepth,
  withDividerMoved,
  withEvenSizes,
  withoutPane,
  withPaneAtEdge,
  withPaneBeside,
  withPaneMoved,
  withPanesSwapped,
} from "./pane-tree.ts";

const SIDES: readonly Side[] = ["left", "right", "up", "down"];

type Step =
  | { do: "split"; at: number; side: Side }
  | { do: "close"; at: number }
  | { do: "move"; at: number; to: number; side: Side }
  | { do: "swap"; at: number; to: number }
  | { do: "edge"; at: number; side: Side }
  | { do: "divider"; at: number; share: number }
  | { do: "even"; at: number };

const side = fc.constantFrom(...SIDES);
const at = fc.nat(PANES_MAX - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("split" as const), at, side }) },
  fc.record({ do: fc.constant("close" as const), at }),
  fc.record({ do: fc.constant("move" as const), at, to: at, side }),
  fc.record({ do: fc.constant("swap" as const), at, to: at }),
  fc.record({ do: fc.constant("edge" as const), at, side }),
  fc.record({ do: fc.constant("divider" as const), at, share: fc.double({ min: -2, max: 2, noNaN: false }) }),
  fc.record({ do: fc.constant("even" as const), at }),
);

interface World {
  tree: PaneNode;
  keys: Set<string>;
  made: number;
}

/** Does one step and keeps the set of panes that should be there. */
function run(world: World, one: Step): World {
  const keys = paneKeys(world.tree);
  const pick = (index: number): string => keys[index % keys.length] as string;
  if (one.do === "split") {
    const added = `p${world.made}`;
    const tree = withPaneBeside(world.tree, pick(one.at), one.side, added);
    return tree ? { tree, keys: new Set([...world.keys, added]), made: world.made + 1 } : world;
  }
  if (one.do === "close") {
    const gone = pick(one.at);
    const tree = withoutPane(world.tree, gone);
    return tree ? { ...world, tree, keys: new Set([...world.keys].filter((key) => key !== gone)) } : world;
  }
  if (one.do === "swap") return { ...world, tree: withPanesSwapped(world.tree, pick(one.at), pick(one.to)) };
  if (one.do === "edge") return { ...world, tree: withPaneAtEdge(world.tree, pick(one.at), one.side) ?? world.tree };
  if (one.do === "move") {
    const tree = withPaneMoved(world.tree, pick(one.at), pick(one.to), one.side);
    return tree ? { ...world, tree } : world;
  }
  const { dividers } = layoutOf(world.tree);
  const divider = dividers[one.at % Math.max(1, dividers.length)];
  if (divider === undefined) return world;
  const tree =
    one.do === "even"
      ? withEvenSizes(world.tree, divider.path)
      : withDividerMoved(world.tree, divider.path, divider.index, one.share);
  return { ...world, tree };
}

function expectSound(node: PaneNode, parent?: PaneNode): void {
  if (node.kind === "pane") return;
  expect(node.children.length).toBeGreaterThanOrEqual(2);
  expect(node.sizes.length).toBe(node.children.length);
  expect(node.sizes.every((size) => size > 0)).toBe(true);
  expect(node.sizes.reduce((sum, size) => sum + size, 0)).toBeCloseTo(1, 9);
  if (parent?.kind === "split") expect(node.direction).not.toBe(parent.direction);
  for (const child of node.children) expectSound(child, node);
}

const worlds = fc
  .array(step, { maxLength: 40 })
  .map((steps) => steps.reduce(run, { tree: leaf("first"), keys: new Set(["first"]), made: 0 } as World));

describe("after any operations", () => {
  test("shares sum to 1, both bounds hold, and every pane stands there exactly once", () => {
    fc.assert(
      fc.property(worlds, ({ tree, keys }) => {
        expectSound(tree);
        expect(splitDepth(tree)).toBeLessThanOrEqual(SPLIT_DEPTH_MAX);
        expect(paneKeys(tree).length).toBeLessThanOrEqual(PANES_MAX);
        expect(paneKeys(tree).toSorted()).toEqual([...keys].toSorted());
      }),
    );
  });

  test("the panes cover the area without overlapping", () => {
    fc.assert(
      fc.property(worlds, ({ tree }) => {
        const { panes } = layoutOf(tree);
        expect(panes.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(1, 6);
        for (const one of panes)
          for (const other of panes) {
            if (one.key >= other.key) continue;
            const wide = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
            const high = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
            expect(wide > 1e-9 && high > 1e-9).toBe(false);
          }
      }),
    );
  });

  test("whoever moves right comes to a pane that lies further right, and so on for each side", () => {
    fc.assert(
      fc.property(worlds, side, ({ tree }, to) => {
        const { panes } = layoutOf(tree);
        for (const from of panes) {
          const next = panes.find(({ key }) => key === neighbourOf(tree, from.key, to));
          if (next === undefined) continue;
          if (to === "right") expect(next.x).toBeGreaterThan(from.x);
          if (to === "left") expect(next.x).toBeLessThan(from.x);
          if (to === "down") expect(next.y).toBeGreaterThan(from.y);
          if (to === "up") expect(next.y).toBeLessThan(from.y);
        }
      }),
    );
  });

  test("a stored tree comes back as it was, without what is no more", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), ({ tree }, index) => {
        const keys = paneKeys(tree);
        expect(soundTree(tree, new Set(keys))).toEqual(tree);
        const gone = keys[index % keys.length] as string;
        const left = soundTree(tree, new Set(keys.filter((key) => key !== gone)));
        expect(left === undefined ? [] : paneKeys(left)).toEqual(keys.filter((key) => key !== gone));
        if (left) expectSound(left);
      }),
    );
  });
});

/** a | b above c */
const three = (): PaneNode => {
  const two = withPaneBeside(leaf("a"), "a", "right", "b");
  return withPaneBeside(two as PaneNode, "b", "down", "c") as PaneNode;
};

test("splitting halves the pane, and a split in the same direction adds a column instead of a level", () => {
  const two = withPaneBeside(leaf("a"), "a", "right", "b") as PaneNode;
  const row = withPaneBeside(two, "b", "right", "c") as PaneNode;
  expect(row).toMatchObject({ direction: "row", sizes: [0.5, 0.25, 0.25] });
  expect(splitDepth(row)).toBe(1);
  expect(paneKeys(row)).toEqual(["a", "b", "c"]);
});

test("a seventh pane and a fourth level are refused", () => {
  let tree: PaneNode = leaf("0");
  for (let n = 1; n < PANES_MAX; n++) tree = withPaneBeside(tree, `${n - 1}`, "right", `${n}`) as PaneNode;
  expect(withPaneBeside(tree, "0", "down", "more")).toBeUndefined();
  const deep = ["right", "down", "right"].reduce(
    (node, to, n) => withPaneBeside(node, `${n}`, to as Side, `${n + 1}`) as PaneNode,
    leaf("0") as PaneNode,
  );
  expect(splitDepth(deep)).toBe(SPLIT_DEPTH_MAX);
  expect(withPaneBeside(deep, "3", "down", "4")).toBeUndefined();
  expect(withPaneBeside(deep, "3", "right", "4")).toBeDefined();
});

test("the room of a closed pane goes to its neighbours, and a split of one is none", () => {
  expect(withoutPane(three(), "c")).toEqual(withPaneBeside(leaf("a"), "a", "right", "b"));
  expect(withoutPane(three(), "a")).toMatchObject({ direction: "column", sizes: [0.5, 0.5] });
  expect(withoutPane(leaf("a"), "a")).toBeUndefined();
});

test("a pane is moved to a side of another one; beside itself it stays", () => {
  const moved = withPaneMoved(three(), "c", "a", "left") as PaneNode;
  expect(paneKeys(moved)).toEqual(["c", "a", "b"]);
  expect(withPaneMoved(three(), "a", "a", "left")).toBeUndefined();
  expect(withPaneMoved(three(), "nobody", "a", "left")).toBeUndefined();
});

test("a divider stops where one of the two would become too small, and evens out on demand", () => {
  const two = withPaneBeside(leaf("a"), "a", "right", "b") as PaneNode;
  expect(withDividerMoved(two, [], 0, 0.1)).toMatchObject({ sizes: [0.6, 0.4] });
  const far = withDividerMoved(two, [], 0, 0.9, [0.2, 0.3]);
  expect(far.kind === "split" && far.sizes[1]).toBeCloseTo(0.3);
  expect(withEvenSizes(far, [])).toMatchObject({ sizes: [0.5, 0.5] });
});

test("a pane that has less than the least already does not shrink further", () => {
  const two = withPaneBeside(leaf("a"), "a", "right", "b") as PaneNode;
  expect(withDividerMoved(two, [], 0, -0.1, [0.6, 0.1])).toMatchObject({ sizes: [0.5, 0.5] });
});

test("arrows go to the neighbour with most of the edge in common, and nowhere at the edge", () => {
  const tree = three();
  expect(neighbourOf(tree, "a", "right")).toBe("b");
  expect(neighbourOf(tree, "c", "up")).toBe("b");
  expect(neighbourOf(tree, "c", "left")).toBe("a");
  expect(neighbourOf(tree, "a", "left")).toBeUndefined();
});

describe("moving a pane with the keyboard", () => {
  const row = withPaneBeside(withPaneBeside(leaf("a"), "a", "right", "b") as PaneNode, "b", "right", "c") as PaneNode;

  test("two panes change places and keep the sizes of the places", () => {
    const sized = withDividerMoved(row, [], 0, 0.1);
    const swapped = withPanesSwapped(sized, "a", "c");
    expect(paneKeys(swapped)).toEqual(["c", "b", "a"]);
    expect(swapped.kind === "split" && swapped.sizes).toEqual(sized.kind === "split" && sized.sizes);
  });

  test("a pane goes to an edge of the tab and gets the room of one of those beside it", () => {
    const below = withPaneAtEdge(row, "b", "down") as PaneNode;
    expect(below).toMatchObject({ direction: "column", sizes: [0.5, 0.5] });
    expect(layoutOf(below).panes.map(({ key, y }) => [key, y])).toEqual([
      ["a", 0],
      ["c", 0],
      ["b", 0.5],
    ]);
  });

  test("who is at the edge already stays, and so does a lone pane", () => {
    expect(withPaneAtEdge(row, "a", "left")).toBeUndefined();
    expect(withPaneAtEdge(leaf("a"), "a", "left")).toBeUndefined();
    expect(withPaneAtEdge(row, "unknown", "left")).toBeUndefined();
  });
});
