/** Where the panes and dividers of a tree lie, in shares of the tab's area, and which pane is next in a direction. Pure. */
import { type PaneNode, type Side, type SplitDirection, type SplitPath, splitAt } from "./pane-tree.ts";

/** In shares of the area: 0 to 1. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface PlacedPane extends Rect {
  key: string;
}
export interface PlacedDivider extends Rect {
  /** The split that it belongs to. */
  path: SplitPath;
  /** It follows this child. */
  index: number;
  direction: SplitDirection;
  /** How long the split is along its direction, as a share of the area. */
  length: number;
  /** Share of the split that lies before it. */
  position: number;
}
export interface PaneLayout {
  /** Left to right, then down. */
  panes: PlacedPane[];
  dividers: PlacedDivider[];
}

export const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

export function layoutOf(tree: PaneNode, area: Rect = WHOLE, path: SplitPath = []): PaneLayout {
  if (tree.kind === "pane") return { panes: [{ key: tree.key, ...area }], dividers: [] };
  const isRow = tree.direction === "row";
  const length = isRow ? area.width : area.height;
  const layout: PaneLayout = { panes: [], dividers: [] };
  let before = 0;
  for (const [index, child] of tree.children.entries()) {
    const size = tree.sizes[index] ?? 0;
    const inner: Rect = isRow
      ? { ...area, x: area.x + before * length, width: size * length }
      : { ...area, y: area.y + before * length, height: size * length };
    const { panes, dividers } = layoutOf(child, inner, [...path, index]);
    layout.panes.push(...panes);
    before += size;
    if (index < tree.children.length - 1) {
      const line: Rect = isRow
        ? { ...area, x: area.x + before * length, width: 0 }
        : { ...area, y: area.y + before * length, height: 0 };
      layout.dividers.push({ ...line, path, index, direction: tree.direction, length, position: before });
    }
    layout.dividers.push(...dividers);
  }
  return layout;
}

/** Rounding leaves edges that touch this far apart. */
const TOUCHING = 1e-6;

/** The pane on that side of `key` which has most of its edge in common; undefined at the edge of the tab. */
export function neighbourOf(tree: PaneNode, key: string, side: Side): string | undefined {
  const { panes } = layoutOf(tree);
  const from = panes.find((pane) => pane.key === key);
  if (from === undefined) return undefined;
  let best: { key: string; common: number } | undefined;
  for (const pane of panes) {
    if (!isBeside(from, pane, side)) continue;
    const common =
      side === "left" || side === "right" ? overlap(from, pane, "y", "height") : overlap(from, pane, "x", "width");
    if (common > TOUCHING && (best === undefined || common > best.common + TOUCHING)) best = { key: pane.key, common };
  }
  return best?.key;
}

function isBeside(from: Rect, to: Rect, side: Side): boolean {
  if (side === "left") return Math.abs(to.x + to.width - from.x) < TOUCHING;
  if (side === "right") return Math.abs(from.x + from.width - to.x) < TOUCHING;
  if (side === "up") return Math.abs(to.y + to.height - from.y) < TOUCHING;
  return Math.abs(from.y + from.height - to.y) < TOUCHING;
}

function overlap(one: Rect, other: Rect, start: "x" | "y", extent: "width" | "height"): number {
  return Math.min(one[start] + one[extent], other[start] + other[extent]) - Math.max(one[start], other[start]);
}

/** In CSS px. */
export interface PxSize {
  width: number;
  height: number;
}

/** The smallest pane that is any use (DESIGN §5). */
export const CELLS_MIN = { cols: 40, rows: 8 } as const;
/** What a pane needs besides its cells: bar 30, status bar 24, padding 8 above and below; 12 at the left, scroll bar 15. */
export const PANE_CHROME_PX: PxSize = { width: 28, height: 70 };

/** The least room for one pane. @param cell size of a character */
export function leastPaneSize(cell: PxSize): PxSize {
  return {
    width: CELLS_MIN.cols * cell.width + PANE_CHROME_PX.width,
    height: CELLS_MIN.rows * cell.height + PANE_CHROME_PX.height,
  };
}

/** Does every one of these panes have the least room? @param area of the whole tab */
export function hasRoom(tree: PaneNode, keys: readonly string[], area: PxSize, cell: PxSize): boolean {
  const least = leastPaneSize(cell);
  return layoutOf(tree)
    .panes.filter(({ key }) => keys.includes(key))
    .every(({ width, height }) => width * area.width >= least.width && height * area.height >= least.height);
}

/** Shares that the two children beside a divider may not go below, so that each pane in them keeps the least room. */
export function leastShares(tree: PaneNode, divider: PlacedDivider, area: PxSize, cell: PxSize): [number, number] {
  const split = splitAt(tree, divider.path);
  const isRow = divider.direction === "row";
  const lengthPx = divider.length * (isRow ? area.width : area.height);
  const least = leastPaneSize(cell);
  const shareOf = (child: PaneNode | undefined): number =>
    child === undefined || lengthPx <= 0 ? 0 : leastLength(child, divider.direction, least) / lengthPx;
  return [shareOf(split?.children[divider.index]), shareOf(split?.children[divider.index + 1])];
}

function leastLength(node: PaneNode, direction: SplitDirection, least: PxSize): number {
  if (node.kind === "pane") return direction === "row" ? least.width : least.height;
  const lengths = node.children.map((child) => leastLength(child, direction, least));
  if (node.direction !== direction) return Math.max(...lengths);
  // its own proportions stay, so the child that is tightest for its share decides
  return Math.max(...lengths.map((length, index) => length / (node.sizes[index] ?? 1)));
}
