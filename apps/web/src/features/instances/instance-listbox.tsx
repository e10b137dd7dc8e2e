/**
 * The virtual list of instances: one stop for Tab, arrows inside, only the rows in view in the document.
 * Rows of one group stand inside a `group` element, so that screen readers hear the group's name.
 */
import type { Instance } from "@causeway/wire-contract/instances";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import type { InstanceGroup, ListRow } from "./instance-groups.ts";
import { GroupHeader, InstanceRow } from "./instance-row.tsx";
import { nextPosition } from "./list-keys.ts";

const HEADER_PX = 26;
const ROW_PX = { fine: { full: 40, compact: 28 }, coarse: { full: 52, compact: 44 } } as const;
/** Rows kept beyond the view on both sides (DESIGN §14). */
const OVERSCAN_ROWS = 8;
/** Left and right of a row, in px. */
const ROW_INSET_PX = 6;

export interface ListboxHandle {
  focus(): void;
  /** Enter in the filter: opens what is marked. */
  openActive(newSession: boolean): void;
  /** Up and down in the filter. @returns false when the key moves nothing */
  handleKey(key: string): boolean;
  /** Back to the first row: what was marked belongs to another filter. */
  unmark(): void;
}

interface Props {
  ref?: Ref<ListboxHandle>;
  label: string;
  rows: readonly ListRow[];
  region: string;
  openCounts: ReadonlyMap<string, number>;
  words: readonly string[];
  /** The instance of the active tab: where the mark stands until a key or a click moves it. */
  currentId: string | undefined;
  /** The server's clock when the list was fetched, in milliseconds since the epoch. */
  nowMs: number;
  onOpen(instance: Instance, newSession: boolean): void;
  onEscape(): void;
}

type InstanceListRow = Extract<ListRow, { kind: "instance" }>;

export function InstanceListbox({
  ref,
  label,
  rows,
  region,
  openCounts,
  words,
  currentId,
  nowMs,
  onOpen,
  onEscape,
}: Props) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [activeKey, setActiveKey] = useState<string>();
  const heights = matchMedia("(pointer: coarse)").matches ? ROW_PX.coarse : ROW_PX.fine;

  const options = useMemo(() => rows.filter((row): row is InstanceListRow => row.kind === "instance"), [rows]);
  const optionIndexByKey = useMemo(() => new Map(options.map((row, index) => [row.key, index])), [options]);
  const rowIndexByKey = useMemo(() => new Map(rows.map((row, index) => [row.key, index])), [rows]);
  useEffect(() => setActiveKey(undefined), [currentId]);
  // a filter may take the marked row away: then keys start from the active tab's row, or from the first one
  const marked = options[optionIndexByKey.get(activeKey ?? currentId ?? "") ?? -1];
  const activeOption = marked ?? options[0];
  const activeRowIndex = activeOption ? (rowIndexByKey.get(activeOption.key) ?? -1) : -1;

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index];
      if (row?.kind !== "instance") return HEADER_PX;
      return row.compact ? heights.compact : heights.full;
    },
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN_ROWS,
    // aria-activedescendant must always point to an element that exists
    rangeExtractor: (range) => {
      const inView = defaultRangeExtractor(range);
      return activeRowIndex < 0 || inView.includes(activeRowIndex)
        ? inView
        : [...inView, activeRowIndex].sort((a, b) => a - b);
    },
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rows]);

  const handleKey = (key: string): boolean => {
    const from = activeOption ? (optionIndexByKey.get(activeOption.key) ?? 0) : 0;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / heights.full) - 1);
    // with nothing marked, the first step goes to the first row
    const next = options[nextPosition(key, marked === undefined ? -1 : from, options.length, page) ?? -1];
    if (next === undefined) return false;
    setActiveKey(next.key);
    virtualizer.scrollToIndex(rowIndexByKey.get(next.key) ?? 0);
    return true;
  };
  const openActive = (newSession: boolean): void => {
    if (activeOption) onOpen(activeOption.instance, newSession);
  };
  useImperativeHandle(ref, () => ({
    focus: () => scroller.current?.focus(),
    handleKey,
    openActive,
    unmark: () => setActiveKey(undefined),
  }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") openActive(event.shiftKey);
    else if (event.key === "Escape") onEscape();
    else if (!handleKey(event.key)) return;
    event.preventDefault();
  };

  const onClick = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const key = event.target.closest("[data-row]")?.getAttribute("data-row");
    const picked = options[optionIndexByKey.get(key ?? "") ?? -1];
    if (picked === undefined) return;
    setActiveKey(picked.key);
    onOpen(picked.instance, event.shiftKey || event.target.closest("[data-another]") !== null);
  };

  return (
    <div
      ref={scroller}
      className="list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={activeOption && rowId(id, activeOption.key)}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="presentation" className="list-all" style={{ height: virtualizer.getTotalSize() }}>
        {sections(virtualizer.getVirtualItems(), rows).map(({ group, items }) => (
          <div key={group.key} role="group" aria-label={groupLabel(group)}>
            {items.map(({ item, row }) => {
              const place = { top: item.start, height: item.size };
              if (row.kind === "header") return <GroupHeader key={row.key} group={row.group} style={place} />;
              return (
                <InstanceRow
                  key={row.key}
                  id={rowId(id, row.key)}
                  rowKey={row.key}
                  instance={row.instance}
                  region={region}
                  compact={row.compact}
                  mark={row.key === marked?.key ? "sel" : row.key === activeOption?.key ? "next" : undefined}
                  openCount={openCounts.get(row.instance.id) ?? 0}
                  words={words}
                  nowMs={nowMs}
                  position={{ index: optionIndexByKey.get(row.key) ?? 0, count: options.length }}
                  style={{ ...place, left: ROW_INSET_PX, right: ROW_INSET_PX }}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

interface Item {
  index: number;
  start: number;
  size: number;
}

/** Rows in view, gathered by group; groups keep the order of the rows. */
function sections(items: readonly Item[], rows: readonly ListRow[]) {
  const result: { group: InstanceGroup; items: { item: Item; row: ListRow }[] }[] = [];
  for (const item of items) {
    const row = rows[item.index];
    if (row === undefined) continue;
    const last = result.at(-1);
    if (last?.group === row.group) last.items.push({ item, row });
    else result.push({ group: row.group, items: [{ item, row }] });
  }
  return result;
}

function rowId(listId: string, key: string): string {
  return `${listId}-${key.replace(/[^A-Za-z0-9-]/g, "_")}`;
}

function groupLabel({ kind, title, summary }: InstanceGroup): string {
  return [kind === "tag" ? `service ${title}` : title, summary].filter(Boolean).join(", ");
}
