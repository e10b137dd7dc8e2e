/**
 * The workspace of one person in one page: which tabs there are, which terminal stands behind each, and the promise
 * that only closing a tab ends a shell. Closing, reloading or losing the page ends nothing.
 */
import type { Instance } from "@causeway/wire-contract/instances";
import type { Session } from "@causeway/wire-contract/sessions";
import { createStore, type StoreApi } from "zustand/vanilla";
import { ApiProblem } from "../../lib/api-client.ts";
import { environmentOf } from "../../lib/environment.ts";
import { describeFailure } from "../../lib/failure.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { restorableSessions } from "./restore-tabs.ts";
import {
  NO_TABS,
  TABS_MAX,
  type Tab,
  type TabState,
  type TabTarget,
  tabOn,
  withActive,
  withFacts,
  withoutTab,
  withStep,
  withTab,
  withTabAt,
} from "./tab-state.ts";
import type { TerminalRegistry } from "./terminal-registry.ts";
import type { WorkspaceStorage } from "./workspace-storage.ts";
import { holdsSession, isLive, type WorkspaceTerminal } from "./workspace-terminal.ts";

/** Instances opened lately, kept for the list's first group. More than it shows: it shows one region's. */
export const RECENT_KEPT_MAX = 20;

export interface Recent {
  instanceId: string;
  region: string;
}

export interface WorkspaceState extends TabState {
  /** Newest first. */
  recent: readonly Recent[];
  /** false until the server said which sessions there are. */
  restored: boolean;
  /** Counts up when the keyboard shall go to the active terminal. */
  focusRequests: number;
}

export interface WorkspaceDeps<T extends WorkspaceTerminal> {
  registry: TerminalRegistry<T>;
  toasts: Toasts;
  storage: WorkspaceStorage;
  newKey(): string;
  /** Ends a session with a request that outlives the page. */
  endSessionOnLeave(sessionId: string): void;
  /** Key caps of the chord that undoes a close, for its notice. */
  undoKeys: readonly string[];
}

/** An instance, and the identity that sees it where there is more than one. */
export type OpenedInstance = Instance & { identityId?: string; account?: string };

export class Workspace<T extends WorkspaceTerminal = WorkspaceTerminal> {
  readonly store: StoreApi<WorkspaceState>;
  readonly registry: TerminalRegistry<T>;
  readonly storage: WorkspaceStorage;
  readonly #deps: WorkspaceDeps<T>;
  readonly #unsubscribes: (() => void)[];
  #leaving = false;
  #lastClosed: number | undefined;

  constructor(deps: WorkspaceDeps<T>) {
    this.#deps = deps;
    this.registry = deps.registry;
    this.storage = deps.storage;
    this.store = createStore<WorkspaceState>(() => ({ ...NO_TABS, recent: [], restored: false, focusRequests: 0 }));
    this.#unsubscribes = [this.store.subscribe(this.#remember), this.registry.subscribe(this.#remember)];
  }

  /** Once, with what the server holds: every live session gets its tab back, ended ones only where they were open here. */
  restore(sessions: readonly Session[]): void {
    if (this.store.getState().restored) return;
    const { order, active } = this.storage.remembered;
    const restored = restorableSessions(sessions, order).map((session) => ({
      session,
      tab: { key: this.#deps.newKey(), target: targetOfSession(session), environment: undefined } satisfies Tab,
    }));
    for (const { session, tab } of restored) this.registry.open(tab.key, tab.target, session);
    const before = this.store.getState();
    const activeTab = restored.find(({ session }) => session.id === active) ?? restored[0];
    this.store.setState({
      tabs: [...restored.map(({ tab }) => tab), ...before.tabs],
      activeKey: before.activeKey ?? activeTab?.tab.key,
      recent: recentFrom(sessions, before.recent),
      restored: true,
    });
  }

  /** Goes to the tab on this instance, or opens one; with `newSession` always opens one. Optimistic. */
  open(instance: OpenedInstance, region: string, newSession: boolean): void {
    const state = this.store.getState();
    const target = targetOfInstance(instance, region);
    const existing = newSession ? undefined : tabOn(state, target);
    if (existing) {
      this.activate(existing.key);
      return;
    }
    if (state.tabs.length >= TABS_MAX) {
      this.#deps.toasts.show({
        tone: "bad",
        title: `${TABS_MAX} tabs are open`,
        detail: "Close one you no longer need.",
      });
      return;
    }
    const tab: Tab = { key: this.#deps.newKey(), target, environment: environmentOf(instance.tags) };
    this.registry.open(tab.key, target, undefined);
    const opened: Recent = { instanceId: instance.id, region };
    this.store.setState({
      ...withTab(state, tab),
      recent: withRecent(state.recent, opened),
      focusRequests: state.focusRequests + 1,
    });
  }

  /** @param focus false: the keyboard stays where it is (arrows in the strip) */
  activate(key: string, focus = true): void {
    const state = this.store.getState();
    this.store.setState({ ...withActive(state, key), focusRequests: state.focusRequests + (focus ? 1 : 0) });
  }

  step(step: 1 | -1): void {
    const state = this.store.getState();
    this.store.setState({ ...withStep(state, step), focusRequests: state.focusRequests + 1 });
  }

  focusActive(): void {
    this.store.setState(({ focusRequests }) => ({ focusRequests: focusRequests + 1 }));
  }

