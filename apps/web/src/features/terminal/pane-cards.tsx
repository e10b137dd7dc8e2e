/** What covers a terminal that has no text yet: the steps of opening it, or why it could not be opened. */
import type { Problem } from "@causeway/wire-contract/problem";
import { describeProblem } from "../../lib/failure.ts";
import { Icon, type IconName } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import { Evidence } from "../../ui/evidence.tsx";
import { StateShape } from "../../ui/state-shape.tsx";
import { stepDuration, stepWords } from "./status-words.ts";
import type { ConnectingStep } from "./terminal-types.ts";

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
  onRetry(): void;
  onClose(): void;
}

export function FailedCard({ problem, onRetry, onClose }: FailedCardProps) {
  const failure = describeProblem(problem);
  const { icon, tone } = markOf(problem.code);
  return (
    <div className="notice pane-card" role="alert">
      <span className={`ic ${tone}`}>
        <Icon name={icon} />
      </span>
      <h2>{failure.title}</h2>
      <p>{failure.cause}</p>
      <p>{failure.remedy}</p>
      <div className="notice-actions">
        <Button variant="primary" onClick={onRetry}>
          Try again
        </Button>
        <Button onClick={onClose}>Close</Button>
      </div>
      <Evidence text={failure.evidence} />
    </div>
  );
}

function markOf(code: string): { icon: IconName; tone: "bad" | "warn" } {
  if (code === "AWS_ACCESS_DENIED" || code === "ENCRYPTION_KEY_REFUSED") return { icon: "lock", tone: "bad" };
  if (code.startsWith("INSTANCE_")) return { icon: "plug", tone: "warn" };
  if (code === "CREDENTIALS_EXPIRED" || code === "SIGN_IN_REQUIRED") return { icon: "key", tone: "warn" };
  return { icon: "warning", tone: "warn" };
}
