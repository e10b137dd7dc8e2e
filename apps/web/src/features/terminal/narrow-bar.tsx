/**
 * Bar and status line of a terminal in one, where only one has room (DESIGN §2, screen 11): the way back, which instance, how it
 * is, its menu. What does not fit is in `PaneFacts`, on the menu.
 */
import "./narrow-bar.css";
import type { ReactNode } from "react";
import type { Environment } from "../../lib/environment.ts";
import { Icon } from "../../lib/icons.tsx";
import type { IdentityLook } from "../../lib/identities.ts";
import { IconButton } from "../../ui/button.tsx";
import { StateShape } from "../../ui/state-shape.tsx";
import { BellMark, stateShape } from "./pane-bar.tsx";
import { wordTone } from "./pane-status-bar.tsx";
import { latencyWords, stateWord } from "./status-words.ts";
import type { TerminalStatus } from "./terminal-types.ts";
import { actorWords, awsLogWords, timeLeftWords } from "./time-words.ts";

/** What the page puts around the one terminal that is shown. */
export interface NarrowChrome {
  /** These terminals are not AWS's. */
  sandbox: boolean;
  /** To the list of instances. */
  onBack(): void;
  /** The other tabs, if there are any. */
  tabs?: ReactNode;
}

interface Props extends NarrowChrome {
  name: string;
  status: TerminalStatus;
  identity: IdentityLook;
  environment: Environment | undefined;
  /** Why the last thing asked of this pane was not done. */
  note: string | undefined;
  nowMs: number;
  /** At its end. */
  children: ReactNode;
}

export function NarrowBar({ sandbox, onBack, tabs, name, environment, children, ...line }: Props) {
  const { status } = line;
  return (
    <header className={`narrow-bar e-${environment?.colour ?? "none"}`}>
      <IconButton icon="left" size="md" label="Back to the instances" className="narrow-back" onClick={onBack} />
      <span className="bar" aria-hidden="true" />
      <div className="narrow-title">
        <span className="narrow-name">
          {sandbox && <Icon name="sandbox" size="xs" />}
          <StateShape {...stateShape(status)} />
          <b className="med trunc">{name}</b>
          {environment && <span className={`env e-${environment.colour}`}>{environment.word}</span>}
          {status.bell && <BellMark />}
          {tabs}
        </span>
        <StatusLine {...line} />
      </div>
      <span className="narrow-tools">{children}</span>
    </header>
  );
}

type LineProps = Pick<Props, "status" | "identity" | "note" | "nowMs">;

/** Who, how large, how fast, recorded or not; what needs saying stands first. */
function StatusLine({ status, identity, note, nowMs }: LineProps) {
  const word = stateWord(status, nowMs);
  const latency = latencyWords(status, nowMs);
  const time = status.kind === "ended" || status.kind === "failed" ? undefined : status.time;
  const left = time && timeLeftWords(time, nowMs);
  const { user, role } = actorWords(identity, time?.preferences);
  const isLogged = time !== undefined && awsLogWords(time.preferences) !== undefined;
  return (
    <div className="narrow-status num" role="group" aria-label="Session status">
      {note !== undefined && <span className="warn">{note}</span>}
      {word && <span className={wordTone(status)}>{word}</span>}
      {left?.tone === "warn" && <span className="warn">{left.text}</span>}
      {status.tabMovesFocus && <span>Tab moves focus</span>}
      <span>{user ?? role}</span>
      {status.session && (
        <span>
          {status.cols}×{status.rows}
        </span>
      )}
      {status.kind === "open" && <span className={latency.tone}>{latency.text}</span>}
      {isLogged && <b className="bad">REC</b>}
    </div>
  );
}
