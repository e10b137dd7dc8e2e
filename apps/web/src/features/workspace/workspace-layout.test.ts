import { WorkspaceLayout } from "@causeway/wire-contract/preferences";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { paneKeys } from "./pane-tree.ts";
import { withSplit } from "./tab-panes.ts";
import { NO_TABS, type Pane, type TabState, withTab } from "./tab-state.ts";
import { layoutOfTabs, tabsOfLayout } from "./workspace-layout.ts";

const pane = (key: string): Pane => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: key, region: "eu-west-1" },
  environment: undefined,
});
const sessionOf = (key: string): string => `session-${key}`;
/** a | b over d, and c */
const state = (): TabState => {
  const split = withSplit(withSplit(withTab(NO_TABS, pane("a")), "a", "right", pane("b")), "b", "down", pane("d"));
  return withTab(split, pane("c"));
};
const panes = (...keys: string[]) => new Map(keys.map((key) => [sessionOf(key), pane(key)]));
const shape = ({ tabs }: { tabs: readonly { tree: Parameters<typeof paneKeys>[0] }[] }) =>
  tabs.map(({ tree }) => paneKeys(tree).join(""));
let made = 0;
const newKey = () => `new-${made++}`;

test("tabs and panes come back with their trees, shares, names and the active one", () => {
  const before = state();
  const named: TabState = {
    ...before,
    tabs: before.tabs.map((tab, index) => (index === 0 ? { ...tab, name: "deploy" } : tab)),
  };
  const layout = layoutOfTabs(named, sessionOf, 7);
  expect(Value.Check(WorkspaceLayout, layout)).toBe(true);
  const back = tabsOfLayout(layout, panes("a", "b", "c", "d"), newKey);
  expect(back.tabs.map(({ tree, activePane, name }) => ({ tree, activePane, name }))).toEqual(
    named.tabs.map(({ tree, activePane, name }) => ({ tree, activePane, name })),
  );
  expect(back.tabs.find(({ key }) => key === back.activeKey)?.activePane).toBe("c");
});

test("a session that ended leaves no hole, one that the layout does not know gets a tab at the end", () => {
  const layout = layoutOfTabs(state(), sessionOf, 7);
  expect(shape(tabsOfLayout(layout, panes("a", "d", "e"), newKey))).toEqual(["ad", "e"]);
});

test("a pane whose session is not known yet is left out", () => {
  const layout = layoutOfTabs(state(), (key) => (key === "b" ? undefined : sessionOf(key)), 7);
  expect(shape(tabsOfLayout(layout, panes("a", "c", "d"), newKey))).toEqual(["ad", "c"]);
});

test.each([
  ["too few nodes", [{ split: "row", sizes: [0.5, 0.5] }, { session: "session-a" }]],
  ["too many", [{ session: "session-a" }, { session: "session-b" }]],
  ["the same session twice", [{ split: "row", sizes: [0.5, 0.5] }, { session: "session-a" }, { session: "session-a" }]],
] as const)("a layout that makes no sense (%s) loses no session", (_what, nodes) => {
  const layout = { savedAt: 0, tabs: [{ nodes: [...nodes] }] } as WorkspaceLayout;
  expect(shape(tabsOfLayout(layout, panes("a", "b"), newKey)).toSorted()).toEqual(["a", "b"]);
});
