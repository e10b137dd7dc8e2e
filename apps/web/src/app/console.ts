/**
 * What lives as long as the page: server cache, theme, notices, and the workspace of whoever is signed in.
 * Owns the terminals: they outlive every component and end with the person, not with a render. It is longer than most because
 * it is the one place that joins these parts; each has its rules in a file of its own.
 */
import type { Me } from "@causeway/wire-contract/identity";
import { DEFAULT_SETTINGS, FONT_SIZE_PX, type Settings } from "@causeway/wire-contract/preferences";
import { QueryClient } from "@tanstack/react-query";
import type { SettingsFile } from "../features/settings/settings-file.ts";
import type { TakenLink } from "../features/sharing/share-link.ts";
import { platformOf } from "../features/workspace/chord.ts";
import { browserFullScreen, FocusMode } from "../features/workspace/focus-mode.ts";
import { type ChosenChords, type Keymap, keymapOf } from "../features/workspace/keymap.ts";
import { TerminalRegistry } from "../features/workspace/terminal-registry.ts";
import { Workspace } from "../features/workspace/workspace.ts";
import { WorkspaceStorage } from "../features/workspace/workspace-storage.ts";
import type { Api } from "../lib/api.ts";
import { firstIdentity } from "../lib/identities.ts";
import { browserStorage, type ThemeController } from "../lib/theme.ts";
import type { Box } from "../ui/toast-place.ts";
import { Toasts } from "../ui/toasts.ts";
import { Hints } from "./hints.ts";
import { isAnyRenewed, LOOK_EVERY_MS, nextLookMs } from "./identity-troubles.ts";
import { watchIdle } from "./idle-notice.ts";
import { InstallOffer } from "./install-offer.ts";
import { KnownIdentities } from "./known-identities.ts";
import { LayoutKeeper } from "./layout-keeper.ts";
import { type LiveInventory, liveInventory } from "./live-inventory.ts";
import { LoginEnd, type SignInEnded } from "./login-end.ts";
import { PreferencesStore } from "./preferences-store.ts";
import { SettingsKeeper, type WholeSettings } from "./settings-keeper.ts";
import { browserNotices, SystemNotices } from "./system-notices.ts";
import { browserClock, isTakenByGuest, loadTerminals, type TerminalSession, watchersOf } from "./terminal-feature.ts";
import { tellOfViewers } from "./viewer-toasts.ts";

/** Why the panel to sign in stands beside the terminals: for an identity again, for the login as such, or for one more. */
export type SignInPurpose = { kind: "again"; identityId: string | undefined } | { kind: "add" };

/** Wider than one pane after the other (DESIGN §2). */
const WIDE_QUERY = "(min-width: 721px)";

