/**
 * What the palette finds for what was typed. Sources offer entries; here they are ranked and cut. Pure.
 *
 * All words must fit: each either the label, letter by letter, or whole somewhere in `also`. Entries in which every word is found
 * whole come alone as long as there are enough of them: scattered letters are for what is misspelt or abbreviated.
 */
import type { IconName } from "../../lib/icons.tsx";
import type { StateShapeName } from "../../ui/state-shape.tsx";
import { fuzzyMatch, type Ranges, runMatch } from "./fuzzy-match.ts";

/** As in the instance list: `go` to the one there is, `new` another one, `split` beside the active pane. */
export type ChooseHow = "go" | "new" | "split";

export interface PaletteEntry {
  /** Its own among all sources. */
  id: string;
  label: string;
  /** Beside the label, quieter. */
  detail?: string;
  /** The detail is an id or a command. */
  mono?: boolean;
  /** More that it is found by, in lower case. */
  also: string;
  mark: { icon: IconName } | { shape: StateShapeName };
  /** At the end of the row. */
  aside?: string;
  environment?: { word: string; colour: string };
  /** After the environment: where it is. */
  place?: string | undefined;
  caps?: readonly string[];
  choose(how: ChooseHow): void;
  /** Tells more about it. */
  details?(): void;
}

export interface FoundEntry {
  entry: PaletteEntry;
  /** Of its label. */
  ranges: Ranges;
}

export interface Found {
  entries: readonly FoundEntry[];
  /** How many fit, shown or not. */
  total: number;
}

export const QUERY_LENGTH_MAX = 100;
const WORDS_MAX = 8;

/** In lower case. */
export function wordsOf(text: string): string[] {
  return text.slice(0, QUERY_LENGTH_MAX).toLowerCase().split(/\s+/).filter(Boolean).slice(0, WORDS_MAX);
}

/** What `findEntries` looks at. */
export interface Searchable<T> {
  items: readonly T[];
  labelOf(item: T): string;
  /** In lower case; may hold the label too. */
  alsoOf(item: T): string;
  entryOf(item: T): PaletteEntry;
}

interface Scored<T> {
  item: T;
  score: number;
  ranges: Ranges;
}

/** @param limit entries given back; of equal ones the first */
export function findEntries<T>(from: Searchable<T>, words: readonly string[], limit: number): Found {
  const whole = collect(from, words, wholeMatch);
  const all = whole.length >= limit || words.length === 0 ? whole : collect(from, words, looseMatch);
  const best = all.sort((one, other) => other.score - one.score).slice(0, limit);
  return { entries: best.map(({ item, ranges }) => ({ entry: from.entryOf(item), ranges })), total: all.length };
}

type MatchOne = (word: string, label: string, also: string) => { score: number; ranges: Ranges } | undefined;

const wholeMatch: MatchOne = (word, label, also) =>
  runMatch(word, label) ?? (also.includes(word) ? { score: 1, ranges: [] } : undefined);
const looseMatch: MatchOne = (word, label, also) => wholeMatch(word, label, also) ?? fuzzyMatch(word, label);

function collect<T>(
  { items, labelOf, alsoOf }: Searchable<T>,
  words: readonly string[],
  matchOne: MatchOne,
): Scored<T>[] {
  const found: Scored<T>[] = [];
  for (const item of items) {
    const label = labelOf(item).toLowerCase();
    const also = alsoOf(item);
    const matches = [];
    for (const word of words) {
      const match = matchOne(word, label, also);
      if (match === undefined) break;
      matches.push(match);
    }
    if (matches.length < words.length) continue;
    const score = matches.reduce((sum, match) => sum + match.score, 0);
    found.push({
      item,
      score,
      ranges: joined(
        matches.flatMap(({ ranges }) => ranges),
        labelOf(item),
        label,
      ),
    });
  }
  return found;
}

/** In order, and where two overlap, one. None where lower case changed the length: offsets would lie. */
function joined(ranges: Ranges, label: string, lower: string): Ranges {
  if (lower.length !== label.length) return [];
  const runs: [number, number][] = [];
  for (const [start, end] of [...ranges].sort(([one], [other]) => one - other)) {
    const last = runs.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else runs.push([start, end]);
  }
  return runs;
}

/** A list of entries, as a thing to search. */
export function searchable(items: readonly PaletteEntry[]): Searchable<PaletteEntry> {
  return { items, labelOf: ({ label }) => label, alsoOf: ({ also }) => also, entryOf: (entry) => entry };
}
