import { Icon } from "../../lib/icons.tsx";
import { Switch } from "../../ui/switch.tsx";
import { type AuditFilter, auditQuery } from "./audit-filter.ts";

/** `waiting`: the connection that would tell of new events does not stand. */
export type LiveState = "off" | "waiting" | "live";

interface Props {
  filter: AuditFilter;
  keptDays: number | undefined;
  live: LiveState;
  onLive(on: boolean): void;
  nowMs: number;
}

export function AuditHead({ filter, keptDays, live, onLive, nowMs }: Props) {
  return (
    <header className="table-head audit-head">
      <h1>Audit log</h1>
      <Switch label="Live" checked={live !== "off"} onChange={onLive} />
      <span className="t12 t3" role="status">
        {live === "waiting" && "Connecting, new events are not shown yet"}
      </span>
      <span className="end-aligned t12 t3">{keptDays !== undefined && `Kept ${keptDays} days`}</span>
      <ExportLink filter={filter} nowMs={nowMs} format="csv" label="Export CSV" />
      <ExportLink filter={filter} nowMs={nowMs} format="jsonl" label="JSON lines" />
    </header>
  );
}

interface ExportProps {
  filter: AuditFilter;
  nowMs: number;
  format: string;
  label: string;
}

function ExportLink({ filter, nowMs, format, label }: ExportProps) {
  const query = auditQuery(filter, nowMs);
  query.set("format", format);
  return (
    <a className="btn" href={`/api/v1/audit/export?${query}`} download>
      <Icon name="download" />
      {label}
    </a>
  );
}
