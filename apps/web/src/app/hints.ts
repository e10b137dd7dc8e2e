/**
 * What a newcomer is told in her first minutes: one notice at a time, each once in her life (stored with what she chose),
 * and none about what she found by herself. No hint takes the focus, a click, or room from the terminal.
 */
import type { PreferenceParts } from "@causeway/wire-contract/preferences";
import type { ActionId, Keymap } from "../features/workspace/keymap.ts";
import type { WorkspaceTerminalStatus } from "../features/workspace/workspace-terminal.ts";
import type { ToastSpec, Toasts } from "../ui/toasts.ts";

/** A hint stands so long, unless it is dismissed: it comes unasked, while somebody looks at her first prompt. */
export const HINT_MS = 15_000;

/** In the order in which they come, each when the one before it has gone. */
const NEWCOMER_HINTS = [
  {
    id: "split",
    title: "Split this terminal",
    detail: "Another shell on the same instance, without leaving this one.",
    actions: [
      ["split-right", "beside"],
      ["split-down", "below"],
    ],
  },
  {
    id: "palette",
    title: "Go anywhere by typing",
    detail: "Instances, tabs, actions and settings by a few letters of their name.",
    actions: [["palette", "opens the palette"]],
  },
] as const satisfies readonly { id: string; title: string; detail: string; actions: [ActionId, string][] }[];

type NewcomerHint = (typeof NEWCOMER_HINTS)[number];
export type HintId = NewcomerHint["id"] | "install" | "option-meta";

export interface HintsDeps {
  preferences: {
    getParts(): PreferenceParts;
    isKnown(): boolean;
    changeParts(apply: (before: PreferenceParts) => PreferenceParts, quiet: boolean): Promise<void>;
    subscribe(listener: () => void): () => void;
  };
  toasts: Pick<Toasts, "show" | "dismiss">;
  keymap(): Pick<Keymap, "caps">;
  /** There is room for panes beside one another, and most likely a keyboard. */
  isWide(): boolean;
}

export class Hints {
  readonly #deps: HintsDeps;
  #standing: { id: HintId; toast: number } | undefined;

  constructor(deps: HintsDeps) {
    this.#deps = deps;
  }

  /** It was shown, or was not needed any more. */
  wasShown(id: HintId): boolean {
    return this.#deps.preferences.getParts().hints?.shown.includes(id) ?? false;
  }

  /** The person did it: she need not be told, or not any longer. */
  learned(id: HintId): void {
    if (this.#deps.preferences.isKnown() && !this.wasShown(id)) this.#store(id);
    if (this.#standing?.id === id) this.#deps.toasts.dismiss(this.#standing.toast);
  }

  /** Shows it, if it never was. @returns whether it is on the screen now */
  offer(id: HintId, spec: ToastSpec): boolean {
    if (!this.#deps.preferences.isKnown() || this.wasShown(id) || this.#standing !== undefined) return false;
    const leave = (): void => {
      this.#standing = undefined;
    };
    const toast = this.#deps.toasts.show({
      ...spec,
      ...(spec.action && {
        action: {
          ...spec.action,
          run: () => {
            leave();
            spec.action?.run();
          },
        },
      }),
      standsMs: HINT_MS,
      onExpire: () => {
        leave();
        spec.onExpire?.();
      },
    });
    this.#standing = { id, toast };
    this.#store(id); // afterwards: whoever is told of it looks at what stands
    return true;
  }

  /**
   * Follows the terminals until the last hint was shown.
   *
   * @param terminals their states, and how to be told of changes
   * @returns stops it
   */
  follow(terminals: {
    subscribe(listener: () => void): () => void;
    all(): readonly { getStatus(): WorkspaceTerminalStatus }[];
  }): () => void {
    const look = (): void => {
      if (this.#next() === undefined) return;
      if (terminals.all().some((terminal) => terminal.getStatus().kind === "open")) this.#showNext();
    };
    const leave = [terminals.subscribe(look), this.#deps.preferences.subscribe(look)];
    look();
    return () => {
      for (const leaveOne of leave) leaveOne();
    };
  }

  #next(): NewcomerHint | undefined {
    return NEWCOMER_HINTS.find(({ id }) => !this.wasShown(id));
  }

  #showNext(): void {
    const next = this.#next();
    if (next === undefined || this.#standing !== undefined || !this.#deps.isWide()) return;
    const keymap = this.#deps.keymap();
    const keys = next.actions.map(([action, words]) => ({ caps: keymap.caps(action), words }));
    this.offer(next.id, {
      title: next.title,
      detail: next.detail,
      keys: keys.filter(({ caps }) => caps.length > 0),
      onExpire: () => this.#showNext(),
    });
  }

  #store(id: HintId): void {
    void this.#deps.preferences.changeParts(
      (before) => ({ ...before, hints: { shown: [...new Set([...(before.hints?.shown ?? []), id])] } }),
      true,
    );
  }
}