  /** The tab goes at once; its shell ends when the time to take it back is over. */
  close(key: string): void {
    const state = this.store.getState();
    const index = state.tabs.findIndex((tab) => tab.key === key);
    const tab = state.tabs[index];
    if (tab === undefined) return;
    this.store.setState({ ...withoutTab(state, key), focusRequests: state.focusRequests + 1 });
    this.#lastClosed = this.#deps.toasts.show({
      title: `Closed ${tab.target.instanceName}.`,
      action: { label: "Undo", keys: this.#deps.undoKeys, run: () => this.#putBack(tab, index) },
      onExpire: () => void this.#finishClose(tab, index),
    });
  }

  /** Takes the newest close back, while its notice stands. */
  undoClose(): void {
    if (this.#lastClosed !== undefined) this.#deps.toasts.act(this.#lastClosed);
    this.#lastClosed = undefined;
  }

  /** true while leaving the page would hide a running shell. Nothing is lost by it. */
  hasLiveSessions(): boolean {
    return this.store.getState().tabs.some(({ key }) => isLive(this.registry.get(key)));
  }

  /** The page goes away: closes that waited for Undo happen now, everything else goes on in AWS. */
  leavePage(): void {
    this.#leaving = true;
    this.#deps.toasts.flush();
    this.#leaving = false;
  }

  /** Ends every shell of this page. Rejects if one could not be ended; the others are ended all the same. */
  async endAll(): Promise<void> {
    this.#deps.toasts.flush();
    const results = await Promise.allSettled(
      this.store.getState().tabs.map(({ key }) => this.#end(this.registry.get(key))),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** Tells restored tabs their environment and zone, which only the list knows. */
  learn(region: string, instances: readonly Instance[]): void {
    const facts = new Map(
      instances.map(({ id, tags, availabilityZone }) => [id, { environment: environmentOf(tags), availabilityZone }]),
    );
    this.store.setState((state) => withFacts(state, region, (id) => facts.get(id)));
  }

  /** Signed in again: whoever waits to reconnect need not wait longer. */
  retryAll(): void {
    for (const terminal of this.registry.all()) terminal.retryNow();
  }

  setTheme(): void {
    for (const terminal of this.registry.all()) terminal.setTheme();
  }

  /** Lets go of every terminal; ends none. */
  dispose(): void {
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.registry.dispose();
  }

  #putBack(tab: Tab, index: number): void {
    const state = this.store.getState();
    this.store.setState({ ...withTabAt(state, tab, index), focusRequests: state.focusRequests + 1 });
  }

  async #finishClose(tab: Tab, index: number): Promise<void> {
    const terminal = this.registry.get(tab.key);
    if (this.#leaving) {
      if (terminal?.sessionId !== undefined && holdsSession(terminal)) this.#deps.endSessionOnLeave(terminal.sessionId);
      return;
    }
    try {
      await this.#end(terminal);
      this.registry.remove(tab.key);
    } catch (error) {
      // the shell still runs: a tab that says otherwise would be a lie
      this.#putBack(tab, index);
      const { title } = describeFailure(error);
      this.#deps.toasts.show({
        tone: "bad",
        title: `${tab.target.instanceName} could not be closed`,
        detail: `${title}.`,
      });
    }
  }

  async #end(terminal: T | undefined): Promise<void> {
    if (terminal === undefined || !holdsSession(terminal)) return;
    try {
      await terminal.end();
    } catch (error) {
      if (!isAlreadyOver(error)) throw error;
    }
  }

  #remember = (): void => {
    const { tabs, activeKey, restored } = this.store.getState();
    if (!restored) return;
    const order = tabs.flatMap(({ key }) => this.registry.get(key)?.sessionId ?? []);
    const active = activeKey === undefined ? undefined : this.registry.get(activeKey)?.sessionId;
    // terminals that are not made yet have no id: the order of the last page stands until they do
    if (tabs.some(({ key }) => this.registry.get(key) === undefined)) return;
    this.storage.remember({ order, ...(active === undefined ? {} : { active }) });
  };
}

function isAlreadyOver(error: unknown): boolean {
  return error instanceof ApiProblem && ["SESSION_NOT_FOUND", "SESSION_ENDED"].includes(error.problem.code);
}

function targetOfSession({ identityId, account, instanceId, instanceName, region }: Session): TabTarget {
  return { identityId, account, instanceId, instanceName, region };
}

function targetOfInstance(instance: OpenedInstance, region: string): TabTarget {
  const { id, name, identityId, account, availabilityZone, platform } = instance;
  return {
    ...(identityId === undefined ? {} : { identityId }),
    ...(account === undefined ? {} : { account }),
    instanceId: id,
    instanceName: name,
    region,
    ...(availabilityZone === undefined ? {} : { availabilityZone }),
    ...(platform === undefined ? {} : { platform }),
  };
}

function withRecent(recent: readonly Recent[], opened: Recent): Recent[] {
  const others = recent.filter((one) => one.instanceId !== opened.instanceId || one.region !== opened.region);
  return [opened, ...others].slice(0, RECENT_KEPT_MAX);
}

function recentFrom(sessions: readonly Session[], opened: readonly Recent[]): readonly Recent[] {
  const oldestFirst = [...sessions].sort((a, b) => a.startedAt - b.startedAt);
  const fromServer = oldestFirst.reduce<readonly Recent[]>(
    (recent, { instanceId, region }) => withRecent(recent, { instanceId, region }),
    [],
  );
  return [...opened].reverse().reduce(withRecent, fromServer);
}
