/** What happened, newest first: filter, rows that open, export. It reads only. */
import type { AuditEvent, AuditPage } from "@causeway/wire-contract/audit";
import { Fragment, useEffect, useRef, useState } from "react";
import { Icon } from "../../lib/icons.tsx";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuLabel } from "../../ui/menu.tsx";
import "./audit.css";
import { AUDIT_SPANS, type AuditFilter, type AuditSpan, auditQuery, auditTime } from "./audit-filter.ts";

/** Counting stops here on the server. */
const COUNTED_MAX = 10_000;
/** The address follows the search when typing rests, in milliseconds. */
const SEARCH_REST_MS = 300;

interface Props {
  filter: AuditFilter;
  onFilter(filter: AuditFilter): void;
  pages: readonly AuditPage[];
  busy: boolean;
  onMore: (() => void) | undefined;
  nowMs: number;
}

export function AuditLog({ filter, onFilter, pages, busy, onMore, nowMs }: Props) {
  const [openId, setOpenId] = useState<string>();
  const [first] = pages;
  const events = pages.flatMap((page) => page.events);
  const total = first?.total ?? 0;
  return (
    <>
      <header className="audit-head">
        <h1>Audit log</h1>
        <span className="end-aligned t12 t3">{first && `Kept ${first.keptDays} days`}</span>
        <ExportLink filter={filter} nowMs={nowMs} format="csv" label="Export CSV" />
        <ExportLink filter={filter} nowMs={nowMs} format="jsonl" label="JSON lines" />
      </header>
      <div className="audit-filter">
        <Search value={filter.q ?? ""} onChange={(q) => onFilter({ ...filter, q: q || undefined })} />
        <SpanChip span={filter.span} onChange={(span) => onFilter({ ...filter, span })} />
        <EventChip
          event={filter.event}
          names={first?.eventNames ?? []}
          onChange={(event) => onFilter({ ...filter, event })}
        />
        <button
          type="button"
          className={filter.refusals ? "chip on" : "chip"}
          aria-pressed={filter.refusals === true}
          onClick={() => onFilter({ ...filter, refusals: filter.refusals ? undefined : true })}
        >
          only refusals
        </button>
        <span className="end-aligned t12 t3 num" role="status">
          {first && `${total >= COUNTED_MAX ? "more than 10,000" : total.toLocaleString("en")} events`}
        </span>
      </div>
      <section className="audit-rows" aria-label="Events" aria-busy={busy} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {["Time (UTC)", "Person", "Action", "On", "Account", "From", "Result"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {events.map((event) => (
              <Fragment key={event.id}>
                <Row
                  event={event}
                  nowMs={nowMs}
                  open={openId === event.id}
                  onToggle={() => setOpenId(openId === event.id ? undefined : event.id)}
                />
                {openId === event.id && <Details event={event} />}
              </Fragment>
            ))}
          </tbody>
        </table>
        {first !== undefined && events.length === 0 && (
          <p className="audit-empty t2">No event matches. Try fewer words, or a longer time.</p>
        )}
        {onMore && (
          <div className="audit-more">
            <Button aria-disabled={busy} onClick={onMore}>
              Show older events
            </Button>
          </div>
        )}
      </section>
    </>
  );
}

function Row({ event, nowMs, open, onToggle }: { event: AuditEvent; nowMs: number; open: boolean; onToggle(): void }) {
  const on = [event.instanceId, event.region].filter(Boolean).join(", ");
  return (
    <tr className={open ? "open" : ""}>
      <td className="mono">
        <button type="button" className="audit-time" aria-expanded={open} onClick={onToggle}>
          {auditTime(event.at, nowMs)}
        </button>
      </td>
      <td>{event.name || <span className="t3">nobody</span>}</td>
      <td className="mono">{event.event}</td>
      <td className="trunc">{on || event.detail}</td>
      <td className="num t2">{event.account}</td>
      <td className="mono t2">{event.ip}</td>
      <td>
        {event.refused ? (
          <span className="bad">
            <Icon name="fail" size="sm" /> refused
          </span>
        ) : (
          <span className="ok">
            <Icon name="check" size="sm" /> ok
          </span>
        )}
      </td>
    </tr>
  );
}

function Details({ event }: { event: AuditEvent }) {
  return (
    <tr className="open details">
      <td colSpan={7}>
        <pre className="mono">{JSON.stringify(event, undefined, 2)}</pre>
      </td>
    </tr>
  );
}

function ExportLink({
  filter,
  nowMs,
  format,
  label,
}: {
  filter: AuditFilter;
  nowMs: number;
  format: string;
  label: string;
}) {
  const query = auditQuery(filter, nowMs);
  query.set("format", format);
  return (
    <a className="btn" href={`/api/v1/audit/export?${query}`} download>
      <Icon name="download" />
      {label}
    </a>
  );
}

function Search({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    if (text === value) return;
    const timer = window.setTimeout(() => latest.current(text), SEARCH_REST_MS);
    return () => window.clearTimeout(timer);
  }, [text, value]);
  return (
    <label className="field">
      <Icon name="search" />
      <span className="sr">Search the audit</span>
      <input
        type="search"
        value={text}
        maxLength={200}
        placeholder="person, action, instance, request id"
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

function SpanChip({ span, onChange }: { span: AuditSpan | undefined; onChange(span: AuditSpan | undefined): void }) {
  const spans = Object.entries(AUDIT_SPANS).map(([value, { label }]) => ({ value, label }));
  return (
    <Menu
      trigger={
        <button type="button" className={span ? "chip on" : "chip"}>
          <b>when</b> {span ? AUDIT_SPANS[span].label : "all"} <Icon name="down" size="xs" />
        </button>
      }
    >
      <MenuLabel>When</MenuLabel>
      <MenuChoice
        label="When"
        value={span ?? "all"}
        options={[{ value: "all", label: "all that is kept" }, ...spans]}
        onChange={(value) => onChange(value === "all" ? undefined : (value as AuditSpan))}
      />
    </Menu>
  );
}

function EventChip({
  event,
  names,
  onChange,
}: {
  event: string | undefined;
  names: readonly string[];
  onChange(event: string | undefined): void;
}) {
  return (
    <Menu
      trigger={
        <button type="button" className={event ? "chip on" : "chip"}>
          <b>action</b> {event ?? "any"} <Icon name="down" size="xs" />
        </button>
      }
    >
      <MenuLabel>Action</MenuLabel>
      <MenuChoice
        label="Action"
        value={event ?? "any"}
        options={["any", ...names].map((name) => ({ value: name, label: name }))}
        onChange={(value) => onChange(value === "any" ? undefined : value)}
      />
    </Menu>
  );
}
