/** What happens to panes within tabs and between them. Pure; every function gives the same state back when it refuses. */
import {
  leaf,
  PANES_MAX,
  type PaneNode,
  paneKeys,
  type Side,
  SPLIT_DEPTH_MAX,
  withoutPane,
  withPaneBeside,
  withPaneMoved,
} from "./pane-tree.ts";
import {
  loneTab,
  type Pane,
  type Tab,
  type TabState,
  tabOf,
  tabWithPane,
  withoutTab,
  withTabChanged,
} from "./tab-state.ts";

/** A new pane beside one that is there; it and its tab become active. */
export function withSplit(state: TabState, at: string, side: Side, added: Pane): TabState {
  const tab = tabWithPane(state, at);
  const tree = tab && withPaneBeside(tab.tree, at, side, added.key);
  if (tab === undefined || tree === undefined) return state;
  return withPanes(state, tab, tree, [...tab.panes, added], added.key);
}

/** Without this pane; without its tab, if it was the last one in it. The next pane in reading order becomes active. */
export function withoutPaneOf(state: TabState, paneKey: string): TabState {
  const tab = tabWithPane(state, paneKey);
  if (tab === undefined) return state;
  const tree = withoutPane(tab.tree, paneKey);
  if (tree === undefined) return withoutTab(state, tab.key);
  const order = paneKeys(tab.tree);
  const at = order.indexOf(paneKey);
  const next = order[at + 1] ?? order[at - 1] ?? paneKey;
  const panes = tab.panes.filter(({ key }) => key !== paneKey);
  const activePane = tab.activePane === paneKey ? next : tab.activePane;
  return withTabChanged(state, tabOf({ ...tab, tree, panes, activePane, zoomed: false }));
}

/**
 * A pane that was closed comes back where it was, if that is still there; else beside what is left, else in a tab of its own.
 * @param before its tab, with it
 * @param index where that stood
 * @param key of a new tab, should it need one
 */
export function withPaneBack(state: TabState, before: Tab, pane: Pane, index: number, key: string): TabState {
  const now = state.tabs.find(({ key }) => key === before.key);
  if (now === undefined) {
    const at = Math.min(index, state.tabs.length);
    return { tabs: [...state.tabs.slice(0, at), loneTab(pane, key), ...state.tabs.slice(at)], activeKey: key };
  }
  const isUntouched = sameTree(withoutPane(before.tree, pane.key), now.tree);
  const tree = isUntouched ? before.tree : withPaneBeside(now.tree, now.activePane, "right", pane.key);
  if (tree) return withPanes(state, now, tree, [...now.panes, pane], pane.key);
  return { tabs: [...state.tabs, loneTab(pane, key)], activeKey: key };
}

/** To a side of another pane, of this tab or another one; a tab that is left empty goes. */
export function withPaneTaken(state: TabState, paneKey: string, at: string, side: Side): TabState {
  const from = tabWithPane(state, paneKey);
  const to = tabWithPane(state, at);
  const pane = from?.panes.find(({ key }) => key === paneKey);
  if (from === undefined || to === undefined || pane === undefined) return state;
  if (from === to) {
    const tree = withPaneMoved(from.tree, paneKey, at, side);
    return tree === undefined ? state : withPanes(state, from, tree, from.panes, paneKey);
  }
  const tree = withPaneBeside(to.tree, at, side, paneKey);
  return tree === undefined ? state : withPanes(withoutPaneOf(state, paneKey), to, tree, [...to.panes, pane], paneKey);
}

/**
 * To a tab of its own, right of the one it was in.
 * @param key of the new tab
 * @param to another place in the strip, counted before the move
 */
export function withPaneInOwnTab(state: TabState, paneKey: string, key: string, to?: number): TabState {
  const from = tabWithPane(state, paneKey);
  const pane = from?.panes.find((each) => each.key === paneKey);
  if (from === undefined || pane === undefined || from.panes.length === 1) return state;
  const without = withoutPaneOf(state, paneKey);
  const at = Math.min(to ?? without.tabs.findIndex((tab) => tab.key === from.key) + 1, without.tabs.length);
  const tab = loneTab(pane, key);
  return { tabs: [...without.tabs.slice(0, at), tab, ...without.tabs.slice(at)], activeKey: key };
}

/** Why one more pane has no place in this tab; undefined: it has. */
export function refusalOf(tree: PaneNode, at: string, side: Side): string | undefined {
  if (paneKeys(tree).length >= PANES_MAX) return `A tab holds ${PANES_MAX} panes at most.`;
  if (withPaneBeside(tree, at, side, `${at}+`) === undefined)
    return `Panes split ${SPLIT_DEPTH_MAX} levels deep at most.`;
  return undefined;
}

function withPanes(state: TabState, tab: Tab, tree: PaneNode, panes: readonly Pane[], activePane: string): TabState {
  return {
    ...withTabChanged(state, tabOf({ ...tab, tree, panes, activePane, zoomed: false })),
    activeKey: tab.key,
  };
}

function sameTree(one: PaneNode | undefined, other: PaneNode): boolean {
  return JSON.stringify(one ?? leaf("")) === JSON.stringify(other);
}
