/** The tabs as a value, and every way they change. Pure: knows no terminal and no React. */
import type { Environment } from "../../lib/environment.ts";

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
}

export interface Tab {
  /** Ours, made when the tab is: the session behind it may change (start again), the tab stays. */
  readonly key: string;
  readonly target: TabTarget;
  readonly environment: Environment | undefined;
}

export interface TabState {
  readonly tabs: readonly Tab[];
  readonly activeKey: string | undefined;
}

export const NO_TABS: TabState = { tabs: [], activeKey: undefined };

/** As many as the server lets one person hold by default; the page refuses the next one with a reason. */
export const TABS_MAX = 50;

/** At the end of the strip, and active. Unchanged at the bound. */
export function withTab(state: TabState, tab: Tab): TabState {
  if (state.tabs.length >= TABS_MAX) return state;
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

export function withActive(state: TabState, key: string): TabState {
  return state.tabs.some((tab) => tab.key === key) ? { ...state, activeKey: key } : state;
}

/** The next (1) or previous (-1) tab, around the end. */
export function withStep(state: TabState, step: 1 | -1): TabState {
  const count = state.tabs.length;
  const index = state.tabs.findIndex((tab) => tab.key === state.activeKey);
  const next = state.tabs[(index + step + count) % count];
  return next ? { ...state, activeKey: next.key } : state;
}

/** The tab on this instance to go to: the active one when it is, else the first. Another identity's is another tab. */
export function tabOn(state: TabState, { instanceId, region, identityId }: TabTarget): Tab | undefined {
  const on = state.tabs.filter(
    ({ target }) =>
      target.instanceId === instanceId && target.region === region && (target.identityId ?? identityId) === identityId,
  );
  return on.find(({ key }) => key === state.activeKey) ?? on[0];
}

/** Tabs by what `keyOf` calls their instance, for the badges of the list. */
export function openCounts(state: TabState, keyOf: (target: TabTarget) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { target } of state.tabs) {
    const key = keyOf(target);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** "checkout-api-04", and "checkout-api-04 2" for the second tab on it. */
export function tabLabel({ tabs }: TabState, tab: Tab): string {
  const alike = tabs.filter(({ target }) => target.instanceName === tab.target.instanceName);
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
  const tabs = state.tabs.map((tab) =>
    tab.target.region === region ? withTabFacts(tab, factsOf(tab.target.instanceId)) : tab,
  );
  return tabs.every((tab, index) => tab === state.tabs[index]) ? state : { ...state, tabs };
}

function withTabFacts(tab: Tab, facts: TabFacts | undefined): Tab {
  const environment = tab.environment ?? facts?.environment;
  const availabilityZone = tab.target.availabilityZone ?? facts?.availabilityZone;
  if (environment === tab.environment && availabilityZone === tab.target.availabilityZone) return tab;
  const target = availabilityZone === undefined ? tab.target : { ...tab.target, availabilityZone };
  return { ...tab, environment, target };
}

/** Whose list of which region. */
export interface ListPlace {
  /** Absent: the login's first. */
  identityId: string | undefined;
  region: string;
}

/** Lists other than `shown` that know something that a restored tab does not. */
export function placesToLearn({ tabs }: TabState, shown: readonly ListPlace[]): ListPlace[] {
  const idOf = ({ identityId, region }: ListPlace): string => `${identityId ?? ""} ${region}`;
  const known = new Set(shown.map(idOf));
  const places = tabs
    .filter(({ environment }) => environment === undefined)
    .map(({ target }) => ({ identityId: target.identityId, region: target.region }));
  return [...new Map(places.map((place) => [idOf(place), place])).values()].filter((place) => !known.has(idOf(place)));
}
