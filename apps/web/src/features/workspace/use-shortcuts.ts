import { useEffect, useRef } from "react";
import type { ActionId, Keymap } from "./keymap.ts";

/** Plain keys that work outside terminals and fields. */
export type PlainKey = "filter" | "keys" | "leave";

interface Handlers {
  /** Focus mode: every key but the way out of it is the shell's. */
  allToShell(): boolean;
  onAction(action: ActionId): void;
  onPlainKey(key: PlainKey): void;
}

const PLAIN_KEYS: Readonly<Record<string, PlainKey>> = { "/": "filter", "?": "keys", Escape: "leave" };

/** Where a plain key is text, or already means something: fields, terminals, menus, dialogs. */
const TAKES_KEYS = "input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]";

/** Where the next key is the answer to a question, whatever it would mean elsewhere. */
const RECORDS_KEYS = "[data-records-keys]";

/** Waits for an answer, or for its end: what lies under it is not acted upon. The palette is none: a chord leaves it. */
const MODAL = "[data-modal]";

/**
 * Chords are taken on their way down, before the terminal sees them; plain keys on their way up, when nobody wanted them.
 */
export function useShortcuts(keymap: Keymap, handlers: Handlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    const onChord = (event: KeyboardEvent): void => {
      if (event.target instanceof Element && event.target.closest(RECORDS_KEYS)) return;
      const action = keymap.match(event, latest.current.allToShell());
      if (action === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (document.querySelector(MODAL) !== null) return;
      latest.current.onAction(action);
    };
    const onPlain = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(TAKES_KEYS)) return;
      const key = PLAIN_KEYS[event.key];
      if (key === undefined) return;
      event.preventDefault();
      latest.current.onPlainKey(key);
    };
    window.addEventListener("keydown", onChord, { capture: true });
    window.addEventListener("keydown", onPlain);
    return () => {
      window.removeEventListener("keydown", onChord, { capture: true });
      window.removeEventListener("keydown", onPlain);
    };
  }, [keymap]);
}
