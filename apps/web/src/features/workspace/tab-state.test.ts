import { expect, test } from "vitest";
import {
  loneTab,
  NO_TABS,
  openCounts,
  type Pane,
  paneOn,
  placesToLearn,
  TABS_MAX,
  type TabState,
  tabLabel,
  withActive,
  withFacts,
  withoutTab,
  withStep,
  withTab,
  withTabAt,
} from "./tab-state.ts";

const tab = (key: string, instanceId = `i-${key}`): Pane => ({
  key,
  target: { instanceId, instanceName: instanceId, region: "eu-west-1" },
  environment: undefined,
});
const open = (...keys: string[]): TabState => keys.reduce((state, key) => withTab(state, tab(key)), NO_TABS);
const keysOf = ({ tabs }: TabState) => tabs.map(({ key }) => key).join("");

test("a new tab stands at the end and is active", () => {
  const state = open("a", "b");
  expect(keysOf(state)).toBe("ab");
  expect(state.activeKey).toBe("b");
});

test("closing the active tab makes its right neighbour active, else the left one", () => {
  const state = withActive(open("a", "b", "c"), "b");
  expect(withoutTab(state, "b").activeKey).toBe("c");
  expect(withoutTab(withActive(state, "c"), "c").activeKey).toBe("b");
  expect(withoutTab(open("a"), "a")).toEqual(NO_TABS);
});

test("closing another tab leaves the active one", () => {
  expect(withoutTab(open("a", "b"), "a").activeKey).toBe("b");
});

test("a close that was taken back puts the tab where it was", () => {
  const state = withTabAt(withoutTab(open("a", "b", "c"), "b"), loneTab(tab("b")), 1);
  expect(keysOf(state)).toBe("abc");
  expect(state.activeKey).toBe("b");
});

test("previous and next go around the ends", () => {
  expect(withStep(open("a", "b", "c"), 1).activeKey).toBe("a");
  expect(withStep(withActive(open("a", "b", "c"), "a"), -1).activeKey).toBe("c");
  expect(withStep(NO_TABS, 1)).toEqual(NO_TABS);
});

test("going to an instance prefers the active one of its tabs", () => {
  let state = withTab(withTab(open("a"), tab("x", "i-1")), tab("y", "i-1"));
  expect(paneOn(state, { instanceId: "i-1", instanceName: "", region: "eu-west-1" })?.key).toBe("y");
  state = withActive(state, "a");
  expect(paneOn(state, { instanceId: "i-1", instanceName: "", region: "eu-west-1" })?.key).toBe("x");
  expect(paneOn(state, { instanceId: "i-1", instanceName: "", region: "us-east-1" })).toBeUndefined();
});

test("the second tab on an instance is numbered, the badge counts both", () => {
  const state = withTab(withTab(NO_TABS, tab("x", "i-1")), tab("y", "i-1"));
  expect(state.tabs.map((each) => tabLabel(state, each))).toEqual(["i-1", "i-1 2"]);
  const counts = openCounts(state, ({ region, instanceId }) => `${region} ${instanceId}`);
  expect(counts.get("eu-west-1 i-1")).toBe(2);
  expect(counts.get("us-east-1 i-1")).toBeUndefined();
});

test("restored tabs learn environment and zone from the list of their region, and nothing changes without news", () => {
  const state = open("a");
  expect(withFacts(state, "eu-west-1", () => undefined)).toBe(state);
  const facts = { environment: { word: "prod", colour: "prod" } as const, availabilityZone: "eu-west-1a" };
  expect(withFacts(state, "us-east-1", () => facts)).toBe(state);
  const learnt = withFacts(state, "eu-west-1", () => facts);
  expect(learnt.tabs[0]?.environment).toEqual(facts.environment);
  expect(learnt.tabs[0]?.target.availabilityZone).toBe("eu-west-1a");
  expect(withFacts(learnt, "eu-west-1", () => facts)).toBe(learnt);
});

test("a list that is not shown is worth asking for while a tab on it knows no environment", () => {
  const state = open("a");
  const shown = (region: string, identityId?: string) => [{ identityId, region }];
  expect(placesToLearn(state, shown("us-east-1"))).toEqual([{ identityId: undefined, region: "eu-west-1" }]);
  expect(placesToLearn(state, shown("eu-west-1"))).toEqual([]);
  expect(placesToLearn(state, shown("eu-west-1", "identity-2")).length).toBe(1);
  const facts = { environment: { word: "prod", colour: "prod" } as const, availabilityZone: undefined };
  const learnt = withFacts(state, "eu-west-1", () => facts);
  expect(placesToLearn(learnt, shown("us-east-1"))).toEqual([]);
});

test("one tab more than the bound is not taken", () => {
  const full = open(...Array.from({ length: TABS_MAX }, (_, index) => `k${index}`));
  expect(withTab(full, tab("more"))).toBe(full);
});
