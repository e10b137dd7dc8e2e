import { expect, test } from "vitest";
import { leaf } from "../features/workspace/pane-tree.ts";
import { loneTab, type Pane, type Tab, type TabState, tabOf } from "../features/workspace/tab-state.ts";
import { sessionSource } from "./palette-sources.ts";

const pane = (key: string): Pane => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: `name-${key}`, region: "eu-west-1" },
  environment: undefined,
});
const pair = (first: Pane, second: Pane): Tab =>
  tabOf({
    ...loneTab(first),
    panes: [first, second],
    tree: { kind: "split", direction: "row", children: [leaf(first.key), leaf(second.key)], sizes: [0.5, 0.5] },
  });

function found(words: readonly string[]): string[] {
  const state: TabState = { tabs: [pair(pane("a"), pane("b")), loneTab(pane("c"))], activeKey: "a" };
  const source = sessionSource({
    state,
    titleOf: ({ key }) => (key === "b" ? "vim notes" : undefined),
    sessionOf: ({ key }) => `dana-${key}`,
    activate: () => undefined,
  });
  return source.find(words, 10).entries.map(({ entry }) => entry.label);
}

test("before anything is typed the palette offers sessions that no tab of their own leads to, but not the active one", () => {
  expect(found([])).toEqual(["name-b: vim notes"]);
});

test("each session is found by what AWS calls it and by what runs in it", () => {
  expect(found(["dana-c"])).toEqual(["name-c"]);
  expect(found(["vim"])).toEqual(["name-b: vim notes"]);
});
