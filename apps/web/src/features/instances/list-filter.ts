/**
 * The rows to show for a filter, while somebody types it: instances stand in the order of their groups already, so that a key
 * costs one pass over what the filter before it had left. One object per list of instances. Pure but for what it remembers.
 */
import { FilterColumns, type Hits } from "./filter-columns.ts";
import { type Condition, type Filter, formatCondition, isNarrower, searchesOf } from "./instance-filter.ts";
import { type GroupedIndex, groupedAgain, type InstanceGroup } from "./instance-groups.ts";
import type { IndexedInstance } from "./instance-index.ts";

/** Results that are kept, for the next character and for Backspace; the oldest goes. Each is 4 bytes a hit. */
export const RESULTS_KEPT_MAX = 24;

export interface FilteredList {
  count: number;
  groups: readonly InstanceGroup[];
}

interface Result extends FilteredList {
  chips: string;
  typed: Filter;
  /** Positions in the entries. */
  hits: Hits;
}

export class ListFilter {
  readonly #index: GroupedIndex;
  /** Newest last. */
  readonly #results: Result[] = [];
  readonly #columns: FilterColumns;
  readonly #online: Uint8Array;

  /** @param alike the filter of a list that read the same (`readsTheSame`): what is laid out for it serves this one, too */
  constructor(index: GroupedIndex, alike?: ListFilter) {
    this.#index = index;
    this.#columns = new FilterColumns(index.entries, alike === undefined ? undefined : alike.#columns);
    this.#online = onlineFlags(index.entries);
  }

  /** The same instances in the same order, with the states and pings that they have now. @param index as `groupedAgain` takes it */
  again(index: readonly IndexedInstance[]): ListFilter {
    return new ListFilter(groupedAgain(this.#index, index), this);
  }

  /** Step by step what keys need: take each when nobody waits. */
  prepare(): Generator<void, void> {
    return this.#columns.prepare();
  }

  /** The same filter gives the same object as long as it is remembered. */
  show(chips: readonly Condition[], typed: Filter): FilteredList {
    const chipText = chips.map(formatCondition).sort().join("\n");
    const wider = this.#results.findLast((result) => result.chips === chipText && isNarrower(typed, result.typed));
    if (wider !== undefined && isNarrower(wider.typed, typed)) return wider;
    const isEmpty = chips.length === 0 && typed.words.length === 0 && typed.conditions.length === 0;
    const hits = isEmpty ? undefined : this.#search(chips, typed, wider?.hits);
    const groups = this.#group(hits);
    const result = { chips: chipText, typed, hits, groups, count: hits?.length ?? this.#index.entries.length };
    this.#results.push(result);
    if (this.#results.length > RESULTS_KEPT_MAX) this.#results.shift();
    return result;
  }

  #search(chips: readonly Condition[], typed: Filter, among: Hits): Hits {
    return searchesOf(chips, typed).reduce((hits, searches) => this.#columns.fitting(searches, hits), among);
  }

  /** Groups of which nothing is shown are left out. */
  #group(hits: Hits): readonly InstanceGroup[] {
    const { entries, groups } = this.#index;
    const shown: InstanceGroup[] = [];
    let next = 0;
    for (const { head, start, end } of groups) {
      const first = hits === undefined ? start : next;
      let online = 0;
      next = first;
      for (; next < (hits?.length ?? end); next++) {
        const position = hits === undefined ? next : (hits[next] ?? end);
        if (position >= end) break;
        online += this.#online[position] ?? 0;
      }
      const count = next - first;
      if (count === 0) continue;
      const at = (number: number) => {
        if (number < 0 || number >= count) return undefined;
        const position = hits === undefined ? first + number : hits[first + number];
        return position === undefined ? undefined : entries[position]?.instance;
      };
      shown.push({ ...head, summary: `${online} of ${count} online`, count, at });
    }
    return shown;
  }
}

function onlineFlags(entries: readonly IndexedInstance[]): Uint8Array {
  const flags = new Uint8Array(entries.length);
  for (let position = 0; position < entries.length; position++)
    if (entries[position]?.instance.state === "online") flags[position] = 1;
  return flags;
}
