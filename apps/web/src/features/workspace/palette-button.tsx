import { Icon } from "../../lib/icons.tsx";
import { Keys } from "../../ui/keys.tsx";
import type { Keymap } from "./keymap.ts";

/** The palette for whoever uses the mouse, and a reminder of its chord. Hidden where there is no room for it. */
export function PaletteButton({ keymap, onOpen }: { keymap: Keymap; onOpen(): void }) {
  return (
    <button type="button" className="btn palette-button" onClick={onOpen}>
      <Icon name="search" />
      <span className="palette-words">Go to or run…</span>
      <span aria-hidden="true" className="palette-caps">
        <Keys caps={keymap.caps("palette")} />
      </span>
    </button>
  );
}
