/**
 * What a person chose on the page of settings, in force: terminals look as she chose at once, and the page has her theme in
 * whichever browser she signs in. The theme stays in the browser too, so that the first paint has it.
 */
import { DEFAULT_SETTINGS, type PreferenceParts, type Settings } from "@causeway/wire-contract/preferences";
import type { TerminalSettings } from "../features/terminal/terminal-settings.ts";
import type { ThemeChoice, ThemeController } from "../lib/theme.ts";

export type WholeSettings = Required<Settings>;

interface Deps {
  preferences: {
    getParts(): PreferenceParts;
    subscribe(listener: () => void): () => void;
    changeParts(apply: (before: PreferenceParts) => PreferenceParts): Promise<void>;
  };
  theme: Pick<ThemeController, "getChoice" | "choose" | "subscribe">;
  /** Before anybody signed in a theme is the browser's alone. */
  isSomebodyHere(): boolean;
  onLookChanged(): void;
}

export class SettingsKeeper {
  readonly #deps: Deps;
  #chosen: Settings | undefined;
  #all: WholeSettings;
  #theme: ThemeChoice;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#theme = deps.theme.getChoice();
    this.#all = this.#whole({});
    deps.preferences.subscribe(() => this.#preferencesChanged());
    deps.theme.subscribe(() => this.#themeChanged());
  }

  all(): WholeSettings {
    return this.#all;
  }

  terminal = (): TerminalSettings => this.#all;

  choose(change: Settings): void {
    void this.#deps.preferences.changeParts((before) => ({ ...before, settings: { ...before.settings, ...change } }));
  }

  #preferencesChanged(): void {
    const chosen = this.#deps.preferences.getParts().settings ?? {};
    if (this.#chosen !== undefined && JSON.stringify(chosen) === JSON.stringify(this.#chosen)) return;
    this.#chosen = chosen;
    this.#theme = chosen.theme ?? this.#deps.theme.getChoice();
    this.#all = this.#whole(chosen);
    if (this.#theme !== this.#deps.theme.getChoice()) this.#deps.theme.choose(this.#theme);
    this.#deps.onLookChanged();
  }

  /** By the rail, the menu or the palette; or the system went dark. */
  #themeChanged(): void {
    const theme = this.#deps.theme.getChoice();
    if (theme !== this.#theme) {
      this.#theme = theme;
      this.#all = this.#whole(this.#chosen ?? {});
      if (this.#deps.isSomebodyHere()) this.choose({ theme });
    }
    this.#deps.onLookChanged();
  }

  #whole(chosen: Settings): WholeSettings {
    return { ...DEFAULT_SETTINGS, ...chosen, theme: this.#theme };
  }
}
