/**
 * The line between two panes. While it is dragged only the line moves: the terminals get their new size once, on release
 * (DESIGN §5). Arrows move it by one cell, a double click or Enter evens its split out.
 */
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import type { PlacedDivider, PxSize } from "./pane-layout.ts";

interface Props {
  divider: PlacedDivider;
  /** Of all panes together, in CSS px. */
  area(): PxSize;
  /** Of one character; undefined while no terminal was drawn. */
  cell(): PxSize | undefined;
  /** @param share of the split's length, to the right or down */
  onMove(share: number): void;
  onEven(): void;
}

/** For a key, where no terminal was drawn yet. */
const STEP_PX = 8;

export function PaneDivider({ divider, area, cell, onMove, onEven }: Props) {
  const { direction, length, position } = divider;
  const isRow = direction === "row";
  const [drag, setDrag] = useState<{ fromPx: number; byPx: number }>();
  const splitPx = (): number => length * (isRow ? area().width : area().height);
  const along = (event: PointerEvent): number => (isRow ? event.clientX : event.clientY);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ fromPx: along(event), byPx: 0 });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag) setDrag({ ...drag, byPx: along(event) - drag.fromPx });
  };
  // by where the pointer is now: on a busy page its last moves may not have been drawn, and are not in `drag`
  const onPointerUp = (event: PointerEvent): void => {
    const px = splitPx();
    const byPx = drag ? along(event) - drag.fromPx : 0;
    if (byPx !== 0 && px > 0) onMove(byPx / px);
    setDrag(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const step = { [isRow ? "ArrowLeft" : "ArrowUp"]: -1, [isRow ? "ArrowRight" : "ArrowDown"]: 1 }[event.key];
    const px = splitPx();
    if (step !== undefined && px > 0) {
      const size = cell();
      onMove((step * ((isRow ? size?.width : size?.height) ?? STEP_PX)) / px);
    } else if (event.key === "Enter") onEven();
    else return;
    event.preventDefault();
  };
  const byPx = drag?.byPx ?? 0;
  return (
    <div
      className={`pane-divider ${direction}${drag ? " dragging" : ""}`}
      role="separator"
      aria-orientation={isRow ? "vertical" : "horizontal"}
      aria-label={isRow ? "Width of the panes beside" : "Height of the panes above and below"}
      aria-valuenow={Math.round(position * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      tabIndex={0}
      style={{
        left: `${divider.x * 100}%`,
        top: `${divider.y * 100}%`,
        ...(isRow ? { height: `${divider.height * 100}%` } : { width: `${divider.width * 100}%` }),
        ...(byPx === 0 ? {} : { transform: isRow ? `translateX(${byPx}px)` : `translateY(${byPx}px)` }),
      }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setDrag(undefined)}
      onDoubleClick={onEven}
      onKeyDown={onKeyDown}
    />
  );
}
