/** The panes of the active tab, or what to do when there is none. */
import { type ComponentProps, useRef } from "react";
import { BroadcastBar } from "../features/workspace/broadcast-bar.tsx";
import { EmptyWorkspace } from "../features/workspace/empty-workspace.tsx";
import type { Keymap } from "../features/workspace/keymap.ts";
import { PaneArea } from "../features/workspace/pane-area.tsx";
import type { Pane } from "../features/workspace/tab-state.ts";
import type { Workspace, WorkspaceState } from "../features/workspace/workspace.ts";
import type { IdentityLook } from "../lib/identities.ts";
import { lazyPart } from "../ui/lazy-part.tsx";
import { ActivePane } from "./active-pane.tsx";
import type { TerminalSession } from "./terminal-feature.ts";

const KeyRow = lazyPart(async () => (await import("../features/workspace/key-row.tsx")).KeyRow);

interface Props {
  workspace: Workspace<TerminalSession>;
  state: WorkspaceState;
  keymap: Keymap;
  lookOf(pane: Pane): IdentityLook;
  instanceCount: number;
  /** There is room for one pane only: what stands around it. */
  narrow: ComponentProps<typeof ActivePane>["narrow"];
  onFind(): void;
  /** The browser did not let a button read the clipboard. */
  onPasteRefused(): void;
}

export function WorkspacePanes(props: Props) {
  const { workspace, state, keymap, lookOf, instanceCount, narrow, onFind, onPasteRefused } = props;
  const focusAnswered = useRef(0);
  const active = state.tabs.find(({ key }) => key === state.activeKey);
  const single = narrow !== undefined;
  if (active)
    return (
      <>
        <BroadcastBar workspace={workspace} tab={active} isOneShown={single || active.zoomed} />
        <PaneArea
          workspace={workspace}
          tab={active}
          single={single}
          renderPane={(pane, ordinal) => (
            <ActivePane
              workspace={workspace}
              pane={pane}
              look={lookOf(pane)}
              ordinal={ordinal}
              active={pane.key === active.activePane}
              note={state.note?.paneKey === pane.key ? state.note.text : undefined}
              keymap={keymap}
              narrow={narrow}
              focusRequests={state.focusRequests}
              focusAnswered={focusAnswered}
              onClose={() => workspace.closePane(pane.key)}
            />
          )}
        />
        {single && <KeyRow workspace={workspace} tab={active} onPasteRefused={onPasteRefused} />}
      </>
    );
  return (
    state.restored && (
      <EmptyWorkspace
        count={instanceCount || undefined}
        keymap={keymap}
        focusRequests={state.focusRequests}
        onFind={onFind}
      />
    )
  );
}
