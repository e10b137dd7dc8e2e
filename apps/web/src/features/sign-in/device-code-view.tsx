import type { SignInCode, StartPlace } from "@causeway/wire-contract/identity-center";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ApiProblem } from "../../lib/api-client.ts";
import { Icon } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { useNow } from "../../ui/use-now.ts";
import type { SignInApi } from "./sign-in-api.ts";

/** The server asks AWS at AWS's pace; this only asks the server. */
const WATCH_MS = 1_000;

interface Props {
  api: SignInApi;
  first: SignInCode;
  /** When it came, by this browser's clock. */
  startedAtMs: number;
  approved: boolean;
  onNewCode(): void;
  onOtherPlace: (() => void) | undefined;
}

export function useSignInCode(api: SignInApi, first: SignInCode | undefined) {
  return useQuery({
    queryKey: ["sign-in-code", first?.id],
    queryFn: ({ signal }) => api.watchCode(first?.id ?? "", signal),
    enabled: first !== undefined,
    // a server that restarted does not know the code any more, however often it is asked
    retry: (_count, error) => !isLost(error),
    retryDelay: WATCH_MS,
    refetchIntervalInBackground: true,
    refetchInterval: ({ state }) =>
      !isLost(state.error) && (state.data?.state ?? "waiting") === "waiting" ? WATCH_MS : false,
    gcTime: 0,
  });
}

/** The server knows no such code of this browser. */
function isLost(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === "SIGN_IN_CODE_UNKNOWN";
}

/** A code to approve in AWS: shown large, so that it can be compared, with the time that is left. */
export function DeviceCodeView({ api, first, startedAtMs, approved, onNewCode, onOtherPlace }: Props) {
  const watched = useSignInCode(api, first);
  const code = watched.data ?? first;
  const nowMs = useNow(code.state === "waiting");
  const leftMs = Math.max(0, first.expiresInMs - (nowMs - startedAtMs));
  const state = approved ? "approved" : isLost(watched.error) ? "lost" : code.state;
  if (state === "denied" || state === "expired" || state === "lost")
    return <CodeOver {...{ code, state, onNewCode, onOtherPlace }} />;
  return (
    <div>
      <div className="codebox">
        <div className="t2 code-caption">Approve this code in AWS</div>
        <div className="code" role="img" aria-label={spelled(code.userCode)} data-code={code.userCode}>
          {code.userCode}
        </div>
        <div className="code-actions">
          <a className="btn primary" href={code.verificationUri} target="_blank" rel="noopener noreferrer">
            Open AWS sign-in <Icon name="external" />
          </a>
          <Button icon="copy" onClick={() => void navigator.clipboard?.writeText(code.verificationUri)}>
            Copy link
          </Button>
        </div>
      </div>
      <ol className="code-steps" aria-live="polite">
        <Step done text="Code created" />
        <Step
          done={state === "approved"}
          now={state === "waiting"}
          number={2}
          text={state === "approved" ? "Approved in AWS" : "Waiting for you to approve it in AWS"}
          // the seconds are for the eye: read out each second they would drown everything else
          aside={state === "waiting" ? `${clockText(leftMs)} left` : ""}
        />
        <Step now={state === "approved"} number={3} text="Load your accounts and roles" />
      </ol>
      <div
        className="code-bar"
        role="progressbar"
        aria-label="Time left to approve"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((100 * leftMs) / first.lifetimeMs)}
      >
        <i style={{ width: `${(100 * leftMs) / first.lifetimeMs}%` }} />
      </div>
      {watched.failureCount > 0 && watched.failureReason !== null && <FailureBanner error={watched.failureReason} />}
      <CodeFoot {...{ onNewCode, onOtherPlace }} />
      <div className="banner warn">
        <Icon name="warning" />
        <div className="grow">
          <b>Approve only a code you asked for.</b> The AWS page must show exactly this code. If someone sent you a code
          or a link, close it.
        </div>
      </div>
    </div>
  );
}

const OVER = {
  expired: { title: "The code ran out.", detail: "Nobody approved it in time." },
  denied: {
    title: "The request was refused in AWS.",
    detail: "Somebody pressed Deny, or this organisation does not allow it.",
  },
  lost: {
    title: "This code is over.",
    detail: "The server was restarted before it was approved: approving it now does nothing.",
  },
} as const;

function CodeOver({
  code,
  state,
  onNewCode,
  onOtherPlace,
}: Pick<Props, "onNewCode" | "onOtherPlace"> & { code: StartPlace; state: keyof typeof OVER }) {
  const { title, detail } = OVER[state];
  const banner = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // the keyboard was at the code, which is gone; elsewhere it stays where it is
    if (document.activeElement === null || document.activeElement === document.body) banner.current?.focus();
  }, []);
  return (
    <div className="form">
      <div className="banner bad" role="alert" ref={banner} tabIndex={-1}>
        <Icon name="warning" />
        <div className="grow">
          <b>{title}</b> {detail} <span className="mono">{code.startUrl}</span>
        </div>
      </div>
      <Button variant="primary" size="lg" block icon="refresh" onClick={onNewCode}>
        New code
      </Button>
      {onOtherPlace && (
        <Button variant="ghost" size="sm" icon="left" onClick={onOtherPlace}>
          Other start URL
        </Button>
      )}
    </div>
  );
}

function CodeFoot({ onNewCode, onOtherPlace }: Pick<Props, "onNewCode" | "onOtherPlace">) {
  return (
    <div className="code-foot">
      {onOtherPlace && (
        <Button variant="ghost" size="sm" icon="left" onClick={onOtherPlace}>
          Other start URL
        </Button>
      )}
      <Button variant="ghost" size="sm" icon="refresh" className="end-aligned" onClick={onNewCode}>
        New code
      </Button>
    </div>
  );
}

function Step({
  done = false,
  now = false,
  number,
  text,
  aside = "",
}: {
  done?: boolean;
  now?: boolean;
  number?: number;
  text: string;
  aside?: string;
}) {
  return (
    <li className={done ? "done" : now ? "now" : ""}>
      {done ? <Icon name="pass" /> : now ? <span className="spin" /> : <span className="n">{number}</span>}
      <span>{text}</span>
      <span className="num t3 code-aside" aria-hidden="true">
        {aside}
      </span>
    </li>
  );
}

/** "K X Q M, T R V B": a screen reader must not try to say it as a word. */
export function spelled(userCode: string): string {
  return userCode
    .split("-")
    .map((part) => [...part].join(" "))
    .join(", ");
}

/** 8:47 */
export function clockText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
