import type { AuditEvent } from "@causeway/wire-contract/audit";
import { useEffect, useState } from "react";
import { type AuditFilter, hourBefore } from "./audit-filter.ts";
import { eventFailure, jsonParts } from "./audit-words.ts";

interface Props {
  event: AuditEvent;
  columns: number;
  onFilter(filter: AuditFilter): void;
  refusalsBefore(event: { name: string; at: number }, signal: AbortSignal): Promise<number>;
}

/** Everything the audit holds of one event, as it is and in words. */
export function AuditDetails({ event, columns, onFilter, refusalsBefore }: Props) {
  const failure = event.refused ? eventFailure(event) : undefined;
  const parts = jsonParts(JSON.stringify({ ...event, at: new Date(event.at).toISOString() }, undefined, 2));
  const facts: [string, string | undefined][] = [
    ["What happened", failure?.title],
    ["Why", failure?.cause],
    ["What helps", failure?.remedy],
    ["Role", event.role],
    ["Device", event.device],
    ["Instance", event.instanceId],
    ["Session", event.sessionId],
    ["Request", event.requestId],
  ];
  return (
    <tr className="open details">
      <td colSpan={columns}>
        <div className="audit-details">
          <pre className="mono">
            {parts.map(({ text, kind }, index) =>
              kind === "plain" ? (
                text
              ) : (
                <span key={index} className={`json-${kind}`}>
                  {text}
                </span>
              ),
            )}
          </pre>
          <dl>
            {facts.map(([name, value]) =>
              value === undefined || value === "" ? null : (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
            )}
            {event.name !== "" && (
              <div>
                <dt>Same person, 1 h</dt>
                <dd>
                  <Refusals event={event} onFilter={onFilter} refusalsBefore={refusalsBefore} />
                </dd>
              </div>
            )}
          </dl>
        </div>
      </td>
    </tr>
  );
}

/** How often the same person was refused before; a way to see them. */
function Refusals({ event, onFilter, refusalsBefore }: Omit<Props, "columns">) {
  const [count, setCount] = useState<number | "unknown">();
  const { name, at, refused } = event;
  useEffect(() => {
    const stop = new AbortController();
    refusalsBefore({ name, at }, stop.signal).then(setCount, () => setCount("unknown"));
    return () => stop.abort();
  }, [name, at, refusalsBefore]);
  if (count === undefined) return <span className="t3">counting</span>;
  if (count === "unknown") return <span className="t3">could not be counted</span>;
  const others = refused ? count - 1 : count;
  if (others <= 0) return <span className="t3">no {refused ? "other " : ""}refusals</span>;
  return (
    <button type="button" className="audit-link" onClick={() => onFilter(hourBefore(event))}>
      {others} {refused ? "more " : ""}
      {others === 1 ? "refusal" : "refusals"}
    </button>
  );
}
