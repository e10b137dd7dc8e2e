import { expect, test } from "vitest";
import { type PaneNode, paneKeys } from "./pane-tree.ts";
import { withoutPaneOf, withPaneBack, withPaneInOwnTab, withPaneTaken, withSplit } from "./tab-panes.ts";
import {
  NO_TABS,
  type Pane,
  type Tab,
  type TabState,
  tabLabel,
  withActivePane,
  withTab,
  withTabMoved,
} from "./tab-state.ts";

const pane = (key: string): Pane => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: key, region: "eu-west-1" },
  environment: undefined,
});
/** Tab a with panes a and b beside it, tab c. */
const twoTabs = (): TabState => withTab(withSplit(withTab(NO_TABS, pane("a")), "a", "right", pane("b")), pane("c"));
/** "a,b | c": panes in reading order, the active tab in brackets. */
const drawn = ({ tabs, activeKey }: TabState): string =>
  tabs.map(({ key, tree }) => (key === activeKey ? `[${paneKeys(tree)}]` : `${paneKeys(tree)}`)).join(" | ");
const tabAt = (state: TabState, index: number): Tab => state.tabs[index] as Tab;

test("a new pane stands beside the one it was split off, and the tab shows what its active pane is", () => {
  const state = twoTabs();
  expect(drawn(state)).toBe("a,b | [c]");
  expect(tabAt(state, 0)).toMatchObject({ activePane: "b", target: { instanceName: "b" } });
  expect(tabLabel(state, tabAt(withActivePane(state, "a"), 0))).toBe("a");
});

test("a closed pane leaves its room and its tab; the last one takes the tab with it", () => {
  expect(drawn(withoutPaneOf(twoTabs(), "b"))).toBe("a | [c]");
  expect(drawn(withoutPaneOf(twoTabs(), "c"))).toBe("[a,b]");
});

test("a close that is taken back restores the very tree", () => {
  const state = twoTabs();
  const before = tabAt(state, 0);
  const back = withPaneBack(withoutPaneOf(state, "a"), before, pane("a"), 0, "new");
  expect(tabAt(back, 0).tree).toEqual(before.tree);
  expect(tabAt(back, 0).activePane).toBe("a");
});

test("where the tree has changed meanwhile, a pane comes back beside the active one; where the tab is gone, as a tab", () => {
  const state = twoTabs();
  const before = tabAt(state, 0);
  const changed = withSplit(withoutPaneOf(state, "a"), "b", "down", pane("d"));
  expect(drawn(withPaneBack(changed, before, pane("a"), 0, "new"))).toBe("[b,d,a] | c");
  const gone = withoutPaneOf(withoutPaneOf(state, "a"), "b");
  expect(drawn(withPaneBack(gone, before, pane("a"), 0, "new"))).toBe("[a] | c");
});

test("a pane goes to a tab of its own, and back beside another pane; an empty tab goes", () => {
  const own = withPaneInOwnTab(twoTabs(), "b", "new");
  expect(drawn(own)).toBe("a | [b] | c");
  expect(drawn(withPaneTaken(own, "b", "a", "left"))).toBe("[b,a] | c");
  expect(withPaneInOwnTab(own, "b", "other")).toBe(own);
});

test("a pane goes to another side within its tab", () => {
  expect(drawn(withPaneTaken(twoTabs(), "b", "a", "left"))).toBe("[b,a] | c");
});

test("what does not fit into the tree of the other tab stays where it is", () => {
  let state = twoTabs();
  for (const key of ["d", "e", "f", "g"]) state = withSplit(state, "a", "right", pane(key));
  expect(paneKeys(tabAt(state, 0).tree as PaneNode)).toHaveLength(6);
  expect(withPaneTaken(state, "c", "a", "left")).toBe(state);
});

test("tabs are moved within the strip, and stop at its ends", () => {
  const state = twoTabs();
  expect(drawn(withTabMoved(state, "c", 0))).toBe("[c] | a,b");
  expect(withTabMoved(state, "c", 9)).toBe(state);
  expect(withTabMoved(state, "nobody", 0)).toBe(state);
});
