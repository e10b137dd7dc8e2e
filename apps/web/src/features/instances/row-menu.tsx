/** What can be done with an instance, at its row: by the right button, the menu key or Shift+F10. */
import { useRef } from "react";
import { ContextMenu, ItemKeys, type MenuPlace } from "../../ui/context-menu.tsx";
import { MenuItem, MenuRule } from "../../ui/menu.tsx";
import type { ListedInstance } from "./instance-index.ts";
import type { OpenHow } from "./open-how.ts";

export interface RowActions {
  onOpen(instance: ListedInstance, how: OpenHow): void;
  onDetails(instance: ListedInstance): void;
  onFavourite(instance: ListedInstance): void;
  /** @param text an id or a name */
  onCopy(text: string): void;
}

interface Props extends RowActions {
  instance: ListedInstance;
  place: MenuPlace;
  /** A tab of this page is on it. */
  isOpen: boolean;
  favourite: boolean;
  /** @param isKeyboardTaken what was chosen has the keyboard already */
  onClosed(isKeyboardTaken: boolean): void;
}

export function RowMenu({ instance, place, isOpen, favourite, onClosed, ...actions }: Props) {
  const isKeyboardTaken = useRef(false);
  const choose = (act: () => void) => (): void => {
    isKeyboardTaken.current = true;
    act();
  };
  return (
    <ContextMenu place={place} onClosed={() => onClosed(isKeyboardTaken.current)}>
      <MenuItem icon="terminal" onSelect={choose(() => actions.onOpen(instance, "go"))}>
        {isOpen ? "Go there" : "Open"} <ItemKeys caps={["↵"]} />
      </MenuItem>
      {isOpen && (
        <MenuItem icon="plus" onSelect={choose(() => actions.onOpen(instance, "new"))}>
          Open another session <ItemKeys caps={["Shift", "↵"]} />
        </MenuItem>
      )}
      <MenuItem icon="splitRight" onSelect={choose(() => actions.onOpen(instance, "split"))}>
        Open in a split <ItemKeys caps={["Ctrl", "↵"]} />
      </MenuItem>
      <MenuRule />
      <MenuItem icon="info" onSelect={choose(() => actions.onDetails(instance))}>
        Details <ItemKeys caps={["i"]} />
      </MenuItem>
      <MenuItem icon="star" onSelect={() => actions.onFavourite(instance)}>
        {favourite ? "No longer a favourite" : "Add to favourites"} <ItemKeys caps={["f"]} />
      </MenuItem>
      <MenuRule />
      <MenuItem icon="copy" onSelect={() => actions.onCopy(instance.id)}>
        Copy the id
      </MenuItem>
      <MenuItem icon="copy" onSelect={() => actions.onCopy(instance.name)}>
        Copy the name
      </MenuItem>
    </ContextMenu>
  );
}
