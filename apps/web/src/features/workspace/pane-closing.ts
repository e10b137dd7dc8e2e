/**
 * Closing panes: what is closed goes from the page at once, its shell ends in AWS when the time to take it back is over.
 * Asks first where closing would interrupt something (DESIGN §5). Owns no tabs: it is told and tells.
 */
import { ApiProblem } from "../../lib/api-client.ts";
import { describeFailure } from "../../lib/failure.ts";
import type { Toasts } from "../../ui/toasts.ts";
import { withoutPaneOf, withPaneBack } from "./tab-panes.ts";
import { type Pane, type Tab, type TabState, tabLabel, tabWithPane, withoutTab, withTabAt } from "./tab-state.ts";
import type { TerminalRegistry } from "./terminal-registry.ts";
import { holdsSession, isLive, type WorkspaceTerminal } from "./workspace-terminal.ts";

/** Why a close waits for the person's word. */
export interface Asking {
  /** A tab with all its panes, or one pane. */
  what: { tabKey: string } | { paneKey: string };
  /** "checkout-api-04" */
  name: string;
  /** Panes in which a full-screen program is open. */
  fullScreen: readonly string[];
  /** Panes in which a command runs, as their shells say, without those above. */
  running: readonly string[];
  /** Who watches, or types into, what would be closed; each once. */
  watchers: readonly string[];
  /** How many would end. */
  shells: number;
}

interface Deps<T extends WorkspaceTerminal> {
  registry: TerminalRegistry<T>;
  toasts: Toasts;
  newKey(): string;
  endSessionOnLeave(sessionId: string): void;
  undoKeys(): readonly string[];
  /** Does the person want to be asked where closing would interrupt something? */
  asksBeforeClosing(): boolean;
  /** Names of those who are at this terminal by a link, now. */
  watchersOf(terminal: T): readonly string[];
  state(): TabState & { asking: Asking | undefined };
  /** The tabs are these now, and the keyboard goes to the active terminal. */
  set(tabs: TabState): void;
  ask(asking: Asking | undefined): void;
}

export class PaneClosing<T extends WorkspaceTerminal> {
  readonly #deps: Deps<T>;
  #isLeaving = false;
  #lastClosed: number | undefined;

  constructor(deps: Deps<T>) {
    this.#deps = deps;
  }

  closePane(paneKey: string, isSure = false): void {
    const state = this.#deps.state();
    const tab = tabWithPane(state, paneKey);
    const pane = tab?.panes.find(({ key }) => key === paneKey);
    if (tab === undefined || pane === undefined) return;
    if (tab.panes.length === 1) {
      this.closeTab(tab.key, isSure);
      return;
    }
    if (!isSure && this.#asks({ paneKey }, pane.target.instanceName, [pane])) return;
    const index = state.tabs.indexOf(tab);
    this.#deps.set(withoutPaneOf(state, paneKey));
    const putBack = (): void => this.#deps.set(withPaneBack(this.#deps.state(), tab, pane, index, this.#deps.newKey()));
    this.#tell(`Closed ${pane.target.instanceName}.`, [pane], putBack, putBack);
  }

  closeTab(key: string, isSure = false): void {
    const state = this.#deps.state();
    const index = state.tabs.findIndex((tab) => tab.key === key);
    const tab = state.tabs[index];
    if (tab === undefined) return;
    if (!isSure && this.#asks({ tabKey: key }, tabLabel(state, tab), tab.panes)) return;
    this.#deps.set(withoutTab(state, key));
    const count = tab.panes.length;
    const title =
      count === 1
        ? `Closed ${tab.name ?? tab.target.instanceName}.`
        : `Closed ${tab.name ?? tab.target.instanceName}, ${count} panes.`;
    this.#tell(
      title,
      tab.panes,
      () => this.#deps.set(withTabAt(this.#deps.state(), tab, index)),
      // one that could not be ended: the others of its tab are gone
      (pane) => this.#deps.set(withPaneBack(this.#deps.state(), lone(tab, pane), pane, index, this.#deps.newKey())),
    );
  }

  answer(close: boolean): void {
    const { asking } = this.#deps.state();
    this.#deps.ask(undefined);
    if (!asking || !close) return;
    if ("tabKey" in asking.what) this.closeTab(asking.what.tabKey, true);
    else this.closePane(asking.what.paneKey, true);
  }

  undo(): void {
    if (this.#lastClosed !== undefined) this.#deps.toasts.act(this.#lastClosed);
    this.#lastClosed = undefined;
  }

  leavePage(): void {
    this.#isLeaving = true;
    this.#deps.toasts.flush();
    this.#isLeaving = false;
  }

  /** Ends a shell; one that is over already is no failure. */
  async end(terminal: T | undefined): Promise<void> {
    if (terminal === undefined || !holdsSession(terminal)) return;
    try {
      await terminal.end();
    } catch (error) {
      if (!isAlreadyOver(error)) throw error;
    }
  }

  /** @returns true when the person is asked first */
  #asks(what: Asking["what"], name: string, panes: readonly Pane[]): boolean {
    if (!this.#deps.asksBeforeClosing()) return false;
    const live = panes.flatMap(({ key, target }) => {
      const terminal = this.#deps.registry.get(key);
      return terminal !== undefined && isLive(terminal) ? [{ terminal, name: target.instanceName }] : [];
    });
    const namesOf = (isBusy: (terminal: T) => boolean): string[] =>
      live.filter(({ terminal }) => isBusy(terminal)).map((each) => each.name);
    const fullScreen = namesOf((terminal) => terminal.isFullScreen());
    const running = namesOf((terminal) => !terminal.isFullScreen() && terminal.isCommandRunning());
    const watchers = [...new Set(live.flatMap(({ terminal }) => this.#deps.watchersOf(terminal)))];
    if (fullScreen.length + running.length + watchers.length === 0) return false;
    this.#deps.ask({ what, name, fullScreen, running, watchers, shells: live.length });
    return true;
  }

  #tell(title: string, panes: readonly Pane[], putBack: () => void, failed: (pane: Pane) => void): void {
    this.#lastClosed = this.#deps.toasts.show({
      title,
      action: { label: "Undo", keys: this.#deps.undoKeys(), run: putBack },
      onExpire: () => {
        for (const pane of panes) void this.#finish(pane, failed);
      },
    });
  }

  async #finish(pane: Pane, failed: (pane: Pane) => void): Promise<void> {
    const terminal = this.#deps.registry.get(pane.key);
    if (this.#isLeaving) {
      if (terminal?.sessionId !== undefined && holdsSession(terminal)) this.#deps.endSessionOnLeave(terminal.sessionId);
      return;
    }
    try {
      await this.end(terminal);
      this.#deps.registry.remove(pane.key);
    } catch (error) {
      // the shell still runs: a page that says otherwise would lie
      failed(pane);
      const { title } = describeFailure(error);
      const { instanceName } = pane.target;
      this.#deps.toasts.show({ tone: "bad", title: `${instanceName} could not be closed`, detail: `${title}.` });
    }
  }
}

/** The tab as if it had only ever held this pane. */
function lone(tab: Tab, pane: Pane): Tab {
  return { ...tab, tree: { kind: "pane", key: pane.key }, panes: [pane], activePane: pane.key };
}

function isAlreadyOver(error: unknown): boolean {
  return error instanceof ApiProblem && ["SESSION_NOT_FOUND", "SESSION_ENDED"].includes(error.problem.code);
}
