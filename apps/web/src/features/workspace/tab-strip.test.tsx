// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { withSplit } from "./tab-panes.ts";
import { NO_TABS, type TabState, withActive, withTab } from "./tab-state.ts";
import { TabStrip } from "./tab-strip.tsx";
import { TerminalRegistry } from "./terminal-registry.ts";

afterEach(cleanup);

const tab = (key: string) => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: key, region: "eu-west-1" },
  environment: { word: "prod", colour: "prod" } as const,
});
const THREE: TabState = withActive(
  ["a", "b", "c"].reduce((state, key) => withTab(state, tab(key)), NO_TABS),
  "b",
);

function show(state = THREE) {
  const acts: string[] = [];
  render(
    <TabStrip
      state={state}
      registry={new TerminalRegistry(() => new Promise(() => undefined))}
      sandbox
      lookOf={() => undefined}
      severalIdentities={false}
      onActivate={(key, focus) => acts.push(`activate ${key}${focus ? " and focus" : ""}`)}
      onClose={(key) => acts.push(`close ${key}`)}
      onRename={(key) => acts.push(`rename ${key}`)}
      onNew={() => acts.push("new")}
    />,
  );
  return { acts, tab: (name: RegExp) => screen.getByRole("tab", { name }) };
}

test("the strip is one stop: only the active tab is in the order of Tab", () => {
  show();
  expect(screen.getAllByRole("tab").map((each) => each.tabIndex)).toEqual([-1, 0, -1]);
});

test("arrows choose a tab and keep the keyboard in the strip, Enter goes to the terminal", () => {
  const { acts, tab: find } = show();
  fireEvent.keyDown(find(/^b/), { key: "ArrowRight" });
  fireEvent.keyDown(find(/^b/), { key: "Home" });
  fireEvent.keyDown(find(/^b/), { key: "Enter" });
  expect(acts).toEqual(["activate c", "activate a", "activate b and focus"]);
});

test("Delete, the × and the middle button close", () => {
  const { acts, tab: find } = show();
  fireEvent.keyDown(find(/^b/), { key: "Delete" });
  fireEvent.click(find(/^a/).querySelector("[data-close]") as Element);
  fireEvent(find(/^c/), new MouseEvent("auxclick", { button: 1, bubbles: true, cancelable: true }));
  expect(acts).toEqual(["close b", "close a", "close c"]);
});

test("F2 and a double click rename", () => {
  const { acts, tab: find } = show();
  fireEvent.keyDown(find(/^b/), { key: "F2" });
  fireEvent.doubleClick(find(/^a/));
  expect(acts).toEqual(["rename b", "rename a"]);
});

test("a tab says its environment, that it is the sandbox, and its state, not by colour alone", () => {
  const { tab: find } = show();
  expect(find(/^a/).textContent).toContain("a, prod, sandbox, connecting");
});

test("chords pass through the strip", () => {
  const { acts, tab: find } = show();
  fireEvent.keyDown(find(/^b/), { key: "ArrowRight", ctrlKey: true });
  expect(acts).toEqual([]);
});

test("in a login with several identities each tab says whose it is; the account's colour counts more than the tag's", () => {
  const environment = { word: "staging", colour: "staging" } as const;
  render(
    <TabStrip
      state={withTab(NO_TABS, tab("a"))}
      registry={new TerminalRegistry(() => new Promise(() => undefined))}
      sandbox={false}
      lookOf={() => ({ name: "dana", role: "SRE", account: "harbor-staging", environment })}
      severalIdentities
      onActivate={() => undefined}
      onClose={() => undefined}
      onRename={() => undefined}
      onNew={() => undefined}
    />,
  );
  const [item] = screen.getAllByRole("tab");
  expect(item?.textContent).toContain("as SRE in harbor-staging");
  expect(item?.className).toContain("e-staging");
  expect(item?.title).toContain("dana, SRE in harbor-staging");
  expect(item?.title).toContain("eu-west-1");
});

test("a tab with several panes says how many", () => {
  const { tab: find } = show(withSplit(THREE, "b", "right", tab("d")));
  expect(find(/^d/).textContent).toContain("2 panes");
});
