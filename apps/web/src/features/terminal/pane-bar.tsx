/** The line above a terminal: its state, which instance, what runs in it, as whom; at its end what can be done with it. */
import type { ReactNode } from "react";
import type { Environment } from "../../lib/environment.ts";
import { Icon } from "../../lib/icons.tsx";
import type { IdentityLook } from "../../lib/identities.ts";
import { StateShape, type StateShapeName } from "../../ui/state-shape.tsx";
import type { TerminalStatus, TerminalTarget } from "./terminal-types.ts";

interface Props {
  target: TerminalTarget;
  status: TerminalStatus;
  identity: IdentityLook;
  environment: Environment | undefined;
  /** At its end. */
  children: ReactNode;
}

export function PaneBar({ target, status, identity, environment, children }: Props) {
  return (
    <div className="pane-bar">
      <StateShape {...stateShape(status)} />
      <span className="pane-name trunc">{target.instanceName}</span>
      {environment && <span className={`env e-${environment.colour}`}>{environment.word}</span>}
      <span className="pane-id trunc" title={target.instanceId}>
        {status.title ?? target.instanceId}
      </span>
      {status.bell && <BellMark />}
      <span className="pane-account trunc" title={`${identity.role} in ${identity.account}`}>
        {identity.account} · <span className="mono">{target.region}</span>
      </span>
      <span className="end-aligned row tight">{children}</span>
    </div>
  );
}

export function BellMark() {
  return (
    <span className="pane-bell" role="img" aria-label="Bell" title="The terminal's bell rang">
      <Icon name="bell" size="sm" />
    </span>
  );
}

/** What the shape before its name shows, and how that is read. */
export function stateShape(status: TerminalStatus): { shape: StateShapeName; label: string } {
  if (status.kind === "open" && status.channel === "open" && status.channelReason !== undefined)
    return { shape: "lost", label: "The instance does not answer" };
  if (status.kind === "open")
    return status.channel === undefined || status.channel === "open"
      ? { shape: "online", label: "Connected" }
      : { shape: "lost", label: "Connection to AWS lost" };
  if (status.kind === "ended") return { shape: "stopped", label: "Ended" };
  if (status.kind === "failed") return { shape: "failed", label: "Not open" };
  return { shape: "pending", label: status.kind === "reconnecting" ? "Reconnecting" : "Connecting" };
}
