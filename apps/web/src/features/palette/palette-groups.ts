/** Which groups the palette shows for a query: by its first letter only one kind, otherwise all, each with its share. Pure. */
import { type Found, type PaletteEntry, wordsOf } from "./palette-search.ts";

export interface PaletteSource {
  /** ">" and such, if it can be asked for alone. */
  prefix?: string;
  heading: string;
  /** Rows among other groups, and alone. */
  rows: { among: number; alone: number };
  /** Without words: what is likely wanted, newest or nearest first. */
  find(words: readonly string[], limit: number): Found;
  /** Shown only when asked for by its prefix. */
  aloneOnly?: true;
  /** How many there are to find, where that says something. */
  outOf?: number;
}

export interface PaletteGroup extends Found {
  heading: string;
  outOf?: number;
}

export function groupsFor(query: string, sources: readonly PaletteSource[]): PaletteGroup[] {
  const asked = query.trimStart();
  const wanted = sources.filter(({ prefix }) => prefix !== undefined && asked.startsWith(prefix));
  const isAlone = wanted.length > 0;
  const words = wordsOf(isAlone ? asked.slice(1) : asked);
  return (isAlone ? wanted : sources.filter(({ aloneOnly }) => !aloneOnly))
    .map(({ heading, rows, find, outOf }) => ({
      heading,
      ...(outOf === undefined || words.length === 0 ? {} : { outOf }),
      ...find(words, isAlone ? rows.alone : rows.among),
    }))
    .filter(({ entries }) => entries.length > 0);
}

export function entriesOf(groups: readonly PaletteGroup[]): PaletteEntry[] {
  return groups.flatMap(({ entries }) => entries.map(({ entry }) => entry));
}
