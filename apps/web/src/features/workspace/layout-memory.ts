/**
 * Remembers how tabs and panes stand, in this browser and where other devices find it, and builds them again. Owns neither.
 */
import type { WorkspaceLayout } from "@causeway/wire-contract/preferences";
import type { Session } from "@causeway/wire-contract/sessions";
import { restorableSessions } from "./restore-tabs.ts";
import { type Pane, panesOf, type TabState } from "./tab-state.ts";
import { targetOfSession } from "./targets.ts";
import type { TerminalRegistry } from "./terminal-registry.ts";
import { layoutOfTabs, sessionsOfLayout, tabsOfLayout } from "./workspace-layout.ts";
import { SCROLLED_MAX, type WorkspaceStorage } from "./workspace-storage.ts";
import type { WorkspaceTerminal } from "./workspace-terminal.ts";

interface Deps<T extends WorkspaceTerminal> {
  registry: TerminalRegistry<T>;
  storage: WorkspaceStorage;
  newKey(): string;
  nowMs(): number;
  keepLayout(layout: WorkspaceLayout): void;
}

export class LayoutMemory<T extends WorkspaceTerminal> {
  readonly #deps: Deps<T>;

  constructor(deps: Deps<T>) {
    this.#deps = deps;
  }

  /**
   * Tabs for what the server holds; every pane gets its terminal.
   * @param elsewhere the layout that the server keeps for this person; of it and this browser's own the newer one counts
   */
  rebuild(sessions: readonly Session[], elsewhere: WorkspaceLayout | undefined): TabState {
    const { registry, storage, newKey, keepLayout } = this.#deps;
    const own = storage.remembered.layout;
    const layout = [own, elsewhere].reduce((best, one) => (one && (!best || one.savedAt > best.savedAt) ? one : best));
    if (own && layout === own && own.savedAt !== elsewhere?.savedAt) keepLayout(own); // the page went before it was sent
    const panes = new Map<string, Pane>();
    for (const session of restorableSessions(sessions, own ? sessionsOfLayout(own) : [])) {
      const pane: Pane = { key: newKey(), target: targetOfSession(session), environment: undefined };
      panes.set(session.id, pane);
      registry.open(pane.key, pane.target, session);
    }
    return tabsOfLayout(layout ?? { savedAt: 0, tabs: [] }, panes, newKey);
  }

  /** The page goes: a reload reads on where each terminal was. */
  rememberScroll(terminals: readonly T[]): void {
    const scrolled = terminals.flatMap((terminal) => {
      const linesUp = terminal.scrolledUpBy();
      return terminal.sessionId !== undefined && linesUp > 0 ? [{ session: terminal.sessionId, linesUp }] : [];
    });
    this.#deps.storage.remember({ scrolled: scrolled.slice(0, SCROLLED_MAX) });
  }

  /** @returns 0: it followed the output */
  linesUpOf(sessionId: string): number {
    return this.#deps.storage.remembered.scrolled?.find(({ session }) => session === sessionId)?.linesUp ?? 0;
  }

  remember(state: TabState): void {
    const { registry, storage, nowMs, keepLayout } = this.#deps;
    // terminals that are not made yet have no id: the layout of the last page stands until they do
    if (panesOf(state).some(({ key }) => registry.get(key) === undefined)) return;
    const layout = layoutOfTabs(state, (key) => registry.get(key)?.sessionId, nowMs());
    const { savedAt: _now, ...next } = layout;
    const { savedAt: _then, ...before } = storage.remembered.layout ?? { savedAt: 0 };
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    storage.remember({ layout });
    keepLayout(layout);
  }
}
