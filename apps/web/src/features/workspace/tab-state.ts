/** The tabs and their panes as a value, and every way they change. Pure: knows no terminal and no React. */
import type { Environment } from "../../lib/environment.ts";
import { leaf, type PaneNode } from "./pane-tree.ts";

export interface TabTarget {
  /** The identity that it is opened with; absent: the login's first. */
  identityId?: string;
  /** Absent: the first identity's. */
  account?: string;
  instanceId: string;
  instanceName: string;
  region: string;
  availabilityZone?: string;
  platform?: string;
  /** What the person said when she opened it. */
  reason?: string;
  documentName?: string;
}

/** One terminal's place: ours, made before its session is. The session may change (start again), the pane stays. */
export interface Pane {
  readonly key: string;
  readonly target: TabTarget;
  readonly environment: Environment | undefined;
}

export interface Tab {
  readonly key: string;
  readonly tree: PaneNode;
  /** Those of the tree, in any order. */
  readonly panes: readonly Pane[];
  /** The pane that has the keyboard when the tab has it. */
  readonly activePane: string;
  /** The active pane has the whole area; the others are hidden. */
  readonly zoomed: boolean;
  /** What the person calls it, if she does. */
  readonly name?: string;
  /** The active pane's: what the strip shows. */
  readonly target: TabTarget;
  readonly environment: Environment | undefined;
}

export interface TabState {
  readonly tabs: readonly Tab[];
  readonly activeKey: string | undefined;
}

export const NO_TABS: TabState = { tabs: [], activeKey: undefined };

/** Panes of all tabs: as many as the server lets one person hold by default; the next one is refused with a reason. */
export const TABS_MAX = 50;

/** A tab of one pane. @param key its own; by default the pane's */
export function loneTab(pane: Pane, key: string = pane.key): Tab {
  return tabOf({ key, tree: leaf(pane.key), panes: [pane], activePane: pane.key, zoomed: false });
}

/** Completes a tab with what its active pane says. */
export function tabOf(parts: Omit<Tab, "target" | "environment">): Tab {
  const active = parts.panes.find(({ key }) => key === parts.activePane) ?? parts.panes[0];
  if (active === undefined) throw new Error("a tab without a pane");
  return { ...parts, activePane: active.key, target: active.target, environment: active.environment };
}

export function panesOf({ tabs }: TabState): Pane[] {
  return tabs.flatMap(({ panes }) => panes);
}

export function tabWithPane({ tabs }: TabState, paneKey: string): Tab | undefined {
  return tabs.find(({ panes }) => panes.some(({ key }) => key === paneKey));
}

/** At the end of the strip, and active. Unchanged at the bound. @param added a tab, or a pane that gets one of its own */
export function withTab(state: TabState, added: Tab | Pane): TabState {
  const tab = "tree" in added ? added : loneTab(added);
  if (panesOf(state).length + tab.panes.length > TABS_MAX) return state;
  return { tabs: [...state.tabs, tab], activeKey: tab.key };
}

/** Back where it was, and active: a close that was taken back. */
export function withTabAt(state: TabState, tab: Tab, index: number): TabState {
  const at = Math.min(index, state.tabs.length);
  return { tabs: [...state.tabs.slice(0, at), tab, ...state.tabs.slice(at)], activeKey: tab.key };
}

/** The neighbour on the right becomes active, else the one on the left. */
export function withoutTab(state: TabState, key: string): TabState {
  const index = state.tabs.findIndex((tab) => tab.key === key);
  if (index < 0) return state;
  const tabs = state.tabs.filter((tab) => tab.key !== key);
  const activeKey = state.activeKey === key ? (tabs[index] ?? tabs[index - 1])?.key : state.activeKey;
  return { tabs, activeKey };
}

/** Puts a changed tab in the place of the one with its key. */
export function withTabChanged(state: TabState, changed: Tab): TabState {
  return { ...state, tabs: state.tabs.map((tab) => (tab.key === changed.key ? changed : tab)) };
}

/** A pane whose terminal another identity opens, in its place. The same state when there is no such pane. */
export function withPaneAs(state: TabState, paneKey: string, identityId: string): TabState {
  const tab = tabWithPane(state, paneKey);
  if (tab === undefined) return state;
  const panes = tab.panes.map((pane) =>
    pane.key === paneKey ? { ...pane, target: { ...pane.target, identityId } } : pane,
  );
  return withTabChanged(state, tabOf({ ...tab, panes }));
}

export function withActive(state: TabState, key: string): TabState {
  return state.tabs.some((tab) => tab.key === key) ? { ...state, activeKey: key } : state;
}

