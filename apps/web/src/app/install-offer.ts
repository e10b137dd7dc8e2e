/**
 * Installed as an app, Chromium leaves Ctrl+W, T and N to the page. That is offered once, to whoever has just been asked
 * whether to close the page and stayed: most likely she meant the shell's Ctrl+W (DESIGN §3).
 */
import type { Hints } from "./hints.ts";

/** The event by which a browser says that the page may be installed. Source: Web Application Manifest incubations, §2. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

/** While the question stands the page's timers do not run: whoever is still here so long after it has stayed. */
export const STAYED_AFTER_MS = 500;

export interface InstallOfferDeps {
  page: Pick<EventTarget, "addEventListener" | "removeEventListener">;
  clock: { setTimeout(run: () => void, ms: number): number; clearTimeout(id: number): void };
  hints: Pick<Hints, "offer">;
}

export class InstallOffer {
  readonly #deps: InstallOfferDeps;
  #prompt: BeforeInstallPromptEvent | undefined;
  #timer: number | undefined;

  constructor(deps: InstallOfferDeps) {
    this.#deps = deps;
    deps.page.addEventListener("beforeinstallprompt", this.#onPrompt);
    deps.page.addEventListener("beforeunload", this.#onBeforeUnload);
    deps.page.addEventListener("pagehide", this.#onGone);
  }

  dispose(): void {
    this.#onGone();
    this.#deps.page.removeEventListener("beforeinstallprompt", this.#onPrompt);
    this.#deps.page.removeEventListener("beforeunload", this.#onBeforeUnload);
    this.#deps.page.removeEventListener("pagehide", this.#onGone);
  }

  #onPrompt = (event: Event): void => {
    event.preventDefault(); // no bar of the browser's own above somebody's terminals
    this.#prompt = event as BeforeInstallPromptEvent;
  };

  #onBeforeUnload = (event: Event): void => {
    if (!event.defaultPrevented || this.#prompt === undefined) return;
    this.#onGone();
    this.#timer = this.#deps.clock.setTimeout(() => this.#offer(), STAYED_AFTER_MS);
  };

  #onGone = (): void => {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  };

  #offer(): void {
    this.#timer = undefined;
    this.#deps.hints.offer("install", {
      title: "Keep Ctrl+W for the shell",
      detail: "In a window of its own, Causeway gets Ctrl+W, T and N, too.",
      action: { label: "Install", run: () => void this.#prompt?.prompt().catch(() => undefined) },
    });
  }
}
