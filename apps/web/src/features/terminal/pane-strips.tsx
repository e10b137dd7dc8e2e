/** What stands between terminal and status bar when something needs words; the text above stays readable. */
import type { ReactNode } from "react";
import { problemEvidence } from "../../lib/failure.ts";
import { Icon, type IconName } from "../../lib/icons.tsx";
import type { IdentityLook } from "../../lib/identities.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Evidence } from "../../ui/evidence.tsx";
import { adminNote, isForAdmin, whoOf } from "./admin-note.ts";
import { commandsOf, policyOf } from "./ending-words.ts";
import { UNANSWERED_SHOWN_MS } from "./line-watch.ts";
import { progressWords } from "./paste/paste-words.ts";
import type { SessionCore } from "./session-core.ts";
import {
  channelWords,
  copyQuestion,
  heldQuestion,
  inputStorageWords,
  needsSignIn,
  noticeWords,
  reconnectingWords,
  unansweredWords,
  type Words,
} from "./status-words.ts";
import type { TerminalNotice, TerminalStatus } from "./terminal-types.ts";
import { awayTimeWords, endedWords, endNearWords } from "./time-words.ts";

type Asker = Pick<IdentityLook, "name" | "role" | "account">;

interface Props {
  session: SessionCore;
  status: TerminalStatus;
  /** Who opened it; absent on the page of a guest, who has nothing to hand on to an admin. */
  identity?: Asker | undefined;
  nowMs: number;
}

export function PaneStrips({ session, status, identity, nowMs }: Props) {
  const resolve = (act: () => void) => () => {
    act();
    session.focus();
  };
  const endNear = status.kind === "open" && status.time ? endNearWords(status.time, nowMs) : undefined;
  return (
    <>
      {status.notices
        .filter((notice) => !isSaidBelow(notice, status))
        .map((notice) => (
          <Strip key={notice.id} icon="info" words={noticeWords(notice)}>
            <IconButton icon="close" label="Dismiss" onClick={resolve(() => session.dismissNotice(notice.id))} />
          </Strip>
        ))}
      {status.inputStorage !== undefined && status.kind === "open" && (
        <Strip tone="warn" icon="warning" words={inputStorageWords(status.inputStorage, status.heldKeys)}>
          {status.inputStorage === "refused" ? (
            <Button size="sm" onClick={resolve(() => session.typeWithoutNet(true))}>
              Type without a net
            </Button>
          ) : (
            <Button size="sm" onClick={resolve(() => session.typeWithoutNet(false))}>
              Hold keys again
            </Button>
          )}
        </Strip>
      )}
      {status.heldKeys.asking && status.kind !== "ended" && (
        <Strip tone="warn" icon="warning" words={heldQuestion(status.heldKeys)}>
          <Button size="sm" onClick={resolve(() => session.sendHeldKeys())}>
            Send
          </Button>
          <Button size="sm" onClick={resolve(() => session.dropHeldKeys())}>
            Drop
          </Button>
        </Strip>
      )}
      {status.paste && <PasteStrip {...status.paste} onStop={resolve(() => session.stopPaste())} />}
      {status.copyAsk && (
        <Strip icon="copy" words={copyQuestion(status.copyAsk.text)}>
          <Button size="sm" onClick={resolve(() => session.allowCopies(true))}>
            Allow
          </Button>
          <Button size="sm" onClick={resolve(() => session.allowCopies(false))}>
            Refuse
          </Button>
        </Strip>
      )}
      {endNear && <Strip tone="warn" icon="clock" isCounting words={endNear} />}
      <StateStrip session={session} status={status} identity={identity} nowMs={nowMs} resolve={resolve} />
    </>
  );
}

/** What the strip about input says better, and with a choice. */
function isSaidBelow({ code, text }: TerminalNotice, { inputStorage }: TerminalStatus): boolean {
  return code === "LOG_NOT_DURABLE" && text === undefined && inputStorage !== undefined;
}

function PasteStrip(props: { arrivedBytes: number; totalBytes: number; onStop(): void }) {
  const { arrivedBytes, totalBytes, onStop } = props;
  const words = { title: "Pasting.", detail: progressWords(arrivedBytes, totalBytes) };
  return (
    <Strip icon="download" isCounting words={words}>
      <progress className="paste-progress" aria-label="Paste" max={totalBytes} value={arrivedBytes} />
      <Button size="sm" onClick={onStop}>
        Stop
      </Button>
    </Strip>
  );
}

type Resolve = (act: () => void) => () => void;

