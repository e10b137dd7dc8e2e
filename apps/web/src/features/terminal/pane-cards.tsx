/** What covers a terminal that has no text yet: the steps of opening it, or why it could not be opened. */
import { isLoginEndCode } from "@causeway/wire-contract/login-ends";
import type { Problem } from "@causeway/wire-contract/problem";
import type { ReactNode } from "react";
import { Icon, type IconName } from "../../lib/icons.tsx";
import type { IdentityLook } from "../../lib/identities.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Evidence } from "../../ui/evidence.tsx";
import { StateShape } from "../../ui/state-shape.tsx";
import { adminNote, isForAdmin, whoOf } from "./admin-note.ts";
import { type FailedWords, failedWords } from "./failed-words.ts";
import { exactSpan, stepDuration, stepWords } from "./status-words.ts";
import type { ConnectingStep, TerminalTarget } from "./terminal-types.ts";

interface ConnectingCardProps {
  name: string;
  steps: readonly ConnectingStep[];
  onCancel(): void;
}

export function ConnectingCard({ name, steps, onCancel }: ConnectingCardProps) {
  return (
    <div className="notice pane-card">
      <h2>Opening {name}</h2>
      <ul className="pane-steps">
        {steps.map((step) => (
          <li key={step.name} className={step.state}>
            <StepMark state={step.state} />
            <span>{stepWords(step.name, step.state)}</span>
            <span className="t3 num">{step.tookMs === undefined ? "" : stepDuration(step.tookMs)}</span>
          </li>
        ))}
      </ul>
      <div className="notice-actions">
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

function StepMark({ state }: { state: ConnectingStep["state"] }) {
  if (state === "done") return <Icon name="pass" />;
  if (state === "active") return <span className="spin" />;
  return <StateShape shape="unmanaged" label="" />;
}

interface FailedCardProps {
  problem: Problem;
  target: TerminalTarget;
  identity: Pick<IdentityLook, "name" | "role" | "account">;
  /** When it failed, by the page's clock. */
  failedAtMs: number;
  /** Milliseconds until it is tried again by itself; absent: when the person says so. */
  triedInMs?: number | undefined;
  /** A button: another role of the person's, where this one was refused. */
  otherRole?: ReactNode;
  onRetry(): void;
  onClose(): void;
}

export function FailedCard(props: FailedCardProps) {
  const { problem, target, identity, failedAtMs, triedInMs, otherRole, onRetry, onClose } = props;
  const first = problem.code === "AWS_ACCESS_DENIED" ? otherRole : undefined;
  const failure = failedWords(problem, { ...target, who: whoOf(identity), nowMs: failedAtMs });
  const { icon, tone } = markOf(problem.code);
  return (
    <div className="notice pane-card" role="alert">
      <span className={`ic ${tone}`}>
        <Icon name={icon} />
      </span>
      <h2>{failure.title}</h2>
      <p>{failure.cause}</p>
      <p>{triedInMs === undefined ? failure.remedy : triedInWords(triedInMs)}</p>
      <div className="notice-actions">
        {first}
        <Button variant={first ? "plain" : "primary"} onClick={onRetry}>
          {triedInMs === undefined ? "Try again" : "Try now"}
        </Button>
        {isForAdmin(problem.code) && (
          <CopyButton label="Copy for your admin" text={noteOf(failure, { problem, target, identity })} />
        )}
        <Button onClick={onClose}>Close</Button>
      </div>
      <Evidence text={failure.evidence} />
    </div>
  );
}

/** Its seconds go by in silence: the alert was read when it came. */
function triedInWords(ms: number) {
  return <span aria-live="off">{ms > 0 ? `Trying again by itself in ${exactSpan(ms)}.` : "Trying again now."}</span>;
}

function noteOf(
  { title, cause, remedy, evidence, policy }: FailedWords,
  { problem, target, identity }: Pick<FailedCardProps, "problem" | "target" | "identity">,
): string {
  const { instanceName: name, instanceId: id, region } = target;
  const said = [evidence, problem.aws?.message].filter(Boolean).join(": ");
  return adminNote({
    ...{ code: problem.code, title, why: `${cause} ${remedy}`, said, policy },
    askedBy: `${whoOf(identity)} in ${identity.account}`,
    instance: { name, id, region },
  });
}

function markOf(code: string): { icon: IconName; tone: "bad" | "warn" } {
  if (code === "AWS_ACCESS_DENIED" || code === "ENCRYPTION_KEY_REFUSED") return { icon: "lock", tone: "bad" };
  if (code.startsWith("INSTANCE_")) return { icon: "plug", tone: "warn" };
  if (code === "CREDENTIALS_EXPIRED" || code === "SIGN_IN_REQUIRED" || isLoginEndCode(code))
    return { icon: "key", tone: "warn" };
  return { icon: "warning", tone: "warn" };
}
