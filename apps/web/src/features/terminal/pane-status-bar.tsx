/** The line below a terminal: who, where, which session, how fast, how large. */
import type { Environment } from "../../lib/environment.ts";
import { Icon } from "../../lib/icons.tsx";
import type { IdentityLook } from "../../lib/identities.ts";
import { LINE_BOX, linePoints } from "./latency-line.ts";
import { SessionId } from "./session-id.tsx";
import { latencyWords, stateWord } from "./status-words.ts";
import type { TerminalStatus } from "./terminal-types.ts";
import { actorWords, awsLogWords, timeLeftWords } from "./time-words.ts";

interface Props {
  /** Where the instance runs: its zone, or at least its region. */
  place: string;
  status: TerminalStatus;
  identity: IdentityLook;
  /** Named by the pane bar; here its colour stands beside who acts. */
  environment: Environment | undefined;
  /** Why the last thing asked of this pane was not done. */
  note?: string | undefined;
  nowMs: number;
}

export function PaneStatusBar({ place, status, identity, environment, note, nowMs }: Props) {
  const latency = latencyWords(status, nowMs);
  const word = stateWord(status, nowMs);
  const isOpen = status.kind === "open";
  const time = status.kind === "ended" || status.kind === "failed" ? undefined : status.time;
  const left = time && timeLeftWords(time, nowMs);
  const { user, role, rule } = actorWords(identity, time?.preferences);
  const awsLog = time && awsLogWords(time.preferences);
  return (
    <div className="pane-status" role="group" aria-label="Session status">
      <span className={`pane-status-who e-${environment?.colour ?? "none"}`} title={rule}>
        <Icon name="user" />
        <b>{user ?? role}</b> {user && <span className="pane-status-role">as {role} </span>}
        <span className="pane-status-account">in {identity.account}</span>
      </span>
      <span className="mono">{place}</span>
      {status.session && (
        <span>
          <SessionId id={status.session.awsSessionId} />
        </span>
      )}
      <span className="pane-status-end">
        {note !== undefined && <span className="warn pane-note">{note}</span>}
        {status.tabMovesFocus && <span title="Ctrl+Shift+M gives the Tab key back to the shell">Tab moves focus</span>}
        {word && <span className={`num ${wordTone(status)}`}>{word}</span>}
        {isOpen && (
          <span className={`num latency ${latency.tone}`} title={latency.split}>
            <LatencyLine points={linePoints(status.latencyLine ?? [], nowMs)} />
            {latency.text}
            <span className="sr">. {latency.split}</span>
          </span>
        )}
        {left && (
          <span className={`num pane-status-left ${left.tone}`} title={left.rule}>
            {left.text}
          </span>
        )}
        {awsLog && (
          <span title={awsLog.detail}>
            <b className="rec">REC</b> {awsLog.where}
          </span>
        )}
        {status.session && (
          <span className="mono num" title="Columns × rows">
            {status.cols}×{status.rows}
          </span>
        )}
      </span>
    </div>
  );
}

/** A minute of round trips; its number stands beside it. */
function LatencyLine({ points }: { points: string }) {
  if (points === "") return null;
  return (
    <svg className="latency-line" viewBox={`0 0 ${LINE_BOX.width} ${LINE_BOX.height}`} aria-hidden="true">
      <polyline points={points} />
    </svg>
  );
}

/** How the word about its state looks. */
export function wordTone(status: TerminalStatus): string {
  if (status.kind === "failed") return "bad";
  if (status.kind === "reconnecting") return "warn";
  if (status.kind !== "open") return "plain";
  return status.backAfterMs !== undefined && status.channel === "open" && status.channelReason === undefined
    ? "ok"
    : "warn";
}
