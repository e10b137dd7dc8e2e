/**
 * How the panes of one tab share its area: a tree of splits, as a value. Pure: knows neither terminals nor pixels.
 *
 * What always holds: sizes of a split are above zero and sum to 1, a split has two children at least and never one of its own
 * direction, every pane stands in the tree once, and the bounds below.
 */
export type SplitDirection = "row" | "column";
export type Side = "left" | "right" | "up" | "down";

export interface PaneLeaf {
  readonly kind: "pane";
  readonly key: string;
}
export interface PaneSplit {
  readonly kind: "split";
  /** `row`: side by side; `column`: one below the other. */
  readonly direction: SplitDirection;
  readonly children: readonly PaneNode[];
  /** Shares of the split's length, one for each child. */
  readonly sizes: readonly number[];
}
export type PaneNode = PaneLeaf | PaneSplit;

/** Splits within splits (DESIGN §5). */
export const SPLIT_DEPTH_MAX = 3;
/** Panes of one tab (DESIGN §5). */
export const PANES_MAX = 6;

export function leaf(key: string): PaneLeaf {
  return { kind: "pane", key };
}

/** Keys left to right, then down: the order of the Tab key. */
export function paneKeys(node: PaneNode): string[] {
  return node.kind === "pane" ? [node.key] : node.children.flatMap(paneKeys);
}

/** Levels of splits; 0: a lone pane. */
export function splitDepth(node: PaneNode): number {
  return node.kind === "pane" ? 0 : 1 + Math.max(...node.children.map(splitDepth));
}

/**
 * Puts a pane beside another one and halves its room.
 * @returns undefined when the tree lacks `at`, has `added` already, or would go beyond a bound
 */
export function withPaneBeside(tree: PaneNode, at: string, side: Side, added: string): PaneNode | undefined {
  const keys = paneKeys(tree);
  if (!keys.includes(at) || keys.includes(added) || keys.length >= PANES_MAX) return undefined;
  const direction: SplitDirection = side === "left" || side === "right" ? "row" : "column";
  const isBefore = side === "left" || side === "up";
  const replace = (node: PaneNode): PaneNode => {
    if (node.kind === "split") return { ...node, children: node.children.map(replace) };
    if (node.key !== at) return node;
    const pair = isBefore ? [leaf(added), node] : [node, leaf(added)];
    return { kind: "split", direction, children: pair, sizes: [0.5, 0.5] };
  };
  const next = tidy(replace(tree));
  return splitDepth(next) > SPLIT_DEPTH_MAX ? undefined : next;
}

/** Its room goes to its neighbours in their proportion. @returns undefined: nothing is left */
export function withoutPane(tree: PaneNode, key: string): PaneNode | undefined {
  if (tree.kind === "pane") return tree.key === key ? undefined : tree;
  const kept = tree.children.flatMap((child, index) => {
    const left = withoutPane(child, key);
    return left === undefined ? [] : [{ left, size: tree.sizes[index] ?? 0 }];
  });
  if (kept.length === 0) return undefined;
  return tidy({ ...tree, children: kept.map(({ left }) => left), sizes: kept.map(({ size }) => size) });
}

/** Takes a pane of this tree to a side of another one. @returns undefined when that goes beyond a bound, or moves nothing */
export function withPaneMoved(tree: PaneNode, key: string, at: string, side: Side): PaneNode | undefined {
  if (key === at || !paneKeys(tree).includes(key)) return undefined;
  const without = withoutPane(tree, key);
  return without && withPaneBeside(without, at, side, key);
}

/** Two panes change places; sizes stay. */
export function withPanesSwapped(tree: PaneNode, one: string, other: string): PaneNode {
  if (tree.kind === "split")
    return { ...tree, children: tree.children.map((child) => withPanesSwapped(child, one, other)) };
  if (tree.key === one) return leaf(other);
  return tree.key === other ? leaf(one) : tree;
}

/** Takes a pane to that edge of the whole tab. @returns undefined when it has it already, or that goes beyond a bound */
export function withPaneAtEdge(tree: PaneNode, key: string, side: Side): PaneNode | undefined {
  const without = paneKeys(tree).includes(key) ? withoutPane(tree, key) : undefined;
  if (without === undefined) return undefined;
  const isRow = side === "left" || side === "right";
  const isBefore = side === "left" || side === "up";
  const direction: SplitDirection = isRow ? "row" : "column";
  const beside = without.kind === "split" && without.direction === direction ? without.children.length : 1;
  const share = 1 / (beside + 1);
  const pair = isBefore ? [leaf(key), without] : [without, leaf(key)];
  const sizes = isBefore ? [share, 1 - share] : [1 - share, share];
  const next = tidy({ kind: "split", direction, children: pair, sizes });
  const isThere = sameShape(next, tree);
  return isThere || splitDepth(next) > SPLIT_DEPTH_MAX ? undefined : next;
}

