/**
 * Broadcast typing: which panes of one tab get what is typed into any of them. Lives in this page only and is kept nowhere, so
 * that it survives no reload. Whoever may not be typed into any more leaves, and comes back by the person's word only.
 */
import { type Pane, type TabState, tabWithPane } from "./tab-state.ts";
import type { TerminalRegistry } from "./terminal-registry.ts";
import type { WorkspaceTerminal } from "./workspace-terminal.ts";

/** Fewer is plain typing. */
export const BROADCAST_PANES_LEAST = 2;
/** The page's own parts; more is a leak. */
const LISTENERS_MAX = 32;

export interface BroadcastState {
  tabKey: string;
  /** "choosing": the person has not said yet which panes; nothing is broadcast. */
  kind: "choosing" | "on";
  /** Panes that get what is typed; none while choosing. */
  members: ReadonlySet<string>;
}

interface Deps<T extends WorkspaceTerminal> {
  registry: TerminalRegistry<T>;
  state(): TabState;
  /** Somebody else types into it: its keys would be hers. */
  isTakenByOther(terminal: T): boolean;
  /** What the person must know: it ended, or a pane left. */
  tell(title: string, detail?: string): void;
}

export class Broadcast<T extends WorkspaceTerminal> {
  readonly #deps: Deps<T>;
  readonly #listeners = new Set<() => void>();
  #state: BroadcastState | undefined;

  constructor(deps: Deps<T>) {
    this.#deps = deps;
  }

  readonly getState = (): BroadcastState | undefined => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= LISTENERS_MAX) throw new Error("too many broadcast listeners: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks which panes of the active tab; ends it where it is on. */
  toggle(): void {
    const { tabs, activeKey } = this.#deps.state();
    const tab = tabs.find(({ key }) => key === activeKey);
    if (this.#state?.kind === "on") this.stop();
    else if (tab === undefined || tab.panes.length < BROADCAST_PANES_LEAST)
      this.#deps.tell(
        "Nothing to broadcast to",
        "Split the tab first: broadcasting is for panes that you see together.",
      );
    else this.#set({ tabKey: tab.key, kind: "choosing", members: new Set() });
  }

  /** The person's word. @param paneKeys those that she chose; too few, or undefined: nothing is broadcast */
  answer(paneKeys: readonly string[] | undefined): void {
    if (this.#state?.kind !== "choosing") return;
    const { tabKey } = this.#state;
    const members = new Set(paneKeys?.filter((key) => this.canTake(key)));
    this.#set(members.size < BROADCAST_PANES_LEAST ? undefined : { tabKey, kind: "on", members });
  }

  /** A pane of the tab is left out from here on, or taken in. */
  toggleMember(paneKey: string): void {
    const state = this.#state;
    if (state?.kind !== "on" || tabWithPane(this.#deps.state(), paneKey)?.key !== state.tabKey) return;
    const members = new Set(state.members);
    if (!members.delete(paneKey) && this.canTake(paneKey)) members.add(paneKey);
    this.#keep(members);
  }

  stop(): void {
    this.#set(undefined);
  }

  /** May be typed into now: its shell is reached, and its keyboard is this person's. */
  canTake(paneKey: string): boolean {
    const terminal = this.#deps.registry.get(paneKey);
    return terminal?.takesTyping() === true && !this.#deps.isTakenByOther(terminal);
  }

  /** The other terminals that get what a person types into this one: only those that she sees. */
  receiversOf(terminal: T): T[] {
    if (this.#state?.kind !== "on") return [];
    this.review();
    const { registry } = this.#deps;
    const members = [...(this.#state?.members ?? [])].map((key) => registry.get(key));
    if (!members.includes(terminal) || !terminal.isShown()) return [];
    return members.filter((each): each is T => each !== undefined && each !== terminal && each.isShown());
  }

  /** Something changed: whoever is gone, or cannot be typed into, leaves. */
  review(): void {
    const state = this.#state;
    if (state === undefined) return;
    const tab = this.#deps.state().tabs.find(({ key }) => key === state.tabKey);
    if (tab === undefined || tab.panes.length < BROADCAST_PANES_LEAST) {
      this.stop();
      return;
    }
    if (state.kind === "choosing") return;
    const panes = tab.panes.filter(({ key }) => state.members.has(key));
    const able = panes.filter(({ key }) => this.canTake(key));
    if (able.length === state.members.size) return;
    for (const pane of panes) if (!able.includes(pane)) this.#tellLeft(pane);
    this.#keep(new Set(able.map(({ key }) => key)));
  }

  #tellLeft({ key, target }: Pane): void {
    const terminal = this.#deps.registry.get(key);
    const isTaken = terminal !== undefined && this.#deps.isTakenByOther(terminal);
    this.#deps.tell(
      `${target.instanceName} left the broadcast`,
      isTaken ? "Somebody else has its keyboard." : "Its shell is not reached. Take it in again when it is.",
    );
  }

  #keep(members: ReadonlySet<string>): void {
    if (this.#state === undefined) return;
    if (members.size >= BROADCAST_PANES_LEAST) this.#set({ ...this.#state, members });
    else {
      this.#set(undefined);
      this.#deps.tell("Broadcasting stopped", "Fewer than two panes were left in it.");
    }
  }

  #set(state: BroadcastState | undefined): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
