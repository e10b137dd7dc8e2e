/**
 * What the person chose, as the server keeps it. A change is seen at once and stored in the background; when another page
 * was first, it is made again on top of what that page stored.
 */
import type {
  InstancePreferences,
  PreferenceParts,
  Preferences,
  WorkspaceLayout,
} from "@causeway/wire-contract/preferences";
import { ApiProblem } from "../lib/api-client.ts";

export type PreferenceChange = (before: InstancePreferences) => InstancePreferences;

/** Changes that are not stored yet; further ones are refused, and nobody makes so many in the time of a request. */
export const CHANGES_WAITING_MAX = 100;
/** Times a change is made again because another page was first. */
export const CONFLICTS_MAX = 5;
/** Parts of the page that watch the store; more is a leak. */
const LISTENERS_MAX = 16;

export const NO_PREFERENCES: InstancePreferences = { favourites: [], recents: [], views: [] };

export interface PreferencesApi {
  preferences(): Promise<Preferences>;
  savePreferences(body: Preferences): Promise<Preferences>;
}

interface Waiting {
  apply(before: PreferenceParts): PreferenceParts;
  /** Nobody chose it: nobody is told when it is not stored. */
  quiet: boolean;
}

export class PreferencesStore {
  readonly #api: PreferencesApi;
  readonly #onFailed: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #stored: Preferences | undefined;
  #waiting: Waiting[] = [];
  #shown: PreferenceParts = {};
  #isSettled = false;
  #work: Promise<void> | undefined;

  /** @param onFailed told when what was changed could not be stored; the change is taken back */
  constructor(api: PreferencesApi, onFailed: (error: unknown) => void) {
    this.#api = api;
    this.#onFailed = onFailed;
  }

  getSnapshot = (): InstancePreferences => this.#shown.instances ?? NO_PREFERENCES;
  /** Everything that was chosen, as it is shown now. */
  getParts = (): PreferenceParts => this.#shown;
  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= LISTENERS_MAX) throw new Error("too many listeners of the preferences: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The server answered, or could not be asked: what is known now is all there is to begin with. */
  isSettled = (): boolean => this.#isSettled;

  /** The server answered: what it has is known, not only what was chosen here. */
  isKnown = (): boolean => this.#stored !== undefined;

  /** Tabs and panes as they were stored last, by whichever page. */
  get workspace(): WorkspaceLayout | undefined {
    return this.#stored?.parts.workspace;
  }

  /** Stores tabs and panes. @returns resolves when that is over, stored or not: the next change carries all of it again */
  keepWorkspace(workspace: WorkspaceLayout): Promise<void> {
    return this.changeParts((before) => ({ ...before, workspace }), true);
  }

  /** Reads what the server has; without an answer the page works with none. */
  load(): Promise<void> {
    return this.#run();
  }

  /** Seen at once. @returns resolves when it is stored, or was taken back */
  change(change: PreferenceChange): Promise<void> {
    const apply = (before: PreferenceParts): PreferenceParts => ({
      ...before,
      instances: change(before.instances ?? NO_PREFERENCES),
    });
    return this.#add({ apply, quiet: false });
  }

  /** As `change`, for any part. @param quiet nobody chose it: nobody is told when it is not stored */
  changeParts(apply: (before: PreferenceParts) => PreferenceParts, quiet = false): Promise<void> {
    return this.#add({ apply, quiet });
  }

  #add(waiting: Waiting): Promise<void> {
    if (this.#waiting.length >= CHANGES_WAITING_MAX) return Promise.resolve();
    this.#waiting.push(waiting);
    this.#show();
    return this.#run();
  }

  #run(): Promise<void> {
    this.#work ??= this.#store().finally(() => {
      this.#work = undefined;
      if (this.#waiting.length > 0) void this.#run();
    });
    return this.#work;
  }

  async #store(): Promise<void> {
    let making: Waiting[] = [];
    try {
      this.#stored ??= await this.#api.preferences();
      for (let conflicts = 0; this.#waiting.length > 0; ) {
        making = [...this.#waiting];
        const parts = this.#applied(making);
        try {
          this.#stored = await this.#api.savePreferences({ version: this.#stored.version, parts });
          this.#waiting = this.#waiting.slice(making.length);
        } catch (error) {
          if (!isConflict(error) || ++conflicts > CONFLICTS_MAX) throw error;
          this.#stored = await this.#api.preferences();
        }
      }
    } catch (error) {
      this.#waiting = this.#waiting.slice(making.length);
      if (making.some(({ quiet }) => !quiet)) this.#onFailed(error);
      if (making.length === 0) this.#waiting = [];
    }
    this.#isSettled = true;
    this.#show();
  }

  #applied(changes: readonly Waiting[]): PreferenceParts {
    return changes.reduce((before, { apply }) => apply(before), this.#stored?.parts ?? {});
  }

  #show(): void {
    this.#shown = this.#applied(this.#waiting);
    for (const listener of [...this.#listeners]) listener();
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === "PREFERENCES_CONFLICT";
}
