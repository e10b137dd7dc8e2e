/**
 * The panes of the active tab. They are siblings placed by shares of the area, whatever the tree: a split, a move or a zoom
 * changes places, and no terminal leaves the page for it.
 */
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { layoutOf, WHOLE } from "./pane-layout.ts";
import "./pane-area.css";
import { PaneDivider } from "./pane-divider.tsx";
import type { Pane, Tab } from "./tab-state.ts";
import { TAB_PANEL_ID, tabId } from "./tab-strip.tsx";
import type { Workspace } from "./workspace.ts";

interface Props {
  workspace: Workspace;
  tab: Tab;
  /** One pane at a time: there is no room for more. */
  single: boolean;
  /** @param ordinal from 1 on, in reading order; 0: the only one */
  renderPane(pane: Pane, ordinal: number): ReactNode;
}

export function PaneArea({ workspace, tab, single, renderPane }: Props) {
  const area = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () =>
      workspace.arranging.measureWith(() => {
        const { clientWidth: width = 0, clientHeight: height = 0 } = area.current ?? {};
        const cell = workspace.registry
          .all()
          .find((terminal) => terminal.cellSize())
          ?.cellSize();
        return width > 0 && height > 0 && cell ? { area: { width, height }, cell } : undefined;
      }),
    [workspace],
  );
  const { panes: placed, dividers } = layoutOf(tab.tree);
  /** What is in a pane makes it the active one, but for what is about several. */
  const activate = (key: string, target: EventTarget): void => {
    if (target instanceof Element && target.closest("[data-keeps-active]")) return;
    workspace.activatePane(key, false);
  };
  const isOneShown = single || tab.zoomed;
  return (
    <div
      ref={area}
      className="panes"
      id={TAB_PANEL_ID}
      // one terminal that fills the window has no strip of tabs to belong to
      {...(single ? {} : { role: "tabpanel", "aria-labelledby": tabId(tab.key) })}
    >
      {placed.map(({ key, ...rect }, index) => {
        const pane = tab.panes.find((each) => each.key === key);
        const isHidden = isOneShown && key !== tab.activePane;
        return (
          pane && (
            <div
              key={key}
              className="pane-place"
              data-pane={key}
              hidden={isHidden}
              style={percent(isOneShown ? WHOLE : rect)}
              onFocusCapture={({ target }) => activate(key, target)}
              onPointerDownCapture={({ target }) => activate(key, target)}
            >
              {renderPane(pane, placed.length === 1 ? 0 : index + 1)}
            </div>
          )
        );
      })}
      {!isOneShown &&
        dividers.map((divider) => (
          <PaneDivider
            key={`${divider.path.join(".")}/${divider.index}`}
            divider={divider}
            area={() => ({ width: area.current?.clientWidth ?? 0, height: area.current?.clientHeight ?? 0 })}
            cell={() => workspace.registry.get(tab.activePane)?.cellSize()}
            onMove={(share) => workspace.arranging.moveDivider(tab.key, divider, share)}
            onEven={() => workspace.arranging.evenOut(tab.key, divider)}
          />
        ))}
    </div>
  );
}

export function percent({ x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
}
