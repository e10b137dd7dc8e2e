/**
 * The edge between list and terminals. While it is dragged only a line moves: the terminals get their new size once,
 * on release (DESIGN §5).
 */
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { LIST_WIDTH_PX } from "./workspace-storage.ts";

/** One press of an arrow key, in px. */
const STEP_PX = 8;

interface Props {
  widthPx: number;
  onWidth(widthPx: number): void;
}

export function ListDivider({ widthPx, onWidth }: Props) {
  const [drag, setDrag] = useState<{ fromX: number; toPx: number }>();
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ fromX: event.clientX, toPx: widthPx });
  };
  const widthAt = (event: PointerEvent, fromX: number): number => clampWidth(widthPx + event.clientX - fromX);
  const onPointerMove = (event: PointerEvent): void => {
    if (drag) setDrag({ ...drag, toPx: widthAt(event, drag.fromX) });
  };
  // by where the pointer is now: on a busy page its last moves may not have been drawn, and are not in `drag`
  const onPointerUp = (event: PointerEvent): void => {
    const toPx = drag ? widthAt(event, drag.fromX) : widthPx;
    if (toPx !== widthPx) onWidth(toPx);
    setDrag(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = {
      ArrowLeft: widthPx - STEP_PX,
      ArrowRight: widthPx + STEP_PX,
      Home: LIST_WIDTH_PX.least,
      End: LIST_WIDTH_PX.most,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onWidth(clampWidth(next));
  };
  return (
    <div
      className={drag ? "divider dragging" : "divider"}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the instance list"
      aria-valuenow={drag?.toPx ?? widthPx}
      aria-valuemin={LIST_WIDTH_PX.least}
      aria-valuemax={LIST_WIDTH_PX.most}
      tabIndex={0}
      style={drag ? { transform: `translateX(${drag.toPx - widthPx}px)` } : undefined}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setDrag(undefined)}
      onDoubleClick={() => onWidth(LIST_WIDTH_PX.usual)}
      onKeyDown={onKeyDown}
    />
  );
}

export function clampWidth(widthPx: number): number {
  return Math.round(Math.min(LIST_WIDTH_PX.most, Math.max(LIST_WIDTH_PX.least, widthPx)));
}
