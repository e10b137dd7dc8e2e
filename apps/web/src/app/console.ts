/**
 * What lives as long as the page: server cache, theme, notices, and the workspace of whoever is signed in.
 * Owns the terminals: they outlive every component and end with the person, not with a render.
 */
import type { Me } from "@causeway/wire-contract/identity";
import { QueryClient } from "@tanstack/react-query";
import { chordCaps, platformOf } from "../features/workspace/keymap.ts";
import { TerminalRegistry } from "../features/workspace/terminal-registry.ts";
import { Workspace } from "../features/workspace/workspace.ts";
import { WorkspaceStorage } from "../features/workspace/workspace-storage.ts";
import type { Api } from "../lib/api.ts";
import { browserStorage, type ThemeController } from "../lib/theme.ts";
import { Toasts } from "../ui/toasts.ts";
import { type LiveInventory, liveInventory } from "./live-inventory.ts";
import { PreferencesStore } from "./preferences-store.ts";
import { browserClock, loadTerminals, type TerminalSession } from "./terminal-feature.ts";

export class Console {
  readonly api: Api;
  readonly theme: ThemeController;
  readonly queries: QueryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 10_000, refetchOnReconnect: true } },
  });
  readonly toasts: Toasts = new Toasts(browserClock);
  /** What the list shows; told by the server for as long as the page is open. */
  readonly inventory: LiveInventory;
  readonly preferences: PreferencesStore;
  /** Why the printed link that opened this page did not work, if it did not. */
  readonly launchFailure: unknown;
  readonly #signedOutListeners = new Set<() => void>();
  #signedOut = false;
  #signInOpen = false;
  #workspace: { person: string; workspace: Workspace<TerminalSession> } | undefined;

  constructor(parts: { api: Api; theme: ThemeController; launchFailure: unknown }) {
    this.api = parts.api;
    this.theme = parts.theme;
    this.launchFailure = parts.launchFailure;
    this.inventory = liveInventory(parts.api);
    this.preferences = new PreferencesStore(parts.api, () =>
      this.toasts.show({ tone: "bad", title: "Your choice was not saved", detail: "The server did not take it." }),
    );
    this.api.onSignedOut(() => this.#setSignedOut(true));
    this.theme.subscribe(() => this.#workspace?.workspace.setTheme());
  }

  /** The same object for the same person; another person's terminals are let go of first. */
  workspaceFor(me: Me): Workspace<TerminalSession> {
    const person = personKey(me);
    if (this.#workspace?.person === person) return this.#workspace.workspace;
    this.letGo();
    const registry = new TerminalRegistry<TerminalSession>(() => loadTerminals(this.api, () => this.askToSignIn()));
    const workspace = new Workspace<TerminalSession>({
      registry,
      toasts: this.toasts,
      storage: new WorkspaceStorage(browserStorage(), me.person),
      newKey: () => crypto.randomUUID(),
      undoKeys: chordCaps("undo-close", platformOf(navigator.platform)),
      // nobody is left to be told when it fails: then the session goes on, and is found at the next visit
      endSessionOnLeave: (sessionId) => void this.api.endSession(sessionId, { keepalive: true }).catch(() => undefined),
    });
    registry.preload();
    this.inventory.wake();
    void this.preferences.load();
    this.#workspace = { person, workspace };
    return workspace;
  }

  /** The keyboard's one home: the active terminal, of whoever is signed in. */
  focusHome(): void {
    this.#workspace?.workspace.focusActive();
  }

  /** The person wants to sign in beside her terminals: the panel for it is opened. */
  askToSignIn(): void {
    this.#signInOpen = true;
    this.#signedOut = true;
    this.#tellSignedOut();
  }
  closeSignIn(): void {
    if (!this.#signInOpen) return;
    this.#signInOpen = false;
    this.#tellSignedOut();
  }
  /** The panel to sign in again is open; told to the same listeners as `isSignedOut`. */
  isSignInOpen = (): boolean => this.#signInOpen;
  /** true: the server said that the login is gone, or its credentials, while the page still shows it. */
  isSignedOut = (): boolean => this.#signedOut;
  subscribeSignedOut = (listener: () => void): (() => void) => {
    this.#signedOutListeners.add(listener);
    return () => this.#signedOutListeners.delete(listener);
  };

  /**
   * After any way of signing in. Terminals go on for the same person; for another one the page starts afresh,
   * so that nothing of the one is shown to the other.
   */
  async signedIn(): Promise<Me> {
    const me = await this.queries.fetchQuery({ ...this.meQuery, staleTime: 0 });
    this.#setSignedOut(false);
    if (this.#workspace !== undefined && this.#workspace.person !== personKey(me)) {
      this.letGo();
      window.location.reload();
    }
    await this.queries.invalidateQueries();
    this.inventory.wake();
    this.#workspace?.workspace.retryAll();
    return me;
  }

  /** A new document: nothing of the person stays in this page's memory. */
  async signOut(sessions: "end" | "keep", everywhere = false): Promise<void> {
    await this.api.signOut({ sessions, everywhere });
    this.letGo();
    window.location.assign("/sign-in");
  }

  letGo(): void {
    this.#workspace?.workspace.dispose();
    this.#workspace = undefined;
  }

  get meQuery() {
    return {
      queryKey: ["me"] as const,
      queryFn: ({ signal }: { signal: AbortSignal }): Promise<Me> => this.api.me(signal),
      staleTime: 5 * 60_000,
    };
  }

  #setSignedOut(signedOut: boolean): void {
    if (this.#signedOut === signedOut) return;
    this.#signedOut = signedOut;
    this.#tellSignedOut();
  }

  #tellSignedOut(): void {
    for (const listener of [...this.#signedOutListeners]) listener();
  }
}

function personKey({ person }: Me): string {
  return `${person.account}/${person.userId}`;
}
