/**
 * The rows to show for a filter, while somebody types it: instances stand in the order of their groups already, so that a key
 * costs one pass over what the filter before it had left. One object per list of instances. Pure but for what it remembers.
 */
import { type Condition, type Filter, formatCondition, isNarrower, testOf } from "./instance-filter.ts";
import type { GroupedIndex, InstanceGroup } from "./instance-groups.ts";
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
  /** Positions in the entries, ascending; undefined: all. */
  hits: Uint32Array | undefined;
}

export class ListFilter {
  readonly #index: GroupedIndex;
  /** Newest last. */
  readonly #results: Result[] = [];
  /** What words are looked for in, and who is online, by position: made with the first key. */
  #texts: readonly string[] | undefined;
  #online: Uint8Array | undefined;

  constructor(index: GroupedIndex) {
    this.#index = index;
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

  #search(chips: readonly Condition[], typed: Filter, among: Uint32Array | undefined): Uint32Array {
    const { entries } = this.#index;
    const { words, conditions } = typed;
    this.#texts ??= entries.map(({ haystack }) => haystack);
    const texts = this.#texts;
    let hits = among;
    // one tight pass a word, then what is left by the conditions: most of a key's time is here
    for (const word of words)
      hits = keep(hits, entries.length, (position) => (texts[position] as string).includes(word));
    if (chips.length === 0 && conditions.length === 0 && hits !== undefined) return hits;
    const fits = testOf(chips, { words: [], conditions, unfinished: [] });
    return keep(hits, entries.length, (position) => fits(entries[position] as IndexedInstance));
  }

  /** Groups of which nothing is shown are left out. */
  #group(hits: Uint32Array | undefined): readonly InstanceGroup[] {
    const { entries, groups } = this.#index;
    this.#online ??= onlineFlags(entries);
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

/** Plain loops: the methods of typed arrays take several times as long. @param among positions; undefined: all up to `length` */
function keep(among: Uint32Array | undefined, length: number, fits: (position: number) => boolean): Uint32Array {
  const size = among?.length ?? length;
  const kept = new Uint32Array(size);
  let count = 0;
  for (let number = 0; number < size; number++) {
    const position = among === undefined ? number : (among[number] as number);
    if (fits(position)) kept[count++] = position;
  }
  return kept.slice(0, count);
}

function onlineFlags(entries: readonly IndexedInstance[]): Uint8Array {
  const flags = new Uint8Array(entries.length);
  for (let position = 0; position < entries.length; position++)
    if (entries[position]?.instance.state === "online") flags[position] = 1;
  return flags;
}
