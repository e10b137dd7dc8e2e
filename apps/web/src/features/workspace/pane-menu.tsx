/** What can be done with one pane: split, move, zoom, close, and the keys that the browser keeps for itself (DESIGN §3). */
import type { ReactNode } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Keys } from "../../ui/keys.tsx";
import { Menu, MenuItem, MenuRule, Submenu } from "../../ui/menu.tsx";
import type { ActionId, Keymap } from "./keymap.ts";
import { type Pane, tabLabel } from "./tab-state.ts";
import type { Workspace } from "./workspace.ts";

interface Props {
  workspace: Workspace;
  pane: Pane;
  /** From 1 on in reading order; 0: the only pane of its tab. */
  ordinal: number;
  keymap: Keymap;
  /** Above all: what a narrow window has no other room for. */
  facts?: ReactNode;
  /** Opens the palette, where no button does. */
  onPalette?: (() => void) | undefined;
  onClose(): void;
}

/** Chromium and Firefox keep these; each is the control character of its letter. */
const KEPT_KEYS: readonly [string, string][] = [
  ["W", "\x17"],
  ["T", "\x14"],
  ["N", "\x0e"],
];

export function PaneMenu({ workspace, pane, ordinal, keymap, facts, onPalette, onClose }: Props) {
  const name = pane.target.instanceName;
  const hint = (id: ActionId) => (
    <span className="end-aligned">
      <Keys caps={keymap.caps(id)} />
    </span>
  );
  const state = workspace.store.getState();
  const others = state.tabs.filter((tab) => !tab.panes.some(({ key }) => key === pane.key));
  const onThis = (act: () => void) => () => {
    workspace.activatePane(pane.key, false);
    act();
  };
  let isElsewhere = false;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton icon="more" label={ordinal === 0 ? `Pane menu: ${name}` : `Pane ${ordinal} menu: ${name}`} />
      }
      onClosed={() => {
        // the palette has the keyboard by now
        if (!isElsewhere) workspace.focusActive();
        isElsewhere = false;
      }}
    >
      {facts}
      {onPalette && (
        <MenuItem
          icon="search"
          onSelect={() => {
            isElsewhere = true;
            onPalette();
          }}
        >
          Go to or run… {hint("palette")}
        </MenuItem>
      )}
      {(facts !== undefined || onPalette !== undefined) && <MenuRule />}
      <MenuItem icon="splitRight" onSelect={onThis(() => workspace.split("right"))}>
        Split right {hint("split-right")}
      </MenuItem>
      <MenuItem icon="splitDown" onSelect={onThis(() => workspace.split("down"))}>
        Split down {hint("split-down")}
      </MenuItem>
      {ordinal > 0 && (
        <>
          <MenuItem icon="expand" onSelect={onThis(() => workspace.zoom())}>
            Zoom, and back {hint("zoom-pane")}
          </MenuItem>
          <MenuItem icon="external" onSelect={() => workspace.arranging.toOwnTab(pane.key)}>
            Move to its own tab
          </MenuItem>
          <MenuItem icon="keyboard" onSelect={onThis(() => workspace.broadcast.toggle())}>
            Broadcast typing… {hint("broadcast")}
          </MenuItem>
        </>
      )}
      {others.length > 0 && (
        <Submenu label="Move into another tab">
          {others.map((tab) => (
            <MenuItem key={tab.key} onSelect={() => workspace.arranging.move(pane.key, tab.activePane, "right")}>
              {tabLabel(state, tab)}
            </MenuItem>
          ))}
        </Submenu>
      )}
      <MenuRule />
      {KEPT_KEYS.map(([letter, text]) => (
        <MenuItem key={letter} icon="keyboard" onSelect={() => workspace.registry.get(pane.key)?.sendKey(text)}>
          Send Ctrl+{letter}
        </MenuItem>
      ))}
      <MenuRule />
      <MenuItem icon="close" onSelect={onClose}>
        {ordinal === 0 ? "Close tab" : "Close pane"} {hint("close-pane")}
      </MenuItem>
    </Menu>
  );
}
