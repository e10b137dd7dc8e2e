/**
 * System, light or dark. The inline script of index.html applies the stored choice before the first paint;
 * it reads the same key and must agree with `resolveTheme`.
 */
export type ThemeChoice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

export const THEME_STORAGE_KEY = "causeway-theme";
/** Named so that a leak is an error, not slow growth. */
export const THEME_LISTENERS_MAX = 32;

const LIGHT_QUERY = "(prefers-color-scheme: light)";

/** What the theme needs from the browser: passed in, so that a test needs no global. */
export interface ThemeHost {
  root: HTMLElement;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
  prefersLight: Pick<MediaQueryList, "matches" | "addEventListener" | "removeEventListener">;
  /** A theme is in force: what is drawn by the browser around the page follows. */
  onApplied?(): void;
}

export function resolveTheme(choice: ThemeChoice, prefersLight: boolean): Theme {
  if (choice !== "system") return choice;
  return prefersLight ? "light" : "dark";
}

export class ThemeController {
  readonly #host: ThemeHost;
  readonly #listeners = new Set<() => void>();
  #choice: ThemeChoice;

  constructor(host: ThemeHost) {
    this.#host = host;
    this.#choice = readChoice(host.storage);
    host.prefersLight.addEventListener("change", this.#apply);
    this.#apply();
  }

  getChoice = (): ThemeChoice => this.#choice;
  getTheme = (): Theme => resolveTheme(this.#choice, this.#host.prefersLight.matches);

  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= THEME_LISTENERS_MAX) throw new Error("too many theme listeners: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    try {
      if (choice === "system") this.#host.storage?.removeItem(THEME_STORAGE_KEY);
      else this.#host.storage?.setItem(THEME_STORAGE_KEY, choice);
    } catch {
      // a browser that refuses storage keeps the choice until the page closes
    }
    this.#apply();
  }

  dispose(): void {
    this.#host.prefersLight.removeEventListener("change", this.#apply);
    this.#listeners.clear();
  }

  #apply = (): void => {
    this.#host.root.dataset.theme = this.getTheme();
    this.#host.onApplied?.();
    for (const listener of [...this.#listeners]) listener();
  };
}

/** The real page's host; a browser that refuses storage gets none. */
export function browserThemeHost(): ThemeHost {
  const root = document.documentElement;
  return {
    root,
    storage: browserStorage(),
    prefersLight: matchMedia(LIGHT_QUERY),
    onApplied: () => {
      // the title bar of the installed window
      const ground = getComputedStyle(root).getPropertyValue("--bg-side");
      if (ground !== "") document.querySelector("meta[name=theme-color]")?.setAttribute("content", ground.trim());
    },
  };
}

/** localStorage, or undefined where the browser forbids it (reading the property itself may throw). */
export function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function readChoice(storage: ThemeHost["storage"]): ThemeChoice {
  try {
    const stored = storage?.getItem(THEME_STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}
