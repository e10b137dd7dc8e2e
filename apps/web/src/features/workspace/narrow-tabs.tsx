/** All tabs behind one button, where a strip of them has no room (DESIGN §2, screen 11). */
import { Icon } from "../../lib/icons.tsx";
import { Menu, MenuItem, MenuLabel, MenuRule } from "../../ui/menu.tsx";
import { tabLabel } from "./tab-state.ts";
import { STATUS_WORDS } from "./tab-strip.tsx";
import type { Workspace, WorkspaceState } from "./workspace.ts";

interface Props {
  workspace: Workspace;
  state: WorkspaceState;
  onNew(): void;
}

export function NarrowTabs({ workspace, state, onNew }: Props) {
  const { tabs, activeKey } = state;
  const at = tabs.findIndex(({ key }) => key === activeKey) + 1;
  /** To the list, which has the keyboard then. */
  let isElsewhere = false;
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="narrow-tabs num"
          aria-label={`${at}/${tabs.length}, go to another terminal`}
          title="Terminals"
        >
          {at}/{tabs.length}
          <Icon name="down" size="xs" />
        </button>
      }
      onClosed={() => {
        if (!isElsewhere) workspace.focusActive();
        isElsewhere = false;
      }}
    >
      <MenuLabel>Terminals</MenuLabel>
      {tabs.map((tab) => {
        const status = workspace.registry.get(tab.activePane)?.getStatus();
        const words = [
          tab.panes.length > 1 ? `${tab.panes.length} panes` : "",
          status ? STATUS_WORDS[status.kind] : "",
          status?.unread && tab.key !== activeKey ? "new output" : "",
        ].filter(Boolean);
        return (
          <MenuItem
            key={tab.key}
            icon={tab.key === activeKey ? "check" : "terminal"}
            onSelect={() => workspace.activate(tab.key)}
          >
            {tabLabel(state, tab)}
            {words.length > 0 && <span className="t3 t12"> {words.join(", ")}</span>}
          </MenuItem>
        );
      })}
      <MenuRule />
      <MenuItem
        icon="plus"
        onSelect={() => {
          isElsewhere = true;
          onNew();
        }}
      >
        Open an instance
      </MenuItem>
    </Menu>
  );
}
