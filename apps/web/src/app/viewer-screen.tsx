/** Somebody else's terminal, live: the same grid, who is here, and the keyboard. */
import "@xterm/xterm/css/xterm.css";
import "../features/terminal/terminal.css";
import "../features/sharing/sharing.css";
import type { SharedSession } from "@causeway/wire-contract/sharing";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { KeyboardBar } from "../features/sharing/keyboard-bar.tsx";
import { LinkEnded } from "../features/sharing/link-ended.tsx";
import { PeopleList } from "../features/sharing/people-list.tsx";
import { endsWords } from "../features/sharing/share-words.ts";
import { WhatHappened } from "../features/sharing/what-happened.tsx";
import { stateShape } from "../features/terminal/pane-bar.tsx";
import { PaneStrips } from "../features/terminal/pane-strips.tsx";
import { PasteGuard } from "../features/terminal/paste/paste-guard.tsx";
import type { Environment } from "../lib/environment.ts";
import { Icon } from "../lib/icons.tsx";
import { lookOf } from "../lib/identities.ts";
import { Button } from "../ui/button.tsx";
import { StateShape } from "../ui/state-shape.tsx";
import { Switch } from "../ui/switch.tsx";
import { useNow } from "../ui/use-now.ts";
import { useConsole } from "./console-context.ts";
import { usePresence, usePresenceChoice } from "./use-presence.ts";
import { type ViewedTerminal, viewTerminal } from "./viewer-terminal.ts";

interface Props {
  shared: SharedSession;
  onLeave(): void;
}

export function ViewerScreen({ shared, onLeave }: Props) {
  const app = useConsole();
  const askButton = useRef<HTMLButtonElement>(null);
  const [viewed, setViewed] = useState<ViewedTerminal>();
  useEffect(() => {
    const made = viewTerminal(shared, app, () => askButton.current?.focus());
    setViewed(made);
    void app.preferences.load();
    const unsubscribe = app.subscribeSettings(() => made.terminal.applyLook());
    return () => {
      unsubscribe();
      made.terminal.dispose();
    };
  }, [shared, app]);
  return viewed && <Watching viewed={viewed} shared={shared} askButton={askButton} onLeave={onLeave} />;
}

interface WatchingProps extends Props {
  viewed: ViewedTerminal;
  askButton: RefObject<HTMLButtonElement | null>;
}

function Watching({ viewed: { terminal, sharing }, shared, askButton, onLeave }: WatchingProps) {
  const status = useSyncExternalStore(terminal.subscribe, terminal.getStatus);
  const view = useSyncExternalStore(sharing.subscribe, sharing.getView);
  const nowMs = useNow();
  const host = useRef<HTMLDivElement>(null);
  const presence = usePresence(terminal, sharing, false);
  const choice = usePresenceChoice(presence);
  const environment = useEnvironmentOf(shared.account);
  const isProduction = environment?.colour === "prod";
  useLayoutEffect(() => terminal.setProduction(isProduction), [terminal, isProduction]);
  const isOver = view.ended !== undefined || status.kind === "ended";
  useLayoutEffect(() => (host.current && !isOver ? terminal.attach(host.current) : undefined), [terminal, isOver]);
  // nothing of the text stays in this page
  useEffect(() => {
    if (isOver) terminal.dispose();
  }, [terminal, isOver]);
  const holds = sharing.mayType();
  useEffect(() => {
    // what was asked for is there: only if the keyboard is nowhere else meanwhile
    if (holds && document.activeElement === document.body) terminal.focus();
  }, [terminal, holds]);
  if (isOver)
    return <LinkEnded why={view.ended?.why} actions={<Button onClick={onLeave}>Your own terminals</Button>} />;
  const { owner, instanceId, instanceName, account, region } = shared;
  return (
    <div className="shared">
      <header className="shared-head">
        <Icon name="logo" />
        <h1 className="trunc">{instanceName}</h1>
        {environment && <span className={`env e-${environment.colour}`}>{environment.word}</span>}
        <span className="t2 trunc">
          shared by {owner.name} · {account} · <span className="mono">{region}</span>
        </span>
        <span className="end-aligned t2 num">Link {endsWords(view.expiresAt ?? shared.expiresAt, nowMs)}</span>
        <Button onClick={onLeave}>Leave</Button>
      </header>
      <main className="shared-main">
        <section
          className={holds ? "pane shared-pane holds" : "pane shared-pane"}
          aria-label={`Pane: ${instanceName}, shared by ${owner.name}`}
          aria-busy={status.kind === "connecting"}
          data-session-key={terminal.key}
        >
          <div className="pane-bar">
            <StateShape {...stateShape(status)} />
            <span className="pane-name trunc">{instanceName}</span>
            <span className="pane-id trunc">{status.title ?? instanceId}</span>
            <span className="end-aligned shared-place">
              {choice.following ? (
                <span className="share-badge live">
                  <Icon name="eye" size="sm" /> Following {owner.name}
                </span>
              ) : (
                <Button size="sm" icon="eye" onClick={() => presence?.follow(true)}>
                  Follow {owner.name}
                </Button>
              )}
              <span className="t12 t2 num">
                {status.cols}×{status.rows}
                {terminal.view && ` · fit ${Math.round(terminal.view.scale * 100)}\u00a0%`}
              </span>
            </span>
          </div>
          <div className="pane-body">
            <div ref={host} className="pane-terminal" data-testid="terminal" />
          </div>
          <div role="status" aria-live="polite">
            <PaneStrips session={terminal} status={status} nowMs={nowMs} />
          </div>
        </section>
        <KeyboardBar
          view={view}
          me={sharing.me}
          owner={owner}
          nowMs={nowMs}
          askButton={askButton}
          onAct={(act) => {
            terminal.say({ type: "keyboard", act });
            terminal.focus();
          }}
        />
      </main>
      <aside className="shared-side" aria-label="People">
        <h2>In this session</h2>
        <PeopleList view={view} nowMs={nowMs} />
        <WhatHappened happened={view.happened} owner={owner.name} />
        <div className="shared-choices">
          <Switch
            label={`Follow ${owner.name}'s scrolling`}
            checked={choice.following}
            onChange={(following) => presence?.follow(following)}
          />
          <Switch
            label="Show my pointer to others"
            checked={choice.pointing}
            onChange={(pointing) => presence?.showPointer(pointing)}
          />
        </div>
        <p className="t12 t2">
          Everything typed here runs as <b>{owner.role}</b> on {owner.name}'s session and is logged with the name of who
          typed it.
        </p>
      </aside>
      {status.pasteAsk && (
        <PasteGuard
          key={status.pasteAsk.id}
          ask={status.pasteAsk}
          instanceName={instanceName}
          environment={environment}
          onAnswer={(text) => terminal.answerPaste(text)}
          onClosed={() => terminal.focus()}
        />
      )}
    </div>
  );
}

/** What the server's configuration calls the account, where the viewer is signed in to it herself. */
function useEnvironmentOf(account: string): Environment | undefined {
  const me = useQuery(useConsole().meQuery);
  const identity = me.data?.identities.find(({ person }) => person.account === account);
  return identity && lookOf(identity).environment;
}
