/**
 * Panes by their bars and tabs are dragged to another place with mouse or pen; a finger scrolls, and has the menus. Nothing
 * moves before it is let go: terminals keep their size meanwhile (DESIGN §5). The palette does the same by keyboard.
 */
import { type RefObject, useEffect, useState } from "react";
import { type Box, type Dragged, type Drop, dropAt, type Point } from "./drop-target.ts";
import "./pane-drag.css";
import { tabWithPane } from "./tab-state.ts";
import type { Workspace } from "./workspace.ts";

/** Nearer to where it began it is a click. */
const DRAG_FROM_PX = 6;
/** What is pressed on its own. */
const CONTROLS = "button, a, input, [data-close]";

/** Draws where what is dragged in `area` would go. */
export function PaneDrag({ workspace, area }: { workspace: Workspace; area: RefObject<HTMLElement | null> }) {
  const [mark, setMark] = useState<Box>();
  useEffect(() => (area.current ? followDrags(area.current, workspace, setMark) : undefined), [workspace, area]);
  return mark && <div className="drop-mark" style={{ ...mark }} />;
}

/** @returns stops */
function followDrags(area: HTMLElement, workspace: Workspace, show: (mark: Box | undefined) => void): () => void {
  let drag: { dragged: Dragged; from: Point; isMoving: boolean; drop: Drop | undefined } | undefined;
  const end = (): void => {
    if (drag?.isMoving) area.classList.remove("dragging");
    drag = undefined;
    show(undefined);
  };
  const onDown = (event: PointerEvent): void => {
    const dragged =
      event.button === 0 && event.pointerType !== "touch" ? draggedBy(event.target, workspace) : undefined;
    if (dragged) drag = { dragged, from: { x: event.clientX, y: event.clientY }, isMoving: false, drop: undefined };
  };
  const onMove = (event: PointerEvent): void => {
    if (drag === undefined) return;
    const at = { x: event.clientX, y: event.clientY };
    if (event.buttons === 0)
      end(); // it was let go outside the window
    else if (drag.isMoving || Math.hypot(at.x - drag.from.x, at.y - drag.from.y) >= DRAG_FROM_PX) {
      drag.isMoving = true;
      area.classList.add("dragging");
      drag.drop = dropAt(drag.dragged, at, placesOf(area));
      show(drag.drop?.box);
    }
  };
  const onUp = (): void => {
    const done = drag;
    end();
    if (done?.isMoving && done.drop) finish(workspace, done.dragged, done.drop);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (!drag?.isMoving || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end();
  };
  area.addEventListener("pointerdown", onDown);
  window.addEventListener("pointermove", onMove);
  window.addEventListener("pointerup", onUp);
  window.addEventListener("pointercancel", end);
  window.addEventListener("keydown", onKey, { capture: true });
  return () => {
    end();
    area.removeEventListener("pointerdown", onDown);
    window.removeEventListener("pointermove", onMove);
    window.removeEventListener("pointerup", onUp);
    window.removeEventListener("pointercancel", end);
    window.removeEventListener("keydown", onKey, { capture: true });
  };
}

function draggedBy(target: EventTarget | null, workspace: Workspace): Dragged | undefined {
  if (!(target instanceof Element) || target.closest(CONTROLS)) return undefined;
  const state = workspace.store.getState();
  const tabKey = target.closest<HTMLElement>("[data-tab]")?.dataset.tab;
  const paneKey = target.closest(".pane-bar")?.closest<HTMLElement>("[data-pane]")?.dataset.pane;
  const tab = paneKey === undefined ? state.tabs.find(({ key }) => key === tabKey) : tabWithPane(state, paneKey);
  if (tab === undefined) return undefined;
  if (paneKey !== undefined && tab.panes.length > 1) return { kind: "pane", key: paneKey };
  return { kind: "tab", key: tab.key, ...(tab.panes.length === 1 ? { lonePane: tab.activePane } : {}) };
}

function placesOf(area: HTMLElement): Parameters<typeof dropAt>[2] {
  const boxes = (name: "pane" | "tab") =>
    [...area.querySelectorAll<HTMLElement>(`[data-${name}]:not([hidden])`)].map((element) => ({
      key: element.dataset[name] ?? "",
      box: boxOf(element),
    }));
  const strip = area.querySelector(".tabs");
  return { panes: boxes("pane"), tabs: boxes("tab"), strip: strip ? boxOf(strip) : NOWHERE };
}

const NOWHERE: Box = { left: 0, top: 0, width: 0, height: 0 };

function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}

function finish(workspace: Workspace, dragged: Dragged, drop: Drop): void {
  if (drop.to === "strip") {
    if (dragged.kind === "tab") workspace.moveTab(dragged.key, drop.index);
    else workspace.arranging.toOwnTab(dragged.key, drop.index);
    return;
  }
  const pane = dragged.kind === "pane" ? dragged.key : dragged.lonePane;
  if (pane !== undefined) workspace.arranging.move(pane, drop.key, drop.side);
}
