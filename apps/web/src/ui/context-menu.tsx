/** A menu at the pointer. Keyboard, focus and dismissal are Radix's. */
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { Keys } from "./keys.tsx";

/** In CSS px of the window. */
export interface MenuPlace {
  x: number;
  y: number;
}

interface Props {
  place: MenuPlace;
  children: ReactNode;
  /** It is closed, whatever was chosen: the keyboard may be put where it belongs. */
  onClosed(): void;
}

/** Open for as long as it is rendered. */
export function ContextMenu({ place, children, onClosed }: Props) {
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(open) => {
        if (!open) onClosed();
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span className="menu-place" style={{ left: place.x, top: place.y }} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          loop
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** At the end of an item: the keys that do the same. */
export function ItemKeys({ caps }: { caps: readonly string[] }) {
  return (
    <span className="end-aligned">
      <Keys caps={caps} />
    </span>
  );
}