/** That pane of its tab, and the tab, are active. A pane that was hidden behind a zoomed one is seen again. */
export function withActivePane(state: TabState, paneKey: string): TabState {
  const tab = tabWithPane(state, paneKey);
  if (tab === undefined) return state;
  if (tab.activePane === paneKey) return withActive(state, tab.key);
  return withActive(withTabChanged(state, tabOf({ ...tab, activePane: paneKey, zoomed: false })), tab.key);
}

/** Moves a tab to another place in the strip. */
export function withTabMoved(state: TabState, key: string, to: number): TabState {
  const tab = state.tabs.find((each) => each.key === key);
  if (tab === undefined) return state;
  const others = state.tabs.filter((each) => each !== tab);
  const at = Math.min(others.length, Math.max(0, to));
  const tabs = [...others.slice(0, at), tab, ...others.slice(at)];
  return tabs.every((each, index) => each === state.tabs[index]) ? state : { ...state, tabs };
}

/** The next (1) or previous (-1) tab, around the end. */
export function withStep(state: TabState, step: 1 | -1): TabState {
  const count = state.tabs.length;
  const index = state.tabs.findIndex((tab) => tab.key === state.activeKey);
  const next = state.tabs[(index + step + count) % count];
  return next ? { ...state, activeKey: next.key } : state;
}

/** The pane on this instance to go to: the active one of the active tab, then one of that tab, then the first. Another identity's is another pane. */
export function paneOn(state: TabState, { instanceId, region, identityId }: TabTarget): Pane | undefined {
  const isOn = ({ target }: Pane): boolean =>
    target.instanceId === instanceId && target.region === region && (target.identityId ?? identityId) === identityId;
  const active = state.tabs.find(({ key }) => key === state.activeKey);
  const here = active?.panes.filter(isOn) ?? [];
  return here.find(({ key }) => key === active?.activePane) ?? here[0] ?? panesOf(state).find(isOn);
}

/** Panes by what `keyOf` calls their instance, for the badges of the list. */
export function openCounts(state: TabState, keyOf: (target: TabTarget) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { target } of panesOf(state)) {
    const key = keyOf(target);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The person's own name for it, else "checkout-api-04", and "checkout-api-04 2" for the second tab on it. */
export function tabLabel({ tabs }: TabState, tab: Tab): string {
  if (tab.name !== undefined) return tab.name;
  const alike = tabs.filter(
    ({ name, target }) => name === undefined && target.instanceName === tab.target.instanceName,
  );
  const ordinal = alike.findIndex(({ key }) => key === tab.key) + 1;
  return ordinal > 1 ? `${tab.target.instanceName} ${ordinal}` : tab.target.instanceName;
}

/** What an instance list says about an instance, as far as a tab shows it. */
export interface TabFacts {
  environment: Environment | undefined;
  availabilityZone: string | undefined;
}

/** Restored tabs know neither tags nor zone; the list does. The same state when nothing new was learnt. */
export function withFacts(
  state: TabState,
  region: string,
  factsOf: (instanceId: string) => TabFacts | undefined,
): TabState {
  const tabs = state.tabs.map((tab) => {
    const panes = tab.panes.map((pane) =>
      pane.target.region === region ? withPaneFacts(pane, factsOf(pane.target.instanceId)) : pane,
    );
    return panes.every((pane, index) => pane === tab.panes[index]) ? tab : tabOf({ ...tab, panes });
  });
  return tabs.every((tab, index) => tab === state.tabs[index]) ? state : { ...state, tabs };
}

function withPaneFacts(pane: Pane, facts: TabFacts | undefined): Pane {
  const environment = pane.environment ?? facts?.environment;
  const availabilityZone = pane.target.availabilityZone ?? facts?.availabilityZone;
  if (environment === pane.environment && availabilityZone === pane.target.availabilityZone) return pane;
  const target = availabilityZone === undefined ? pane.target : { ...pane.target, availabilityZone };
  return { ...pane, environment, target };
}

/** Whose list of which region. */
export interface ListPlace {
  /** Absent: the login's first. */
  identityId: string | undefined;
  region: string;
}

/** Lists other than `shown` that know something that a restored tab does not. */
export function placesToLearn(state: TabState, shown: readonly ListPlace[]): ListPlace[] {
  const idOf = ({ identityId, region }: ListPlace): string => `${identityId ?? ""} ${region}`;
  const known = new Set(shown.map(idOf));
  const places = panesOf(state)
    .filter(({ environment }) => environment === undefined)
    .map(({ target }) => ({ identityId: target.identityId, region: target.region }));
  return [...new Map(places.map((place) => [idOf(place), place])).values()].filter((place) => !known.has(idOf(place)));
}