type KeyboardChoice = Record<string, string> | undefined;

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
  readonly hints: Hints;
  readonly notices: SystemNotices = new SystemNotices(
    browserNotices,
    () => this.#choices.all().notifications,
    ({ key }) => this.#show(key),
  );
  readonly focusMode: FocusMode = new FocusMode(browserFullScreen());
  /** Why the printed link that opened this page did not work, if it did not. */
  readonly launchFailure: unknown;
  /** The link that this page was opened with, until the server has taken its secret: it is nowhere but here. */
  takenLink: TakenLink | undefined;
  readonly #signInListeners = new Set<() => void>();
  readonly identities: KnownIdentities = new KnownIdentities();
  readonly #choices: SettingsKeeper;
  readonly #platform = platformOf(navigator.platform);
  #keymap: { chosen: KeyboardChoice; keymap: Keymap } | undefined;
  readonly #loginEnd: LoginEnd;
  #ended: SignInEnded | undefined;
  #signIn: SignInPurpose | undefined;
  #workspace:
    | { person: string; workspace: Workspace<TerminalSession>; layouts: LayoutKeeper; endHints: () => void }
    | undefined;

  constructor(parts: { api: Api; theme: ThemeController; launchFailure: unknown }) {
    this.api = parts.api;
    this.theme = parts.theme;
    this.launchFailure = parts.launchFailure;
    const loginEnd = new LoginEnd({
      // the catalog comes with the terminals, not with the first load
      problemOf: async (code) => (await import("../features/terminal/problems.ts")).problemFromCode(code),
      onEnded: (problem) => this.#setEnded({ of: "login", problem }),
      onPartlyEnded: ({ title, cause }) => {
        this.toasts.show({ tone: "bad", title, detail: cause });
        void this.queries.invalidateQueries({ queryKey: ["me"] });
      },
    });
    this.#loginEnd = loginEnd;
    this.inventory = liveInventory(parts.api, {
      onRefused: (code) => loginEnd.handleSocketRefused(code),
      onReady: () => void loginEnd.handleSocketReady(),
    });
    this.preferences = new PreferencesStore(parts.api, () =>
      this.toasts.show({ tone: "bad", title: "Your choice was not saved", detail: "The server did not take it." }),
    );
    this.hints = new Hints({
      preferences: this.preferences,
      toasts: this.toasts,
      keymap: this.keymap,
      isWide: () => matchMedia(WIDE_QUERY).matches,
    });
    new InstallOffer({ page: window, clock: browserClock, hints: this.hints });
    if (this.#platform === "mac") void this.#offerOption();
    this.api.onSignedOut((problem) => {
      if (problem.code !== "CREDENTIALS_EXPIRED") void loginEnd.handleSignedOut(problem);
      else if (this.#ended === undefined) {
        this.#setEnded({ of: "credentials" });
        void this.queries.invalidateQueries({ queryKey: ["me"] });
      }
    });
    this.#choices = new SettingsKeeper({
      preferences: this.preferences,
      theme: this.theme,
      isSomebodyHere: this.preferences.isSettled,
      onLookChanged: () => this.#workspace?.workspace.applyLook(),
    });
  }

  /** A file of its own: other keyboards have no Option. Without it nothing is offered, and nothing else is lost. */
  async #offerOption(): Promise<void> {
    const { offerOptionAsMeta } = await import("./option-offer.ts").catch(() => ({ offerOptionAsMeta: undefined }));
    offerOptionAsMeta?.({
      page: window,
      hints: this.hints,
      isMeta: () => this.#choices.all().optionIsMeta,
      makeMeta: () => this.chooseSettings({ optionIsMeta: true }),
      isTerminal: (target) => target instanceof Element && target.closest(".xterm") !== null,
    });
  }

  /** The chords of who is signed in; the same object until they change. */
  keymap = (): Keymap => {
    const chosen = this.preferences.getParts().keyboard?.[this.#platform];
    if (this.#keymap === undefined || this.#keymap.chosen !== chosen)
      this.#keymap = { chosen, keymap: keymapOf(this.#platform, chosen) };
    return this.#keymap.keymap;
  };

  /** What she chose on the page of settings, whole; the same object until it changes. */
  settings = (): WholeSettings => this.#choices.all();

  subscribeSettings = (listener: () => void): (() => void) => {
    const leave = [this.preferences.subscribe(listener), this.theme.subscribe(listener)];
    return () => {
      for (const leaveOne of leave) leaveOne();
    };
  };

  /** Seen at once, and from now on in every browser of hers. */
  chooseSettings(change: Settings): void {
    this.#choices.choose(change);
  }

  /** Of all terminals. @param step px; 0: as it was before anybody chose */
  changeFontSize(step: number): void {
    const { fontSizePx } = this.#choices.all();
    const wanted = step === 0 ? DEFAULT_SETTINGS.fontSizePx : fontSizePx + step;
    const next = Math.min(FONT_SIZE_PX.most, Math.max(FONT_SIZE_PX.least, wanted));
    if (next !== fontSizePx) this.chooseSettings({ fontSizePx: next });
  }

  /** Output is read out from here on, or not any more; said, because whoever asked for it may see nothing. */
  setScreenReader(screenReader: boolean): void {
    this.chooseSettings({ screenReader });
    this.toasts.show({
      title: screenReader ? "Screen reader mode is on" : "Screen reader mode is off",
      ...(screenReader ? { detail: "Output of the terminal that has the keyboard is read out when it rests." } : {}),
    });
  }

  /** Settings and keys of every keyboard, as a file holds them, instead of all she has. */
  takeSettings({ settings, keyboard }: SettingsFile): void {
    void this.preferences.changeParts((before) => ({ ...before, settings, keyboard }));
  }

  /** What she chose for this kind of keyboard. */
  chosenChords(): ChosenChords {
    return this.preferences.getParts().keyboard?.[this.#platform] ?? {};
  }

  /** From now on in every browser of hers. */
  chooseChords(chosen: ChosenChords): void {
    void this.preferences.changeParts((before) => ({
      ...before,
      keyboard: { ...before.keyboard, [this.#platform]: { ...chosen } },
    }));
  }

  /** The same object for the same person; another person's terminals are let go of first. */
  workspaceFor(me: Me): Workspace<TerminalSession> {
    if (this.#workspace !== undefined && personKeys(me).includes(this.#workspace.person))
      return this.#workspace.workspace;
    const [person = ""] = personKeys(me);
    this.letGo();
    const registry = new TerminalRegistry<TerminalSession>(() =>
      loadTerminals(this.api, {
        identityNow: (id) => this.identities.now(id)?.id ?? id,
        onSignInWanted: (identityId) => this.askToSignIn({ kind: "again", identityId }),
        settings: this.#choices.terminal,
        alsoTypesInto: (terminal) => this.#workspace?.workspace.broadcast.receiversOf(terminal) ?? [],
        onCommandEnded: (terminal, end) => this.notices.commandEnded(terminal, end),
        changeFontSize: (step) => this.changeFontSize(step),
        onShared: (terminal, sharing) => {
          const linesUp = this.#workspace?.workspace.linesUpOf(terminal.key) ?? 0;
          if (linesUp > 0) terminal.readOnAt(linesUp);
          const endTelling = tellOfViewers(terminal, sharing, this.toasts, browserClock.nowMs);
          sharing.onEvent(({ event, who }) => {
            if (event === "asked") this.notices.keyboardAsked(terminal, sharing.nameOf(who) ?? "Somebody");
          });
          const endWatch = watchIdle(terminal, browserClock, () => this.notices.idleNear(terminal));
          return () => {
            endTelling();
            endWatch();
          };
        },
      }),
    );
    const layouts = new LayoutKeeper({
      clock: browserClock,
      store: (layout) => this.preferences.keepWorkspace(layout),
    });
    const workspace = new Workspace<TerminalSession>({
      registry,
      toasts: this.toasts,
      storage: new WorkspaceStorage(browserStorage(), firstIdentity(me).person),
      newKey: () => crypto.randomUUID(),
      nowMs: browserClock.nowMs,
      keepLayout: (layout) => layouts.keep(layout),
      isTakenByOther: isTakenByGuest,
      watchersOf,
      asksBeforeClosing: () => this.#choices.all().askBeforeClosing,
      undoKeys: () => this.keymap().caps("undo-close"),
      // nobody is left to be told when it fails: then the session goes on, and is found at the next visit
      endSessionOnLeave: (sessionId) => void this.api.endSession(sessionId, { keepalive: true }).catch(() => undefined),
    });
    registry.preload();
    this.inventory.wake();
    void this.preferences.load();
    const endHints = this.hints.follow(registry);
    const leaveStore = workspace.store.subscribe(({ tabs }) => {
      if (tabs.some(({ panes }) => panes.length > 1)) this.hints.learned("split");
    });
    this.#workspace = {
      person,
      workspace,
      layouts,
      endHints: () => {
        endHints();
        leaveStore();
      },
    };
    return workspace;
  }

  /** The keyboard's one home: the active terminal, of whoever is signed in. */
  focusHome(): void {
    this.#workspace?.workspace.focusActive();
  }

  /** The cursor's line of the terminal that has the keyboard: nothing may come to lie over it. */
  cursorLine = (): readonly Box[] => {
    const workspace = this.#workspace?.workspace;
    const tab = workspace?.activeTab;
    const line = tab && workspace?.registry.get(tab.activePane)?.view?.cursorLine();
    return line === undefined ? [] : [line];
  };

  /** The person wants to sign in beside her terminals: the panel for it is opened. */
  askToSignIn(purpose: SignInPurpose): void {
    this.#signIn = purpose;
    this.#tellSignIn();
  }
  closeSignIn(): void {
    if (this.#signIn === undefined) return;
    this.#signIn = undefined;
    this.#tellSignIn();
  }
  /** What the panel to sign in is open for; told to the same listeners as `signInEnded`. */
  signInPurpose = (): SignInPurpose | undefined => this.#signIn;
  /** Set while the page still shows somebody whom the server, or AWS, refuses. */
  signInEnded = (): SignInEnded | undefined => this.#ended;
  subscribeSignIn = (listener: () => void): (() => void) => {
    this.#signInListeners.add(listener);
    return () => this.#signInListeners.delete(listener);
  };

  /**
   * After any way of signing in. Terminals go on for the same person; for another one the page starts afresh,
   * so that nothing of the one is shown to the other.
   */
  async signedIn(): Promise<Me> {
    const me = await this.queries.fetchQuery({ ...this.meQuery, staleTime: 0 });
    this.#setEnded(undefined);
    this.#loginEnd.handleSignedIn();
    if (this.#workspace !== undefined && !personKeys(me).includes(this.#workspace.person)) {
      this.letGo();
      window.location.reload();
    }
    await this.queries.invalidateQueries();
    this.inventory.reconnect();
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
    this.#workspace?.endHints();
    this.#workspace?.layouts.stop();
    this.#workspace?.workspace.dispose();
    this.#workspace = undefined;
  }

  get meQuery() {
    return {
      queryKey: ["me"] as const,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Me> => {
        const me = await this.api.me(signal);
        const before = this.queries.getQueryData<Me>(["me"])?.identities ?? [];
        if (this.#ended?.of === "credentials" && isAnyRenewed(before, me.identities)) this.#setEnded(undefined);
        this.identities.learn(me);
        return me;
      },
      staleTime: 5 * 60_000,
      refetchInterval: ({ state }: { state: { data: Me | undefined } }): number =>
        state.data === undefined ? LOOK_EVERY_MS.most : nextLookMs(state.data.identities, Date.now()),
    };
  }

  /** The terminal with this key comes to the front, with the keyboard. */
  #show(terminalKey: string): void {
    const workspace = this.#workspace?.workspace;
    const panes = workspace?.store.getState().tabs.flatMap((tab) => tab.panes) ?? [];
    const pane = panes.find(({ key }) => workspace?.registry.get(key)?.key === terminalKey);
    if (pane) workspace?.activatePane(pane.key);
  }

  #setEnded(ended: SignInEnded | undefined): void {
    if (this.#ended === ended) return;
    this.#ended = ended;
    this.#tellSignIn();
  }

  #tellSignIn(): void {
    for (const listener of [...this.#signInListeners]) listener();
  }
}

/**
 * Whom the terminals of a page may belong to. Where whoever assumes a role chooses the name, it is that name in this
 * login only: another login under the same name has none of them.
 */
function personKeys({ identities, login }: Me): string[] {
  return identities.map(({ person: { account, userId, proven } }) =>
    proven ? `${account}/${userId}` : `${account}/${userId} ${login.id}`,
  );
}
