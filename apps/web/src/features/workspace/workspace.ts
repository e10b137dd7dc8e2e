/**
 * The workspace of one person in one page: which tabs and panes there are, which terminal stands behind each, and the
 * promise that only closing a pane ends a shell. Closing, reloading or losing the page ends nothing. It is longer than most
 * because it is the one place where the pure parts (tabs, trees, layouts) meet the terminals.
 */
import type { Instance } from "@causeway/wire-contract/instances";
import { TAB_NAME_LENGTH_MAX, type WorkspaceLayout } from "@causeway/wire-contract/preferences";
import type { Session } from "@causeway/wire-contract/sessions";
import { createStore, type StoreApi } from "zustand/vanilla";
import { environmentOf } from "../../lib/environment.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { Broadcast } from "./broadcast.ts";
import { LayoutMemory } from "./layout-memory.ts";
import { PaneArranging } from "./pane-arranging.ts";
import { type Asking, PaneClosing } from "./pane-closing.ts";
import { neighbourOf } from "./pane-layout.ts";
import { paneKeys, type Side } from "./pane-tree.ts";
import {
  NO_TABS,
  type Pane,
  paneOn,
  panesOf,
  TABS_MAX,
  type Tab,
  type TabState,
  type TabTarget,
  tabOf,
  tabWithPane,
  withActive,
  withActivePane,
  withFacts,
  withPaneAs,
  withStep,
  withTab,
  withTabChanged,
  withTabMoved,
} from "./tab-state.ts";
import { type OpenedInstance, type Recent, recentFrom, targetOfInstance, withRecent } from "./targets.ts";
import type { TerminalRegistry } from "./terminal-registry.ts";
import type { WorkspaceStorage } from "./workspace-storage.ts";
import { isLive, type WorkspaceTerminal } from "./workspace-terminal.ts";

export interface WorkspaceState extends TabState {
  /** Newest first. */
  recent: readonly Recent[];
  /** false until the server said which sessions there are. */
  restored: boolean;
  /** Counts up when the keyboard shall go to the active terminal. */
  focusRequests: number;
  /** Why what was asked of a pane was not done, until the next thing is. */
  note: { paneKey: string; text: string } | undefined;
  /** What a close would interrupt; the person decides. */
  asking: Asking | undefined;
}

/** `go`: to the pane on the instance, if there is one; `new`: always another session; `split`: beside the active pane. */
export type OpenHow = "go" | "new" | "split";

export interface WorkspaceDeps<T extends WorkspaceTerminal> {
  registry: TerminalRegistry<T>;
  toasts: Toasts;
  storage: WorkspaceStorage;
  newKey(): string;
  nowMs(): number;
  /** Ends a session with a request that outlives the page. */
  endSessionOnLeave(sessionId: string): void;
  /** Keeps the layout where other devices find it. */
  keepLayout(layout: WorkspaceLayout): void;
  /** Key caps of the chord that undoes a close, for its notice. */
  undoKeys(): readonly string[];
  /** Does the person want to be asked where closing would interrupt something? */
  asksBeforeClosing(): boolean;
  /** Somebody else has the keyboard of this terminal. */
  isTakenByOther(terminal: T): boolean;
  /** Names of those who are at this terminal by a link, now. */
  watchersOf(terminal: T): readonly string[];
}

/** What a person says when she opens a shell. */
export type SaidAtStart = Pick<TabTarget, "reason" | "documentName">;

export class Workspace<T extends WorkspaceTerminal = WorkspaceTerminal> {
  readonly store: StoreApi<WorkspaceState>;
  readonly registry: TerminalRegistry<T>;
  readonly storage: WorkspaceStorage;
  readonly #deps: WorkspaceDeps<T>;
  /** Where panes stand, and how that is changed. */
  readonly arranging: PaneArranging;
  /** Which panes get what is typed into one of them. */
  readonly broadcast: Broadcast<T>;
  readonly #closing: PaneClosing<T>;
  readonly #memory: LayoutMemory<T>;
  readonly #unsubscribes: (() => void)[];

