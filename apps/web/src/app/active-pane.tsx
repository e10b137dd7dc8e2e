import { useLayoutEffect, useSyncExternalStore } from "react";
import type { Tab } from "../features/workspace/tab-state.ts";
import type { Workspace } from "../features/workspace/workspace.ts";
import type { IdentityLook } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { type TerminalSession, terminalPane } from "./terminal-feature.ts";

interface Props {
  workspace: Workspace<TerminalSession>;
  tab: Tab;
  /** As whom and where it runs. */
  look: IdentityLook;
  focusRequests: number;
  onClose(): void;
}

/** The terminal of the active tab; the others live on without being drawn. */
export function ActivePane({ workspace, tab, look, focusRequests, onClose }: Props) {
  const { registry } = workspace;
  const terminal = useSyncExternalStore(registry.subscribe, () => registry.get(tab.key));
  const loadFailed = useSyncExternalStore(registry.subscribe, () => registry.loadFailed);
  const TerminalPane = terminalPane();
  if (terminal === undefined || TerminalPane === undefined)
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
  return (
    <>
      <TerminalPane
        session={terminal}
        identity={look}
        place={tab.target.availabilityZone ?? tab.target.region}
        environment={tab.environment}
        active
        lone
        onClose={onClose}
      />
      <FocusOnRequest terminal={terminal} requests={focusRequests} />
    </>
  );
}

/** A sibling after the pane: its effect runs when the terminal already hangs in the document, and before the next key. */
function FocusOnRequest({ terminal, requests }: { terminal: TerminalSession; requests: number }) {
  useLayoutEffect(() => {
    // after a reload the keyboard goes home, unless the person is somewhere already
    if (requests === 0 && document.activeElement !== document.body) return;
    terminal.focus();
  }, [terminal, requests]);
  return null;
}