function StateStrip({ session, status, identity, nowMs, resolve }: Props & { resolve: Resolve }) {
  const tryNow = (
    <Button size="sm" onClick={resolve(() => session.retryNow())}>
      Try now
    </Button>
  );
  if (status.kind === "reconnecting" && nowMs - status.lostAtMs < UNANSWERED_SHOWN_MS) return null;
  if (status.kind === "reconnecting")
    return (
      <Strip tone="warn" words={reconnectingWords(status, status.heldKeys, nowMs, awayTimeWords(status.time, nowMs))}>
        {tryNow}
      </Strip>
    );
  if (status.kind === "ended")
    return <EndedStrip {...{ session, identity, status }} onRestart={resolve(() => session.restart())} />;
  if (status.kind === "failed" && status.session !== undefined) {
    const { title, cause, remedy, status: httpStatus } = status.problem;
    const isSignedOut = httpStatus === 401;
    return (
      <Strip
        tone={isSignedOut ? "warn" : "bad"}
        icon={isSignedOut ? "key" : "warning"}
        alert
        words={{ title: `${title}.`, detail: `${cause} ${remedy}` }}
        details={problemEvidence(status.problem)}
      >
        {isSignedOut ? <SignInAgain session={session} /> : tryNow}
      </Strip>
    );
  }
  if (status.kind !== "open") return null;
  if (status.unansweredSinceMs !== undefined)
    return (
      <Strip tone="warn" words={unansweredWords(status.unansweredSinceMs, nowMs)}>
        {tryNow}
      </Strip>
    );
  const channel = channelWords(status.channel, status.channelReason);
  if (channel === undefined) return null;
  if (!needsSignIn(status.channelReason)) return <Strip tone="warn" icon="plug" words={channel} />;
  return (
    <Strip tone="warn" icon="key" words={channel}>
      <SignInAgain session={session} />
    </Strip>
  );
}

function SignInAgain({ session }: { session: SessionCore }) {
  return (
    <Button size="sm" onClick={() => session.signIn()}>
      Sign in again
    </Button>
  );
}

interface EndedProps extends Pick<Props, "session" | "identity"> {
  status: Extract<TerminalStatus, { kind: "ended" }>;
  onRestart(): void;
}

function EndedStrip({ session, identity, status, onRestart }: EndedProps) {
  const { end } = status;
  const { instanceName: name, instanceId: id, region } = session.target;
  const words = endedWords(end, status.session?.startedAt, name);
  const note = (who: Asker): string =>
    adminNote({
      askedBy: `${whoOf(who)} in ${who.account}`,
      code: end.code,
      title: words.title,
      why: words.detail,
      instance: { name, id, region },
      awsSessionId: status.session?.awsSessionId,
      said: end.text,
    });
  return (
    <Strip
      icon={end.limit === undefined ? "info" : "clock"}
      words={words}
      details={end.text}
      policy={policyOf(end.code)}
      commands={commandsOf(end.code)}
    >
      {identity && isForAdmin(end.code) && <CopyButton size="sm" label="Copy for your admin" text={note(identity)} />}
      <Button size="sm" variant="primary" onClick={onRestart}>
        Start again <kbd className="kbd">↵</kbd>
      </Button>
    </Strip>
  );
}

interface StripProps {
  words: Words;
  /** Without an icon something is under way: a spinner. */
  icon?: IconName;
  tone?: "plain" | "warn" | "bad";
  /** Seconds go by in its details: they are read with the rest, not every second. */
  isCounting?: boolean;
  alert?: boolean;
  /** Raw text for a ticket, mono and copyable. */
  details?: string | undefined;
  /** A statement for whoever writes the account's policies. */
  policy?: string | undefined;
  /** For a shell on the instance. */
  commands?: string | undefined;
  children?: ReactNode;
}

function Strip(props: StripProps) {
  const { words, icon, isCounting = icon === undefined, tone = "plain", alert = false, children } = props;
  const folded = [
    { summary: "Details", text: props.details },
    { summary: "Policy statement", text: props.policy },
    { summary: "Commands for the instance", text: props.commands },
  ].filter(({ text }) => text !== undefined && text !== "");
  return (
    <div className={`pane-strip ${tone}`} role={alert ? "alert" : undefined}>
      {icon ? <Icon name={icon} /> : <span className="spin" />}
      <span className="pane-strip-words">
        <b>{words.title}</b>{" "}
        <span className="t2 num" aria-live={isCounting ? "off" : undefined}>
          {words.detail}
        </span>
        {folded.map(({ summary, text = "" }) => (
          <details key={summary}>
            <summary>{summary}</summary>
            <Evidence text={text} />
          </details>
        ))}
      </span>
      <span className="pane-strip-actions">{children}</span>
    </div>
  );
}