  constructor(deps: WorkspaceDeps<T>) {
    this.#deps = deps;
    this.registry = deps.registry;
    this.storage = deps.storage;
    this.store = createStore<WorkspaceState>(() => ({
      ...NO_TABS,
      recent: [],
      restored: false,
      focusRequests: 0,
      note: undefined,
      asking: undefined,
    }));
    this.arranging = new PaneArranging({
      newKey: deps.newKey,
      state: () => this.store.getState(),
      set: (tabs, focus) => this.#set(tabs, focus),
      note: (paneKey, text) => this.store.setState({ note: { paneKey, text } }),
    });
    this.#memory = new LayoutMemory(deps);
    this.#closing = new PaneClosing({
      ...deps,
      state: () => this.store.getState(),
      set: (tabs) => this.#set(tabs, true),
      ask: (asking) => this.store.setState({ asking }),
    });
    this.broadcast = new Broadcast({
      registry: deps.registry,
      state: () => this.store.getState(),
      isTakenByOther: (terminal) => deps.isTakenByOther(terminal),
      tell: (title, detail) => void deps.toasts.show({ title, ...(detail === undefined ? {} : { detail }) }),
    });
    const review = (): void => this.broadcast.review();
    this.#unsubscribes = [this.store.subscribe(review), this.registry.subscribe(review)];
    this.#unsubscribes.push(this.store.subscribe(this.#remember), this.registry.subscribe(this.#remember));
  }

  /**
   * Once, with what the server holds: every live session gets its pane back, ended ones only where they were open here.
   * @param elsewhere the layout that the server keeps for this person; of it and this browser's own the newer one counts
   */
  restore(sessions: readonly Session[], elsewhere?: WorkspaceLayout): void {
    if (this.store.getState().restored) return;
    const { tabs, activeKey } = this.#memory.rebuild(sessions, elsewhere);
    const before = this.store.getState();
    this.store.setState({
      tabs: [...tabs, ...before.tabs],
      activeKey: before.activeKey ?? activeKey,
      recent: recentFrom(sessions, before.recent),
      restored: true,
    });
  }

  /** Optimistic: the pane is there at once, its session comes when it can. */
  open(instance: OpenedInstance, region: string, how: OpenHow, said: SaidAtStart = {}): void {
    const state = this.store.getState();
    const target = { ...targetOfInstance(instance, region), ...said };
    const existing = how === "go" ? paneOn(state, target) : undefined;
    if (existing) {
      this.activatePane(existing.key);
      return;
    }
    const pane: Pane = { key: this.#deps.newKey(), target, environment: environmentOf(instance.tags) };
    const active = this.activeTab;
    const added =
      how === "split" && active ? this.arranging.splitOff(active.activePane, "right", pane) : withTab(state, pane);
    if (added === undefined || this.#isFull()) return;
    this.registry.open(pane.key, target, undefined);
    const opened: Recent = { instanceId: instance.id, region };
    this.store.setState({ recent: withRecent(state.recent, opened) });
    this.#set(added, true);
  }

  /** A pane whose shell was not given to one identity asks as another one. Nothing where a session is open or may begin. */
  openAs(paneKey: string, identityId: string): void {
    const refused = this.registry.get(paneKey);
    if (refused === undefined || refused.sessionId !== undefined || refused.getStatus().kind !== "failed") return;
    const next = withPaneAs(this.store.getState(), paneKey, identityId);
    const target = tabWithPane(next, paneKey)?.panes.find(({ key }) => key === paneKey)?.target;
    if (target === undefined) return;
    this.registry.remove(paneKey);
    this.registry.open(paneKey, target, undefined);
    this.#set(withActivePane(next, paneKey), true);
  }

  get activeTab(): Tab | undefined {
    const { tabs, activeKey } = this.store.getState();
    return tabs.find(({ key }) => key === activeKey);
  }

  /** Is it one of the panes of this tab? */
  isInTab(paneKey: string, tabKey: string): boolean {
    return tabWithPane(this.store.getState(), paneKey)?.key === tabKey;
  }

  /** One more session on the instance of the active pane, beside it. */
  split(side: Side): void {
    const tab = this.activeTab;
    const from = tab?.panes.find(({ key }) => key === tab.activePane);
    if (from === undefined) return;
    const pane: Pane = { ...from, key: this.#deps.newKey() };
    const added = this.arranging.splitOff(from.key, side, pane);
    if (added === undefined || this.#isFull()) return;
    this.registry.open(pane.key, pane.target, undefined);
    this.#set(added, true);
  }

  /** `open` would go to a pane that is there. */
  hasPaneOn(instance: OpenedInstance, region: string): boolean {
    return paneOn(this.store.getState(), targetOfInstance(instance, region)) !== undefined;
  }

  /** @param focus false: the keyboard stays where it is (arrows in the strip) */
  activate(key: string, focus = true): void {
    this.#set(withActive(this.store.getState(), key), focus);
  }

  activatePane(paneKey: string, focus = true): void {
    const state = this.store.getState();
    const next = withActivePane(state, paneKey);
    if (focus || next.tabs !== state.tabs || next.activeKey !== state.activeKey) this.#set(next, focus);
  }

  /** The keyboard goes to the pane on that side; a zoomed pane gives its room back. */
  focusPane(side: Side): void {
    const tab = this.activeTab;
    const next = tab && neighbourOf(tab.tree, tab.activePane, side);
    if (next !== undefined) this.activatePane(next);
  }

  /** The next (1) or previous (-1) pane of the tab, around the end. */
  stepPane(step: 1 | -1): void {
    const tab = this.activeTab;
    const keys = tab === undefined ? [] : paneKeys(tab.tree);
    const next = keys[(keys.indexOf(tab?.activePane ?? "") + step + keys.length) % keys.length];
    if (next !== undefined) this.activatePane(next);
  }

  step(step: 1 | -1): void {
    this.#set(withStep(this.store.getState(), step), true);
  }

  /** The active pane gets all of the tab's area, or gives it back. */
  zoom(): void {
    const tab = this.activeTab;
    if (tab) this.arranging.zoom(tab);
  }

  /** The active pane goes one place further to that side. */
  movePaneTo(side: Side): void {
    const tab = this.activeTab;
    if (tab) this.arranging.moveTowards(tab, side);
  }

  moveTab(key: string, to: number): void {
    this.#set(withTabMoved(this.store.getState(), key, to), false);
  }

  /** The active tab goes one place to the right (1) or left (-1). */
  stepTabPlace(step: 1 | -1): void {
    const { tabs, activeKey } = this.store.getState();
    const at = tabs.findIndex(({ key }) => key === activeKey);
    if (activeKey !== undefined) this.moveTab(activeKey, Math.max(0, at + step));
  }

  /** @param name empty: by its instance again */
  rename(key: string, name: string): void {
    const state = this.store.getState();
    const tab = state.tabs.find((each) => each.key === key);
    if (tab === undefined) return;
    const { name: _before, ...rest } = tab;
    const words = cleanName(name);
    this.#set(withTabChanged(state, tabOf(words === "" ? rest : { ...rest, name: words })), false);
  }

  focusActive(): void {
    this.store.setState(({ focusRequests }) => ({ focusRequests: focusRequests + 1 }));
  }

  /** The pane goes at once; its shell ends when the time to take it back is over. Asks first where that would hurt. */
  closePane(paneKey: string): void {
    this.#closing.closePane(paneKey);
  }

  /** A tab with all its panes. */
  close(key: string): void {
    this.#closing.closeTab(key);
  }

  /** The answer to what was asked before a close. */
  answerAsking(close: boolean): void {
    this.#closing.answer(close);
  }

  /** Takes the newest close back, while its notice stands. */
  undoClose(): void {
    this.#closing.undo();
  }

  /** true while leaving the page would hide a running shell. Nothing is lost by it. */
  hasLiveSessions(): boolean {
    return panesOf(this.store.getState()).some(({ key }) => isLive(this.registry.get(key)));
  }

  /** Where its terminal was read when the last page went; 0: at the end. */
  linesUpOf(sessionId: string): number {
    return this.#memory.linesUpOf(sessionId);
  }

  /** The page goes away: closes that waited for Undo happen now, everything else goes on in AWS. */
  leavePage(): void {
    this.#memory.rememberScroll(this.registry.all());
    this.#closing.leavePage();
  }

  /** Ends every shell of this page. Rejects if one could not be ended; the others are ended all the same. */
  async endAll(): Promise<void> {
    this.#deps.toasts.flush();
    const results = await Promise.allSettled(
      panesOf(this.store.getState()).map(({ key }) => this.#closing.end(this.registry.get(key))),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** Tells restored panes their environment and zone, which only the list knows. */
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

  applyLook(): void {
    for (const terminal of this.registry.all()) terminal.applyLook();
  }

  /** Lets go of every terminal; ends none. */
  dispose(): void {
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.registry.dispose();
  }

  #set(next: TabState, focus: boolean): void {
    this.store.setState(({ focusRequests }) => ({
      tabs: next.tabs,
      activeKey: next.activeKey,
      note: undefined,
      focusRequests: focusRequests + (focus ? 1 : 0),
    }));
  }

  #isFull(): boolean {
    if (panesOf(this.store.getState()).length < TABS_MAX) return false;
    this.#deps.toasts.show({
      tone: "bad",
      title: `${TABS_MAX} terminals are open`,
      detail: "Close one you no longer need.",
    });
    return true;
  }

  #remember = (): void => {
    const state = this.store.getState();
    if (state.restored) this.#memory.remember(state);
  };
}

/** One line without control characters, as long as the store takes. */
function cleanName(name: string): string {
  return name
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, TAB_NAME_LENGTH_MAX);
}
