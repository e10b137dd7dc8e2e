/**
 * What the person chose, as the server keeps it. A change is seen at once and stored in the background; when another page
 * was first, it is made again on top of what that page stored.
 */
import type { InstancePreferences, Preferences } from "@causeway/wire-contract/preferences";
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

export class PreferencesStore {
  readonly #api: PreferencesApi;
  readonly #onFailed: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #stored: Preferences | undefined;
  #waiting: PreferenceChange[] = [];
  #shown: InstancePreferences = NO_PREFERENCES;
  #work: Promise<void> | undefined;

  /** @param onFailed told when what was changed could not be stored; the change is taken back */
  constructor(api: PreferencesApi, onFailed: (error: unknown) => void) {
    this.#api = api;
    this.#onFailed = onFailed;
  }

  getSnapshot = (): InstancePreferences => this.#shown;
  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= LISTENERS_MAX) throw new Error("too many listeners of the preferences: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads what the server has; without an answer the page works with none. */
  load(): Promise<void> {
    return this.#run();
  }

  /** Seen at once. @returns resolves when it is stored, or was taken back */
  change(change: PreferenceChange): Promise<void> {
    if (this.#waiting.length >= CHANGES_WAITING_MAX) return Promise.resolve();
    this.#waiting.push(change);
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
    let making: PreferenceChange[] = [];
    try {
      this.#stored ??= await this.#api.preferences();
      for (let conflicts = 0; this.#waiting.length > 0; ) {
        making = [...this.#waiting];
        const parts = { ...this.#stored.parts, instances: this.#applied(making) };
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
      if (making.length > 0) this.#onFailed(error);
      else this.#waiting = [];
    }
    this.#show();
  }

  #applied(changes: readonly PreferenceChange[]): InstancePreferences {
    return changes.reduce((before, change) => change(before), this.#stored?.parts.instances ?? NO_PREFERENCES);
  }

  #show(): void {
    this.#shown = this.#applied(this.#waiting);
    for (const listener of [...this.#listeners]) listener();
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === "PREFERENCES_CONFLICT";
}
