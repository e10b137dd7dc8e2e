import type { AuditActivity, AuditPage } from "@causeway/wire-contract/audit";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../../lib/icons.tsx";
import { Keys } from "../../ui/keys.tsx";
import { AuditChip } from "./audit-chip.tsx";
import { AUDIT_SPANS, type AuditFilter, type AuditSpan, rangeWords } from "./audit-filter.ts";

/** The address follows the search when typing rests, in milliseconds. */
const SEARCH_REST_MS = 300;

interface Props {
  filter: AuditFilter;
  onFilter(filter: AuditFilter): void;
  page: AuditPage | undefined;
  activity: AuditActivity | undefined;
}

export function AuditToolbar({ filter, onFilter, page, activity }: Props) {
  const { from, to } = filter;
  const accounts = activity?.accounts ?? [];
  const accountName = (id: string) => accounts.find((account) => account.id === id)?.name ?? id;
  const span = from !== undefined && to !== undefined ? rangeWords(from, to) : undefined;
  const spans = Object.entries(AUDIT_SPANS).map(([value, { label }]) => ({ value, label }));
  const named = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <div className="audit-filter">
      <Search value={filter.q ?? ""} onChange={(q) => onFilter({ ...filter, q: q || undefined })} />
      <AuditChip
        name="when"
        title="When"
        all="all that is kept"
        value={filter.span}
        shown={span ?? (filter.span && AUDIT_SPANS[filter.span].label)}
        options={spans}
        onChange={(value) =>
          onFilter({ ...filter, span: value as AuditSpan | undefined, from: undefined, to: undefined })
        }
      />
      <AuditChip
        name="person"
        title="Person"
        all="anybody"
        value={filter.name}
        options={named(activity?.people ?? [])}
        onChange={(name) => onFilter({ ...filter, name })}
      />
      <AuditChip
        name="action"
        title="Action"
        all="any"
        value={filter.event}
        options={named(page?.eventNames ?? [])}
        onChange={(event) => onFilter({ ...filter, event })}
      />
      <AuditChip
        name="account"
        title="Account"
        all="any"
        value={filter.account}
        shown={filter.account && accountName(filter.account)}
        options={accounts.map(({ id, name }) => ({ value: id, label: name === undefined ? id : `${name} · ${id}` }))}
        onChange={(account) => onFilter({ ...filter, account })}
      />
      <button
        type="button"
        className={filter.refusals ? "chip on" : "chip"}
        aria-pressed={filter.refusals === true}
        onClick={() => onFilter({ ...filter, refusals: filter.refusals ? undefined : true })}
      >
        only refusals {activity && <span className="num t3">{activity.refused.toLocaleString("en")}</span>}
      </button>
      <span className="end-aligned t12 t3 num" role="status">
        {page && countWords(page)}
      </span>
    </div>
  );
}

function countWords({ total, totalIsExact }: AuditPage): string {
  const count = total.toLocaleString("en");
  if (!totalIsExact) return `at least ${count} events`;
  return total === 1 ? "1 event" : `${count} events`;
}

function Search({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (text === value) return;
    const timer = window.setTimeout(() => latest.current(text), SEARCH_REST_MS);
    return () => window.clearTimeout(timer);
  }, [text, value]);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);
  return (
    <label className="field">
      <Icon name="search" />
      <span className="sr">Search the audit</span>
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={200}
        placeholder="person, action, instance, request id"
        onChange={(event) => setText(event.target.value)}
      />
      <Keys caps={["/"]} />
    </label>
  );
}
