/** A session on the page: bar, terminal, what needs saying, status. It shows the session and never owns it. */
import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import type { Environment } from "../../lib/environment.ts";
import type { IdentityLook } from "../../lib/identities.ts";
import { IconButton } from "../../ui/button.tsx";
import { useNow } from "../../ui/use-now.ts";
import { LinkAsk } from "./links/link-ask.tsx";
import { NarrowBar, type NarrowChrome } from "./narrow-bar.tsx";
import { ProgramProgressBar } from "./output/program-progress-bar.tsx";
import { PaneBar } from "./pane-bar.tsx";
import { ConnectingCard, FailedCard } from "./pane-cards.tsx";
import { PaneStatusBar } from "./pane-status-bar.tsx";
import { PaneStrips } from "./pane-strips.tsx";
import { PasteGuard } from "./paste/paste-guard.tsx";
import type { SessionCore } from "./session-core.ts";
import { announcement } from "./status-words.ts";
import type { TerminalStatus } from "./terminal-types.ts";
import { TextTools } from "./text-tools.tsx";
import { useLasting } from "./use-lasting.ts";
import { useTerminalStatus } from "./use-terminal-status.ts";

/** Opening is quick: its steps would only flicker before (DESIGN §8). */
export const STEPS_SHOWN_AFTER_MS = 400;

interface Props {
  session: SessionCore;
  identity: IdentityLook;
  /** Where the instance runs: its zone, or at least its region. */
  place: string;
  /** What its tags call it, if they do; what is said of the identity's account counts more. */
  environment: Environment | undefined;
  active: boolean;
  /** From 1 on in reading order; 0: the only pane of its tab. That has no frame, and the tab closes it. */
  ordinal: number;
  /** What is typed into it goes to other panes, too, and theirs to it. */
  broadcast?: boolean;
  /** Why the last thing asked of this pane was not done. */
  note?: string | undefined;
  /** Key caps of the chord for Find. */
  findKeys?: readonly string[];
  /** At the end of the bar: what can be done with the pane. */
  menu?: ReactNode;
  /** It is all that the window shows: bar and status line are one. Absent: there is room for both. */
  narrow?: NarrowChrome | undefined;
  /** Where AWS refused this identity: the way to another one. */
  otherRole?: ReactNode;
  onClose(): void;
}

const NO_KEYS: readonly string[] = [];

export function TerminalPane(props: Props) {
  const {
    session,
    identity,
    place,
    environment: ofTags,
    active,
    ordinal,
    note,
    broadcast = false,
    menu,
    narrow,
    findKeys = NO_KEYS,
    otherRole,
    onClose,
  } = props;
  const environment = identity.environment ?? ofTags;
  const lone = ordinal === 0;
  const status = useTerminalStatus(session);
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (host.current ? session.attach(host.current) : undefined), [session]);
  const isProduction = environment?.colour === "prod";
  useLayoutEffect(() => session.setProduction(isProduction), [session, isProduction]);
  const { pasteAsk } = status;
  const isOpening = status.kind === "starting" || status.kind === "connecting";
  const showSteps = useLasting(isOpening, STEPS_SHOWN_AFTER_MS);
  const isWaiting = status.kind === "failed" && status.nextTryAtMs !== undefined;
  const nowMs = useNow(isWaiting || (!isOpening && status.kind !== "failed" && status.kind !== "ended"));
  const { target } = session;
  return (
    <section
      className={`pane${active && !lone ? " focus" : ""}${broadcast ? " broadcast" : ""}`}
      aria-label={lone ? `Pane: ${target.instanceName}` : `Pane ${ordinal}: ${target.instanceName}`}
      aria-busy={isOpening}
      data-session-key={session.key}
    >
      {narrow ? (
        <NarrowBar
          {...narrow}
          name={target.instanceName}
          status={status}
          identity={identity}
          environment={environment}
          note={note ?? status.said}
          nowMs={nowMs}
        >
          {menu}
        </NarrowBar>
      ) : (
        <PaneBar target={target} status={status} identity={identity} environment={environment}>
          {menu}
          {!lone && <IconButton icon="close" label="Close pane" onClick={onClose} />}
        </PaneBar>
      )}
      {status.progress && <ProgramProgressBar {...status.progress} />}
      <div className="pane-body">
        <TextTools session={session} status={status} findKeys={findKeys}>
          <div
            ref={host}
            className={isLive(status) ? "pane-terminal" : "pane-terminal drained"}
            data-testid="terminal"
          />
        </TextTools>
        {showSteps && isOpening && (
          <ConnectingCard name={target.instanceName} steps={status.steps} onCancel={onClose} />
        )}
        {status.kind === "failed" && status.session === undefined && (
          <FailedCard
            problem={status.problem}
            target={target}
            identity={identity}
            failedAtMs={status.sinceMs}
            otherRole={otherRole}
            triedInMs={status.nextTryAtMs === undefined ? undefined : Math.max(0, status.nextTryAtMs - nowMs)}
            onRetry={() => {
              session.retryNow();
              session.focus();
            }}
            onClose={onClose}
          />
        )}
      </div>
      <div role="status" aria-live="polite" data-keep-clear="">
        <PaneStrips session={session} status={status} identity={identity} nowMs={nowMs} />
        <p className="sr">{note ?? status.said ?? announcement(status, target.instanceName)}</p>
      </div>
      {narrow === undefined && (
        <PaneStatusBar
          place={place}
          status={status}
          identity={identity}
          environment={environment}
          note={note ?? status.said}
          nowMs={nowMs}
        />
      )}
      {status.linkAsk && (
        <LinkAsk link={status.linkAsk} onAnswer={(open) => session.answerLink(open)} onClosed={() => session.focus()} />
      )}
      {pasteAsk && (
        <PasteGuard
          key={pasteAsk.id}
          ask={pasteAsk}
          instanceName={target.instanceName}
          environment={environment}
          onAnswer={(text) => session.answerPaste(text)}
          onClosed={() => session.focus()}
        />
      )}
    </section>
  );
}

function isLive(status: TerminalStatus): boolean {
  return status.kind === "open" || status.kind === "starting" || status.kind === "connecting";
}