/** The same splits of the same panes, whatever their sizes. */
function sameShape(one: PaneNode, other: PaneNode): boolean {
  if (one.kind === "pane") return other.kind === "pane" && one.key === other.key;
  return (
    other.kind === "split" &&
    one.direction === other.direction &&
    one.children.length === other.children.length &&
    one.children.every((child, index) => sameShape(child, other.children[index] as PaneNode))
  );
}

/** Where a split stands: the indices of children from the root. */
export type SplitPath = readonly number[];

export function splitAt(tree: PaneNode, path: SplitPath): PaneSplit | undefined {
  const node = path.reduce<PaneNode | undefined>(
    (at, index) => (at?.kind === "split" ? at.children[index] : undefined),
    tree,
  );
  return node?.kind === "split" ? node : undefined;
}

/**
 * Moves the divider after child `index`: it gains `share` of the split's length and its next neighbour loses as much.
 * @param least shares that the two may not go below; who has less already only does not shrink further
 */
export function withDividerMoved(
  tree: PaneNode,
  path: SplitPath,
  index: number,
  share: number,
  least: readonly [number, number] = [0, 0],
): PaneNode {
  return withSizes(tree, path, (sizes) => {
    const before = sizes[index];
    const after = sizes[index + 1];
    if (before === undefined || after === undefined || !Number.isFinite(share)) return sizes;
    const shrink = Math.max(0, before - Math.max(least[0], SHARE_MIN));
    const grow = Math.max(0, after - Math.max(least[1], SHARE_MIN));
    const moved = Math.min(grow, Math.max(-shrink, share));
    return sizes.map((size, at) => (at === index ? before + moved : at === index + 1 ? after - moved : size));
  });
}

/** All children of a split get the same room. */
export function withEvenSizes(tree: PaneNode, path: SplitPath): PaneNode {
  return withSizes(tree, path, (sizes) => sizes.map(() => 1 / sizes.length));
}

/** No share is ever smaller: a pane can always be found again. */
export const SHARE_MIN = 0.02;

function withSizes(tree: PaneNode, path: SplitPath, change: (sizes: readonly number[]) => readonly number[]): PaneNode {
  if (tree.kind === "pane") return tree;
  const [first, ...rest] = path;
  if (first === undefined) return { ...tree, sizes: normalised(change(tree.sizes)) };
  return {
    ...tree,
    children: tree.children.map((child, index) => (index === first ? withSizes(child, rest, change) : child)),
  };
}

/** A split of one is its child; a split within one of the same direction is part of it. */
function tidy(node: PaneNode): PaneNode {
  if (node.kind === "pane") return node;
  const parts = node.children.flatMap((child, index) => {
    const size = node.sizes[index] ?? 0;
    const tidied = tidy(child);
    return tidied.kind === "split" && tidied.direction === node.direction
      ? tidied.children.map((inner, at) => ({ child: inner, size: size * (tidied.sizes[at] ?? 0) }))
      : [{ child: tidied, size }];
  });
  const [only] = parts;
  if (parts.length === 1 && only) return only.child;
  return { ...node, children: parts.map(({ child }) => child), sizes: normalised(parts.map(({ size }) => size)) };
}

/** They sum to 1; what is no share at all becomes an equal one. */
function normalised(sizes: readonly number[]): number[] {
  const safe = sizes.map((size) => (Number.isFinite(size) && size > 0 ? size : 0));
  const total = safe.reduce((sum, size) => sum + size, 0);
  if (total <= 0 || safe.some((size) => size === 0)) return sizes.map(() => 1 / sizes.length);
  return safe.map((size) => size / total);
}

/**
 * A tree that was stored, made sound: unknown and repeated panes go, shares are brought to 1.
 * @returns undefined when nothing of it is left, or it is beyond a bound
 */
export function soundTree(tree: PaneNode, known: ReadonlySet<string>): PaneNode | undefined {
  const seen = new Set<string>();
  const prune = (node: PaneNode): PaneNode | undefined => {
    if (node.kind === "pane") {
      if (!known.has(node.key) || seen.has(node.key)) return undefined;
      seen.add(node.key);
      return node;
    }
    const kept = node.children.flatMap((child, index) => {
      const left = prune(child);
      return left === undefined ? [] : [{ left, size: node.sizes[index] ?? 0 }];
    });
    if (kept.length === 0) return undefined;
    return { ...node, children: kept.map(({ left }) => left), sizes: normalised(kept.map(({ size }) => size)) };
  };
  const pruned = prune(tree);
  const sound = pruned && tidy(pruned);
  if (sound === undefined || paneKeys(sound).length > PANES_MAX || splitDepth(sound) > SPLIT_DEPTH_MAX)
    return undefined;
  return sound;
}
