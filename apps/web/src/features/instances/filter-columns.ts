/**
 * What filters look at, laid out so that a key in the filter reads it fast: long texts as one string that is searched in one go, and
 * what has few values (states, regions, platforms) as numbers. One object a list. Pure but for what it remembers.
 */
import { type Column, fitsText, type Search, textOf } from "./instance-filter.ts";
import type { IndexedInstance } from "./instance-index.ts";

/** Positions in the list, ascending; undefined: all. */
export type Hits = Uint32Array | undefined;

type TextColumn = Exclude<Column, "state">;

const TEXT_COLUMNS: readonly TextColumn[] = ["words", "tags", "region", "account", "accountName", "platform"];
/** Below this share of the list each text is looked at by itself; above, one search through all is faster. */
const FEW_SHARE = 1 / 16;

export class FilterColumns {
  readonly #entries: readonly IndexedInstance[];
  readonly #texts: Partial<Record<TextColumn, Findable>>;
  #states: Findable | undefined;

  /** @param alike columns of entries that differ from these in their states only: texts are laid out once for both */
  constructor(entries: readonly IndexedInstance[], alike?: FilterColumns) {
    this.#entries = entries;
    this.#texts = alike === undefined ? {} : alike.#texts;
  }

  /** Lays one column out with each step: when nobody waits, and not all in one go. Until then keys take some milliseconds more. */
  *prepare(): Generator<void, void> {
    for (const column of TEXT_COLUMNS) {
      this.#texts[column] ??= this.#laidOut(column);
      yield;
    }
    this.#column("state");
  }

  /** @returns those of `among` that fit any of the searches */
  fitting(searches: readonly Search[], among: Hits): Uint32Array {
    const [only, ...others] = searches;
    if (only !== undefined && others.length === 0) return this.#column(only.column).find(only, among);
    const fits = new Uint8Array(this.#entries.length);
    for (const search of searches) {
      const found = this.#column(search.column).find(search, among);
      for (let number = 0; number < found.length; number++) fits[found[number] as number] = 1;
    }
    return keep(among, this.#entries.length, (position) => fits[position] === 1);
  }

  #column(column: Column): Findable {
    if (column === "state") {
      this.#states ??= this.#laidOut(column);
      return this.#states;
    }
    const known = this.#texts[column];
    if (known !== undefined) return known;
    // somebody types already: to look at each text takes less than to lay them out
    if (column === "words" || column === "tags") return { find: (search, among) => this.#lookAtEach(search, among) };
    const made = this.#laidOut(column);
    this.#texts[column] = made;
    return made;
  }

  #laidOut(column: Column): Findable {
    const texts = textsOf(this.#entries, column);
    return column === "words" || column === "tags" ? new JoinedTexts(texts) : new FewValues(texts);
  }

  #lookAtEach(search: Search, among: Hits): Uint32Array {
    const entries = this.#entries;
    return keep(among, entries.length, (position) =>
      fitsText(textOf(entries[position] as IndexedInstance, search.column), search),
    );
  }
}

function textsOf(entries: readonly IndexedInstance[], column: Column): string[] {
  return entries.map((entry) => textOf(entry, column));
}

interface Findable {
  find(search: Search, among: Hits): Uint32Array;
}

/** Texts that are nearly all different. */
class JoinedTexts implements Findable {
  readonly #texts: readonly string[];
  readonly #joined: string;
  /** Where each text begins in the joined one, and where one more would. */
  readonly #starts: Uint32Array;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#joined = texts.join(SEPARATOR);
    this.#starts = new Uint32Array(texts.length + 1);
    let start = 0;
    for (let position = 0; position < texts.length; position++) {
      this.#starts[position] = start;
      start += (texts[position] as string).length + SEPARATOR.length;
    }
    this.#starts[texts.length] = start;
  }

  /** Texts are held for what they contain; beginnings and wholes are not asked of them. */
  find({ needle }: Search, among: Hits): Uint32Array {
    const texts = this.#texts;
    if (needle.includes(SEPARATOR)) return new Uint32Array(); // no text holds it, and two of them must not
    if (among !== undefined && among.length < texts.length * FEW_SHARE)
      return keep(among, texts.length, (position) => (texts[position] as string).includes(needle));
    const found = this.#findInAll(needle);
    return among === undefined ? found : inBoth(found, among);
  }

  #findInAll(needle: string): Uint32Array {
    const found = new Uint32Array(this.#texts.length);
    let count = 0;
    let position = 0;
    let at = this.#joined.indexOf(needle);
    while (at !== -1 && position < found.length) {
      while ((this.#starts[position + 1] as number) <= at) position++;
      found[count++] = position;
      // what comes after in the same text says nothing new
      at = this.#joined.indexOf(needle, this.#starts[++position] as number);
    }
    return found.slice(0, count);
  }
}

/** Stands in no text: the server takes control characters away. */
const SEPARATOR = "\u0000";

/** Texts of which many are the same: each is looked at once a search. */
class FewValues implements Findable {
  readonly #values: readonly string[];
  /** By position, which of the values it has. */
  readonly #numbers: Uint32Array;

  constructor(texts: readonly string[]) {
    const numberOf = new Map<string, number>();
    this.#numbers = new Uint32Array(texts.length);
    for (let position = 0; position < texts.length; position++) {
      const text = texts[position] as string;
      const number = numberOf.get(text) ?? numberOf.size;
      if (number === numberOf.size) numberOf.set(text, number);
      this.#numbers[position] = number;
    }
    this.#values = [...numberOf.keys()];
  }

  find(search: Search, among: Hits): Uint32Array {
    const fits = this.#values.map((text) => fitsText(text, search));
    const numbers = this.#numbers;
    return keep(among, numbers.length, (position) => fits[numbers[position] as number] === true);
  }
}

/** Plain loops: the methods of typed arrays take several times as long. */
function keep(among: Hits, length: number, fits: (position: number) => boolean): Uint32Array {
  const size = among?.length ?? length;
  const kept = new Uint32Array(size);
  let count = 0;
  for (let number = 0; number < size; number++) {
    const position = among === undefined ? number : (among[number] as number);
    if (fits(position)) kept[count++] = position;
  }
  return kept.slice(0, count);
}

function inBoth(one: Uint32Array, other: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(one.length, other.length));
  let count = 0;
  let next = 0;
  for (let number = 0; number < one.length && next < other.length; number++) {
    const position = one[number] as number;
    while (next < other.length && (other[next] as number) < position) next++;
    if (other[next] === position) both[count++] = position;
  }
  return both.slice(0, count);
}
