import type { AuditEvent } from "@causeway/wire-contract/audit";
import { memo } from "react";
import { Icon } from "../../lib/icons.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { AuditDetails } from "./audit-details.tsx";
import { type AuditFilter, auditTime } from "./audit-filter.ts";
import { eventActor, eventIcon, eventTarget } from "./audit-words.ts";

interface Props {
  event: AuditEvent;
  accountName: string | undefined;
  nowMs: number;
  /** Seven, or nine with role and device. */
  columns: 7 | 9;
  open: boolean;
  onToggle(id: string | undefined): void;
  onFilter(filter: AuditFilter): void;
  refusalsBefore(event: { name: string; at: number }, signal: AbortSignal): Promise<number>;
}

/** One event, and below it what else is known of it while it is open. */
export const AuditRow = memo(function AuditRow(props: Props) {
  const { event, accountName, nowMs, columns, open, onToggle } = props;
  const target = eventTarget(event);
  return (
    <>
      <tr className={open ? "open" : ""}>
        <td className="mono">
          <button
            type="button"
            className="audit-open"
            aria-expanded={open}
            onClick={() => onToggle(open ? undefined : event.id)}
          >
            {auditTime(event.at, nowMs)}
          </button>
        </td>
        <td>
          <Person event={event} />
        </td>
        <td className="act" title={event.event}>
          <span className="audit-act">
            <Icon name={eventIcon(event.event)} />
            <span className="mono">{event.event}</span>
          </span>
        </td>
        <td title={target}>{target}</td>
        <td className="t2" title={event.account}>
          {accountName ?? event.account}
        </td>
        <td className="mono t2">{event.ip}</td>
        <td>
          {event.refused ? (
            <span className="audit-act bad">
              <Icon name="close" size="sm" /> refused
            </span>
          ) : (
            <span className="audit-act ok">
              <Icon name="check" size="sm" /> <span>ok</span>
            </span>
          )}
        </td>
        {columns > 7 && (
          <>
            <td className="t2" title={event.role}>
              {event.role}
            </td>
            <td className="t2">{event.device}</td>
          </>
        )}
      </tr>
      {open && <AuditDetails {...props} />}
    </>
  );
});

function Person({ event }: { event: AuditEvent }) {
  const { kind, name } = eventActor(event);
  if (kind === "nobody") return <span className="t3">{name}</span>;
  return (
    <span className="audit-act" title={name}>
      {kind === "person" ? <Avatar name={name} /> : <Icon name="server" size="sm" />}
      <span className="trunc">{name}</span>
    </span>
  );
}
