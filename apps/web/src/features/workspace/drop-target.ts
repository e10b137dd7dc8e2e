/** Where something that is dragged would go: beside a pane, or to a place in the tab strip. Pure, in CSS px of the window. */
import type { Side } from "./pane-tree.ts";

export interface Point {
  x: number;
  y: number;
}
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Dragged =
  | { kind: "pane"; key: string }
  | { kind: "tab"; key: string /** Its only one, if so. */; lonePane?: string };

export type Drop =
  | { to: "pane"; key: string; side: Side; box: Box }
  /** @property index among the tabs that stay */
  | { to: "strip"; index: number; box: Box };

interface Places {
  panes: readonly { key: string; box: Box }[];
  tabs: readonly { key: string; box: Box }[];
  strip: Box;
}

/** @returns undefined: nothing would come of it */
export function dropAt(dragged: Dragged, at: Point, { panes, tabs, strip }: Places): Drop | undefined {
  if (isIn(strip, at)) {
    const staying = tabs.filter(({ key }) => dragged.kind !== "tab" || key !== dragged.key);
    const index = staying.filter(({ box }) => box.left + box.width / 2 < at.x).length;
    const next = staying[index]?.box;
    const last = staying.at(-1)?.box;
    const left = next?.left ?? (last ? last.left + last.width : strip.left);
    return { to: "strip", index, box: { left: left - 1, top: strip.top, width: 2, height: strip.height } };
  }
  const moved = dragged.kind === "pane" ? dragged.key : dragged.lonePane;
  const pane = panes.find(({ box }) => isIn(box, at));
  if (moved === undefined || pane === undefined || pane.key === moved) return undefined;
  const side = nearestSide(pane.box, at);
  return { to: "pane", key: pane.key, side, box: halfOf(pane.box, side) };
}

/** The edge that is nearest, as a share of the box, so that the diagonals of a wide pane divide it as those of a high one. */
export function nearestSide({ left, top, width, height }: Box, { x, y }: Point): Side {
  const [across, down] = [(x - left) / width - 0.5, (y - top) / height - 0.5];
  if (Math.abs(across) >= Math.abs(down)) return across < 0 ? "left" : "right";
  return down < 0 ? "up" : "down";
}

function halfOf({ left, top, width, height }: Box, side: Side): Box {
  if (side === "left") return { left, top, width: width / 2, height };
  if (side === "right") return { left: left + width / 2, top, width: width / 2, height };
  if (side === "up") return { left, top, width, height: height / 2 };
  return { left, top: top + height / 2, width, height: height / 2 };
}

function isIn({ left, top, width, height }: Box, { x, y }: Point): boolean {
  return x >= left && x < left + width && y >= top && y < top + height;
}
