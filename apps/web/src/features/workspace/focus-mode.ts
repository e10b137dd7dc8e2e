/**
 * Focus mode: full screen, and every key is the shell's, those included that browsers keep for themselves where the Keyboard Lock
 * API is there (DESIGN §3). Framework-free; what the browser does is passed in.
 */

/** The parts of a page that it needs. */
export interface FullScreenHost {
  isFullScreen(): boolean;
  /** Rejects when the browser does not allow it. */
  enter(): Promise<void>;
  leave(): Promise<void>;
  /** @returns unsubscribe */
  onChange(listener: () => void): () => void;
  /** Absent: the browser keeps its keys. Rejects when it does not allow it. */
  lockKeyboard?(): Promise<void>;
  unlockKeyboard?(): void;
}

/** Parts of the page that watch it; more is a leak. */
const LISTENERS_MAX = 8;

export type FocusModeState = "off" | "on" | "on-with-all-keys";

export class FocusMode {
  readonly #host: FullScreenHost;
  readonly #listeners = new Set<() => void>();
  #state: FocusModeState = "off";

  constructor(host: FullScreenHost) {
    this.#host = host;
    host.onChange(() => {
      // also when the browser leaves by itself: Esc, a tab that is switched
      if (!host.isFullScreen()) this.#left();
    });
  }

  getState = (): FocusModeState => this.#state;
  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= LISTENERS_MAX) throw new Error("too many listeners of the focus mode: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @returns what it is now; "off": the browser did not allow it */
  async toggle(): Promise<FocusModeState> {
    if (this.#state !== "off") {
      await this.#host.leave().catch(() => undefined);
      this.#left();
      return "off";
    }
    try {
      await this.#host.enter();
    } catch {
      return "off";
    }
    const isLocked = await this.#lock();
    // the person may have left while the browser was asked
    if (this.#host.isFullScreen()) this.#set(isLocked ? "on-with-all-keys" : "on");
    return this.#state;
  }

  async #lock(): Promise<boolean> {
    if (this.#host.lockKeyboard === undefined) return false;
    try {
      await this.#host.lockKeyboard();
      return true;
    } catch {
      return false;
    }
  }

  #left(): void {
    if (this.#state === "off") return;
    this.#host.unlockKeyboard?.();
    this.#set("off");
  }

  #set(state: FocusModeState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

interface KeyboardLock {
  lock(): Promise<void>;
  unlock(): void;
}

/** This document, in full. */
export function browserFullScreen(): FullScreenHost {
  const { keyboard } = navigator as Navigator & { keyboard?: KeyboardLock };
  return {
    isFullScreen: () => document.fullscreenElement !== null,
    enter: () => document.documentElement.requestFullscreen(),
    leave: () => document.exitFullscreen(),
    onChange: (listener) => {
      document.addEventListener("fullscreenchange", listener);
      return () => document.removeEventListener("fullscreenchange", listener);
    },
    ...(typeof keyboard?.lock === "function"
      ? { lockKeyboard: () => keyboard.lock(), unlockKeyboard: () => keyboard.unlock() }
      : {}),
  };
}
