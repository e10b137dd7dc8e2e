/** Go to or run anything, by typing (DESIGN §3, §12): a combobox with its list. Knows nothing of what its entries do. */
import { Dialog } from "radix-ui";
import { type KeyboardEvent, type MouseEvent, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { hideOthers } from "../../lib/hide-others.ts";
import { Icon } from "../../lib/icons.tsx";
import { Keys } from "../../ui/keys.tsx";
import { StateShape } from "../../ui/state-shape.tsx";
import type { Ranges } from "./fuzzy-match.ts";
import { entriesOf, groupsFor, type PaletteSource } from "./palette-groups.ts";
import { type ChooseHow, type FoundEntry, type PaletteEntry, QUERY_LENGTH_MAX } from "./palette-search.ts";
import "./palette.css";

interface Props {
  sources: readonly PaletteSource[];
  /** What it begins with: ">" for commands only. */
  initialQuery?: string;
  /** Whose lists of which regions are searched. */
  scope: string;
  /** How the keyboard says Ctrl. */
  splitCaps: readonly string[];
  /** Closed without choosing anything. */
  onCancel(): void;
  /** Closed, and this was chosen: the caller closes first, so that the keyboard is home when the entry moves it. */
  onChoose(entry: PaletteEntry, how: ChooseHow | "details"): void;
}

/** Rows that Page keys go. */
const PAGE_ROWS = 8;

export function Palette({ sources, initialQuery = "", scope, splitCaps, onCancel, onChoose }: Props) {
  const id = useId();
  const [query, setQuery] = useState(initialQuery);
  const groups = useMemo(() => groupsFor(query, sources), [query, sources]);
  const entries = entriesOf(groups);
  const [markedId, setMarkedId] = useState<string>();
  const marked = Math.max(
    0,
    entries.findIndex((entry) => entry.id === markedId),
  );
  const input = useRef<HTMLInputElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const showOthers = useRef<() => void>(undefined);
  useLayoutEffect(() => () => showOthers.current?.(), []);
  const rowId = (entry: PaletteEntry | undefined): string | undefined => entry && `${id}-${entry.id}`;
  const markedRow = rowId(entries[marked]);
  useLayoutEffect(() => {
    if (markedRow !== undefined) document.getElementById(markedRow)?.scrollIntoView({ block: "nearest" });
  }, [markedRow]);

  const prefixes = sources.filter(
    ({ prefix }, index) => prefix !== undefined && sources.findIndex((other) => other.prefix === prefix) === index,
  );
  const choose = (entry: PaletteEntry | undefined, how: ChooseHow | "details"): void => {
    if (entry) onChoose(entry, how);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS }[event.key];
    const isAtEnd = event.currentTarget.selectionStart === query.length;
    if (step !== undefined) setMarkedId(entries[nextRow(marked, step, entries.length)]?.id);
    else if (event.key === "Enter") choose(entries[marked], howOf(event));
    else if (event.key === "ArrowRight" && isAtEnd && entries[marked]?.details) choose(entries[marked], "details");
    else if (event.key !== "Tab") return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-entry]") : null;
    choose(
      entries.find((entry) => entry.id === row?.dataset.entry),
      howOf(event),
    );
  };
  return (
    // modal by itself: as Radix does it, all styles of the page are worked out anew before the first frame
    <Dialog.Root open modal={false} onOpenChange={(open) => !open && onCancel()}>
      <Dialog.Portal>
        <div className="scrim palette-scrim" />
        <Dialog.Content
          className="palette"
          aria-modal="true"
          aria-describedby={undefined}
          ref={content}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            input.current?.focus();
            if (content.current !== null) showOthers.current = hideOthers(content.current);
          }}
          onFocusOutside={(event) => {
            event.preventDefault();
            if (!isOver(event.detail.originalEvent.target)) input.current?.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <Dialog.Title className="sr">Go to or run</Dialog.Title>
          <div className="palette-in">
            <Icon name="search" />
            <input
              ref={input}
              role="combobox"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={markedRow}
              aria-autocomplete="list"
              aria-label="Search instances, tabs and commands"
              placeholder="Go to an instance or tab, or run a command"
              autoComplete="off"
              spellCheck={false}
              maxLength={QUERY_LENGTH_MAX}
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setMarkedId(undefined);
              }}
              onKeyDown={onKeyDown}
            />
            <span className="chip trunc">{scope}</span>
          </div>
          <div
            id={`${id}-list`}
            className="palette-list"
            role="listbox"
            aria-label="Found"
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={onClick}
            // the combobox has the keyboard, always
            onKeyDown={() => input.current?.focus()}
          >
            {groups.map(({ heading, entries: found, total, outOf }) => (
              <div key={heading} role="group" aria-labelledby={`${id}-${heading}`}>
                <div className="palette-heading" id={`${id}-${heading}`}>
                  {heading}
                  {outOf !== undefined && <span className="num end-aligned">{`${total} of ${outOf}`}</span>}
                </div>
                {found.map((one) => (
                  <Row
                    key={one.entry.id}
                    id={rowId(one.entry) ?? ""}
                    found={one}
                    marked={one.entry === entries[marked]}
                  />
                ))}
              </div>
            ))}
          </div>
          {entries.length === 0 && <p className="palette-none">Nothing matches “{query.trim()}”.</p>}
          <p className="sr" role="status">
            {entries.length === 0 ? "Nothing found" : `${entries.length} found`}
          </p>
          <div className="palette-foot" aria-hidden="true">
            <Hint caps={["↵"]} words="open" />
            <Hint caps={splitCaps} words="split right" />
            {entries[marked]?.details && <Hint caps={["→"]} words="details" />}
            <span className="end-aligned" />
            {prefixes.map(({ prefix = "", heading }) => (
              <Hint key={prefix} caps={[prefix]} words={heading.toLowerCase()} />
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface RowProps {
  id: string;
  found: FoundEntry;
  marked: boolean;
}

function Row({ id, found: { entry, ranges }, marked }: RowProps) {
  const { label, detail, mono, mark, aside, environment, place, caps = [] } = entry;
  return (
    <div id={id} role="option" tabIndex={-1} aria-selected={marked} className="palette-row" data-entry={entry.id}>
      {"icon" in mark ? <Icon name={mark.icon} /> : <StateShape shape={mark.shape} />}
      <span className="trunc">
        <Marked text={label} ranges={ranges} />
        {detail !== undefined && <span className={mono ? "palette-detail mono" : "palette-detail"}> {detail}</span>}
      </span>
      <span className="palette-end">
        {aside}
        {environment && <span className={`env e-${environment.colour}`}>{environment.word}</span>}
        {place}
        {caps.length > 0 && <Keys caps={caps} />}
      </span>
    </div>
  );
}

function Marked({ text, ranges }: { text: string; ranges: Ranges }) {
  const parts = ranges.flatMap(([start, end], index) => [
    text.slice(ranges[index - 1]?.[1] ?? 0, start),
    <mark key={start}>{text.slice(start, end)}</mark>,
  ]);
  return (
    <>
      {parts}
      {text.slice(ranges.at(-1)?.[1] ?? 0)}
    </>
  );
}

function Hint({ caps, words }: { caps: readonly string[]; words: string }) {
  return (
    <span>
      <Keys caps={caps} /> {words}
    </span>
  );
}

/** What opened over the palette has the keyboard: giving it back and forth would not end. */
function isOver(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}

/** A step goes around the ends, a page stops there. */
function nextRow(from: number, step: number, count: number): number {
  if (count === 0) return 0;
  const to = from + step;
  return Math.abs(step) === 1 ? (to + count) % count : Math.min(count - 1, Math.max(0, to));
}

function howOf({ shiftKey, ctrlKey, metaKey }: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): ChooseHow {
  if (ctrlKey || metaKey) return "split";
  return shiftKey ? "new" : "go";
}
