/** What a status line says in a wide window, as a card on the pane's menu: a narrow one has no room for it (DESIGN §12). */
import type { IdentityLook } from "../../lib/identities.ts";
import { useNow } from "../../ui/use-now.ts";
import type { SessionCore } from "./session-core.ts";
import { latencyWords } from "./status-words.ts";
import { actorWords, awsLogWords, timeLeftWords } from "./time-words.ts";
import { useTerminalStatus } from "./use-terminal-status.ts";

interface Props {
  session: SessionCore;
  identity: IdentityLook;
  /** Where the instance runs: its zone, or at least its region. */
  place: string;
}

export function PaneFacts({ session, identity, place }: Props) {
  const status = useTerminalStatus(session);
  const nowMs = useNow();
  const { target } = session;
  const time = status.kind === "ended" || status.kind === "failed" ? undefined : status.time;
  const { user, role } = actorWords(identity, time?.preferences);
  const log = time && awsLogWords(time.preferences);
  return (
    <div className="pane-facts t12 t2">
      <b className="med">{status.title ?? target.instanceName}</b>
      <span>
        {user && `${user} as `}
        {role} in {identity.account}
      </span>
      <span className="mono">
        {target.instanceId} · {place}
      </span>
      {status.session && <span className="mono">{status.session.awsSessionId}</span>}
      {status.kind === "open" && <span>{latencyWords(status, nowMs).split}</span>}
      {time && <span>{timeLeftWords(time, nowMs).text}</span>}
      {log && <span>AWS logs this session to {log.where}.</span>}
    </div>
  );
}
