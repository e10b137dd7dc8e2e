/** What each action of the keymap does: the one answer to a chord, the palette and the list of keys. */
import type { ActionId } from "../features/workspace/keymap.ts";
import type { Workspace } from "../features/workspace/workspace.ts";
import { sharingOf, type TerminalSession } from "./terminal-feature.ts";

/** What the page does that is not the workspace's. */
export interface PageActs {
  focusList(): void;
  toggleList(): void;
  toggleDetails(): void;
  togglePalette(): void;
  showKeys(): void;
  showSettings(): void;
  toggleFocusMode(): void;
  /** Of the active tab. */
  renameTab(): void;
}

export type Acts = Readonly<Record<ActionId, () => void>>;

export function actsOf(workspace: Workspace<TerminalSession>, page: PageActs): Acts {
  const onPane = (act: (paneKey: string) => void) => (): void => {
    const tab = workspace.activeTab;
    if (tab) act(tab.activePane);
  };
  const goToTab = (index: number) => (): void => {
    const tab = workspace.store.getState().tabs[index];
    if (tab) workspace.activate(tab.key);
  };
  return {
    palette: page.togglePalette,
    keys: page.showKeys,
    settings: page.showSettings,
    "focus-mode": page.toggleFocusMode,
    "focus-list": page.focusList,
    "toggle-list": page.toggleList,
    details: page.toggleDetails,
    "split-right": () => workspace.split("right"),
    "split-down": () => workspace.split("down"),
    "focus-pane-left": () => workspace.focusPane("left"),
    "focus-pane-right": () => workspace.focusPane("right"),
    "focus-pane-up": () => workspace.focusPane("up"),
    "focus-pane-down": () => workspace.focusPane("down"),
    "previous-pane": () => workspace.stepPane(-1),
    "next-pane": () => workspace.stepPane(1),
    "move-pane-left": () => workspace.movePaneTo("left"),
    "move-pane-right": () => workspace.movePaneTo("right"),
    "move-pane-up": () => workspace.movePaneTo("up"),
    "move-pane-down": () => workspace.movePaneTo("down"),
    "pane-to-own-tab": onPane((key) => workspace.arranging.toOwnTab(key)),
    "zoom-pane": () => workspace.zoom(),
    broadcast: () => workspace.broadcast.toggle(),
    "close-pane": onPane((key) => workspace.closePane(key)),
    "undo-close": () => workspace.undoClose(),
    "previous-tab": () => workspace.step(-1),
    "next-tab": () => workspace.step(1),
    "move-tab-left": () => workspace.stepTabPlace(-1),
    "move-tab-right": () => workspace.stepTabPlace(1),
    "rename-tab": page.renameTab,
    "go-to-tab-1": goToTab(0),
    "go-to-tab-2": goToTab(1),
    "go-to-tab-3": goToTab(2),
    "go-to-tab-4": goToTab(3),
    "go-to-tab-5": goToTab(4),
    "go-to-tab-6": goToTab(5),
    "go-to-tab-7": goToTab(6),
    "go-to-tab-8": goToTab(7),
    "go-to-tab-9": goToTab(8),
    find: onPane((key) => workspace.registry.get(key)?.openSearch()),
    share: onPane((key) => {
      const terminal = workspace.registry.get(key);
      if (terminal) sharingOf(terminal)?.askForDialog();
    }),
    "previous-command": onPane((key) => workspace.registry.get(key)?.commands.jump(-1)),
    "next-command": onPane((key) => workspace.registry.get(key)?.commands.jump(1)),
    "copy-output": onPane((key) => workspace.registry.get(key)?.commands.copyLastOutput()),
    "tab-moves-focus": onPane((key) => workspace.registry.get(key)?.toggleTabKey()),
  };
}
