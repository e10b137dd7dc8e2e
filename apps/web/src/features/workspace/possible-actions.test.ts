import { expect, test } from "vitest";
import { ACTIONS } from "./keymap.ts";
import { isPossible } from "./possible-actions.ts";
import { withSplit } from "./tab-panes.ts";
import { NO_TABS, type Pane, type TabState, withTab } from "./tab-state.ts";

const pane = (key: string): Pane => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: key, region: "eu-west-1" },
  environment: undefined,
});
const possible = (state: TabState) => ACTIONS.map(({ id }) => id).filter((id) => isPossible(id, state));

test("with nothing open there is where to go, and what to take back", () => {
  expect(possible(NO_TABS)).toEqual([
    "palette",
    "keys",
    "settings",
    "focus-list",
    "toggle-list",
    "details",
    "undo-close",
  ]);
});

test("a lone pane can be split and closed, not zoomed or moved", () => {
  const ids = possible(withTab(NO_TABS, pane("a")));
  expect(ids).toEqual(expect.arrayContaining(["split-right", "close-pane", "go-to-tab-1"]));
  expect(ids).not.toEqual(expect.arrayContaining(["zoom-pane"]));
  expect(ids.filter((id) => /^(move|focus)-pane|next-(pane|tab)|broadcast|go-to-tab-2/.test(id))).toEqual([]);
});

test("panes beside one another can be moved and zoomed, tabs beside one another too", () => {
  const two = withTab(withTab(NO_TABS, pane("a")), pane("b"));
  expect(possible(two)).toEqual(expect.arrayContaining(["next-tab", "move-tab-left", "go-to-tab-2"]));
  expect(possible(withSplit(two, "b", "right", pane("c")))).toEqual(
    expect.arrayContaining(["zoom-pane", "move-pane-left", "focus-pane-up", "pane-to-own-tab"]),
  );
});
