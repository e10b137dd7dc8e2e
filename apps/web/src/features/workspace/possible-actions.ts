import { ACTIONS, type ActionId } from "./keymap.ts";
import type { TabState } from "./tab-state.ts";

/** Which actions would do something now: the palette offers no others. Pure. */
export function isPossible(id: ActionId, state: TabState): boolean {
  const active = state.tabs.find(({ key }) => key === state.activeKey);
  const panes = active?.panes.length ?? 0;
  const goTo = /^go-to-tab-(\d)$/.exec(id)?.[1];
  if (goTo !== undefined) return state.tabs.length >= Number(goTo);
  switch (id) {
    case "previous-tab":
    case "next-tab":
    case "move-tab-left":
    case "move-tab-right":
      return state.tabs.length > 1;
    case "previous-pane":
    case "next-pane":
    case "pane-to-own-tab":
    case "zoom-pane":
    case "broadcast":
      return panes > 1;
    case "undo-close":
      return true;
    default:
      if (id.startsWith("focus-pane-") || id.startsWith("move-pane-")) return panes > 1;
      return panes > 0 || ACTIONS.find((action) => action.id === id)?.group === "Go";
  }
}
