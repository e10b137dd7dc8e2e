import { type RefObject, useLayoutEffect, useSyncExternalStore } from "react";
import type { NarrowChrome } from "../features/terminal/narrow-bar.tsx";
import { BroadcastToggle } from "../features/workspace/broadcast-bar.tsx";
import type { Keymap } from "../features/workspace/keymap.ts";
import { OtherRole } from "../features/workspace/other-role.tsx";
import { PaneMenu } from "../features/workspace/pane-menu.tsx";
import type { Pane } from "../features/workspace/tab-state.ts";
import type { Workspace } from "../features/workspace/workspace.ts";
import type { IdentityLook } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { useConsole } from "./console-context.ts";
import { type TerminalSession, terminalParts } from "./terminal-feature.ts";

interface Props {
  workspace: Workspace<TerminalSession>;
  pane: Pane;
  /** As whom and where it runs. */
  look: IdentityLook;
  /** From 1 on in reading order; 0: the only pane of its tab. */
  ordinal: number;
  active: boolean;
  /** Why the last thing asked of this pane was not done. */
  note: string | undefined;
  keymap: Keymap;
  /** It is all that the window shows. */
  narrow?: (NarrowChrome & { onPalette(): void }) | undefined;
  focusRequests: number;
  /** The last of them that some pane has answered. */
  focusAnswered: RefObject<number>;
  onClose(): void;
}

/** One terminal of the active tab; those of other tabs live on without being drawn. */
export function ActivePane(props: Props) {
  const { workspace, pane, look, ordinal, active, note, keymap, narrow, focusRequests, focusAnswered, onClose } = props;
  const app = useConsole();
  const { registry } = workspace;
  const terminal = useSyncExternalStore(registry.subscribe, () => registry.get(pane.key));
  const loadFailed = useSyncExternalStore(registry.subscribe, () => registry.loadFailed);
  const { broadcast } = workspace;
  const isBroadcast = useSyncExternalStore(
    broadcast.subscribe,
    () => broadcast.getState()?.members.has(pane.key) === true,
  );
  const parts = terminalParts();
  if (terminal === undefined || parts === undefined)
    return loadFailed ? (
      <Notice
        alert
        icon="warning"
        tone="warn"
        title="The terminal could not be loaded"
        actions={
          <>
            <Button variant="primary" onClick={() => window.location.reload()}>
              Reload
            </Button>
            <Button onClick={() => registry.preload()}>Try again</Button>
          </>
        }
      >
        <p>The server did not answer, or was updated while this page was open. Your terminals will be found again.</p>
      </Notice>
    ) : (
      <div aria-busy="true" />
    );
  const { TerminalPane, PaneFacts, PaneShare } = parts;
  const place = pane.target.availabilityZone ?? pane.target.region;
  return (
    <>
      <TerminalPane
        session={terminal}
        identity={look}
        place={place}
        environment={pane.environment}
        active={active}
        ordinal={ordinal}
        note={note}
        broadcast={isBroadcast}
        findKeys={keymap.caps("find")}
        narrow={narrow}
        menu={
          <>
            <BroadcastToggle workspace={workspace} pane={pane} />
            <PaneShare terminal={terminal} runsAs={look.role} />
            <PaneMenu
              workspace={workspace}
              pane={pane}
              ordinal={ordinal}
              keymap={keymap}
              facts={narrow && <PaneFacts session={terminal} identity={look} place={place} />}
              onPalette={narrow?.onPalette}
              onClose={onClose}
            />
          </>
        }
        otherRole={
          <OtherRole
            others={app.identities.othersOf(pane.target.identityId)}
            onUse={(identityId) => workspace.openAs(pane.key, identityId)}
            onSignIn={() => app.askToSignIn({ kind: "add" })}
          />
        }
        onClose={onClose}
      />
      {active && <FocusOnRequest terminal={terminal} requests={focusRequests} answered={focusAnswered} />}
    </>
  );
}

interface FocusProps {
  terminal: TerminalSession;
  requests: number;
  answered: RefObject<number>;
}

/** A sibling after the pane: its effect runs when the terminal already hangs in the document, and before the next key. */
function FocusOnRequest({ terminal, requests, answered }: FocusProps) {
  useLayoutEffect(() => {
    // after a reload the keyboard goes home, unless the person is somewhere already; who comes by Tab stays where she is
    const isAsked = requests !== answered.current || (requests === 0 && document.activeElement === document.body);
    answered.current = requests;
    if (isAsked) terminal.focus();
  }, [terminal, requests, answered]);
  return null;
}
