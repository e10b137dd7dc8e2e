/** Tabs and panes as they are remembered: by session, so that another page, or another device, builds them again. Pure. */
import {
  LAYOUT_TABS_MAX,
  type LayoutNode,
  type LayoutTab,
  TAB_NAME_LENGTH_MAX,
  type WorkspaceLayout,
} from "@causeway/wire-contract/preferences";
import { leaf, type PaneNode, paneKeys, soundTree } from "./pane-tree.ts";
import { loneTab, type Pane, type Tab, type TabState, tabOf } from "./tab-state.ts";

/** @param sessionOf the session in a pane; undefined while none is known: such a pane is not remembered */
export function layoutOfTabs(
  { tabs, activeKey }: TabState,
  sessionOf: (paneKey: string) => string | undefined,
  savedAt: number,
): WorkspaceLayout {
  const remembered = tabs.flatMap((tab) => {
    const tree = soundTree(tab.tree, new Set(paneKeys(tab.tree).filter((key) => sessionOf(key) !== undefined)));
    return tree === undefined ? [] : [{ tab, tree }];
  });
  const active = tabs.find(({ key }) => key === activeKey)?.activePane;
  const activeSession = active === undefined ? undefined : sessionOf(active);
  return {
    savedAt,
    ...(activeSession === undefined ? {} : { active: activeSession }),
    tabs: remembered.slice(0, LAYOUT_TABS_MAX).map(({ tab, tree }): LayoutTab => {
      const session = sessionOf(tab.activePane);
      return {
        nodes: nodesOf(tree, sessionOf),
        ...(session === undefined ? {} : { active: session }),
        ...(tab.zoomed ? { zoomed: true } : {}),
        ...(tab.name === undefined ? {} : { name: tab.name.slice(0, TAB_NAME_LENGTH_MAX) }),
      };
    }),
  };
}

function nodesOf(node: PaneNode, sessionOf: (paneKey: string) => string | undefined): LayoutNode[] {
  if (node.kind === "pane") return [{ session: sessionOf(node.key) ?? "" }];
  return [
    { split: node.direction, sizes: [...node.sizes] },
    ...node.children.flatMap((child) => nodesOf(child, sessionOf)),
  ];
}

/** Session ids of a layout, in the order of tabs and panes. */
export function sessionsOfLayout({ tabs }: WorkspaceLayout): string[] {
  return tabs.flatMap(({ nodes }) => nodes.flatMap((node) => ("session" in node ? [node.session] : [])));
}

/**
 * Builds tabs again. Sessions that the layout does not know get a tab each, at the end; sessions of the layout that are no
 * more leave no trace; a layout that makes no sense counts for nothing.
 *
 * @param panes by session id, in the order of those that the layout does not know
 */
export function tabsOfLayout(
  layout: WorkspaceLayout,
  panes: ReadonlyMap<string, Pane>,
  newKey: () => string,
): { tabs: Tab[]; activeKey: string | undefined } {
  const left = new Map(panes);
  const tabs = layout.tabs.flatMap((remembered): Tab[] => {
    const parsed = treeOf(remembered.nodes, (session) => left.get(session)?.key);
    const tree = parsed && soundTree(parsed, new Set([...left.values()].map(({ key }) => key)));
    if (tree === undefined) return [];
    const keys = paneKeys(tree);
    const its = [...left].filter(([, { key }]) => keys.includes(key));
    for (const [session] of its) left.delete(session);
    const active = its.find(([session]) => session === remembered.active)?.[1].key ?? keys[0] ?? "";
    const { name, zoomed = false } = remembered;
    return [
      tabOf({
        key: newKey(),
        tree,
        panes: its.map(([, pane]) => pane),
        activePane: active,
        zoomed: zoomed && keys.length > 1,
        ...(name === undefined ? {} : { name }),
      }),
    ];
  });
  const all = [...tabs, ...[...left.values()].map((pane) => loneTab(pane))];
  const activePane = layout.active === undefined ? undefined : panes.get(layout.active)?.key;
  const active = all.find((tab) => tab.panes.some(({ key }) => key === activePane)) ?? all[0];
  return { tabs: all, activeKey: active?.key };
}

/** @returns undefined when the nodes are not exactly one tree */
function treeOf(nodes: readonly LayoutNode[], keyOf: (session: string) => string | undefined): PaneNode | undefined {
  let at = 0;
  const next = (): PaneNode | undefined => {
    const node = nodes[at++];
    if (node === undefined) return undefined;
    if ("session" in node) return leaf(keyOf(node.session) ?? "");
    const children: PaneNode[] = [];
    while (children.length < node.sizes.length) {
      const child = next();
      if (child === undefined) return undefined;
      children.push(child);
    }
    return { kind: "split", direction: node.split, children, sizes: node.sizes };
  };
  const tree = next();
  return at === nodes.length ? tree : undefined;
}
