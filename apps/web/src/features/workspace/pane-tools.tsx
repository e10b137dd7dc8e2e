import { IconButton } from "../../ui/button.tsx";
import type { ActionId, Keymap } from "./keymap.ts";
import type { Tab } from "./tab-state.ts";
import type { Workspace } from "./workspace.ts";

interface Props {
  workspace: Workspace;
  tab: Tab;
  keymap: Keymap;
  /** To find something in the active terminal. */
  onFind(): void;
}

/** What is done with the active pane, for whoever uses the mouse; each says its chord. */
export function PaneTools({ workspace, tab, keymap, onFind }: Props) {
  const titled = (words: string, id: ActionId): string => {
    const caps = keymap.caps(id);
    return caps.length === 0 ? words : `${words} (${caps.join("+")})`;
  };
  return (
    <>
      <IconButton
        icon="splitRight"
        size="md"
        label="Split right"
        title={titled("Split right", "split-right")}
        onClick={() => workspace.split("right")}
      />
      <IconButton
        icon="splitDown"
        size="md"
        label="Split down"
        title={titled("Split down", "split-down")}
        onClick={() => workspace.split("down")}
      />
      <IconButton
        icon="search"
        size="md"
        label="Find in terminal"
        title={titled("Find in terminal", "find")}
        onClick={onFind}
      />
      {tab.panes.length > 1 && (
        <IconButton
          icon="expand"
          size="md"
          label="Zoom pane"
          aria-pressed={tab.zoomed}
          title={titled("Zoom pane", "zoom-pane")}
          onClick={() => workspace.zoom()}
        />
      )}
    </>
  );
}
