/**
 * Keys that a phone's keyboard lacks, below the terminal in a narrow window. They never take the keyboard from the terminal: the
 * phone's own stays open. Ctrl and Alt are held for one key. One row, so that the terminal keeps its lines, and all of it in
 * sight from 360 px on (screen 11): keys are as high as a finger and share the width; below that the row is pushed.
 */
import { type PointerEvent, useSyncExternalStore } from "react";
import "./key-row.css";
import { Icon } from "../../lib/icons.tsx";
import type { Tab } from "./tab-state.ts";
import type { Workspace } from "./workspace.ts";
import type { OnScreenKey } from "./workspace-terminal.ts";

interface Props {
  workspace: Pick<Workspace, "registry" | "stepPane">;
  tab: Tab;
  /** The browser did not allow reading the clipboard. */
  onPasteRefused(): void;
}

const KEYS: readonly { key: OnScreenKey; cap: string; label?: string }[] = [
  { key: "escape", cap: "Esc" },
  { key: "tab", cap: "Tab" },
];
const MORE_KEYS: typeof KEYS = [
  { key: "pipe", cap: "|", label: "Pipe" },
  { key: "tilde", cap: "~", label: "Tilde" },
  { key: "left", cap: "←", label: "Left" },
  { key: "up", cap: "↑", label: "Up" },
  { key: "down", cap: "↓", label: "Down" },
  { key: "right", cap: "→", label: "Right" },
];
const MODIFIERS = [
  { modifier: "ctrl", cap: "Ctrl" },
  { modifier: "alt", cap: "Alt" },
] as const;

export function KeyRow({ workspace, tab, onPasteRefused }: Props) {
  const { registry } = workspace;
  const terminal = useSyncExternalStore(registry.subscribe, () => registry.get(tab.activePane));
  const held = useSyncExternalStore(registry.subscribe, () => registry.get(tab.activePane)?.getStatus().held ?? "");
  const keepKeyboard = (event: PointerEvent): void => event.preventDefault();
  const paste = (): void => {
    // where there is no clipboard to read (plain http, refused) the browser's own paste is left
    (navigator.clipboard?.readText?.() ?? Promise.reject()).then((text) => terminal?.pasteText(text), onPasteRefused);
  };
  const button = ({ key, cap, label }: (typeof KEYS)[number]) => (
    <button key={key} type="button" aria-label={label} onClick={() => terminal?.pressKey(key)}>
      {cap}
    </button>
  );
  const at = tab.panes.findIndex(({ key }) => key === tab.activePane) + 1;
  return (
    <div
      className="key-row"
      role="toolbar"
      aria-label="Terminal keys"
      data-keep-clear=""
      onPointerDown={keepKeyboard}
      onMouseDown={(event) => event.preventDefault()}
    >
      {tab.panes.length > 1 && (
        <button
          type="button"
          aria-label={`${at}/${tab.panes.length}, go to the next pane`}
          onClick={() => workspace.stepPane(1)}
        >
          {at}/{tab.panes.length}
        </button>
      )}
      {KEYS.map(button)}
      {MODIFIERS.map(({ modifier, cap }) => (
        <button
          key={modifier}
          type="button"
          aria-pressed={held.split("+").includes(modifier)}
          onClick={() => terminal?.toggleModifier(modifier)}
        >
          {cap}
        </button>
      ))}
      {MORE_KEYS.map(button)}
      <button type="button" aria-label="Paste" title="Paste" onClick={paste}>
        <Icon name="clipboard" />
      </button>
    </div>
  );
}
