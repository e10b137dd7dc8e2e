/** What the "Tag" menu offers: keys that people filter by, with their values. Pure. */
import type { IndexedInstance } from "./instance-index.ts";

/** A longer menu helps nobody; everything else can be typed. */
export const TAG_KEYS_MAX = 12;
export const TAG_VALUES_MAX = 20;

export interface TagChoice {
  key: string;
  values: readonly string[];
}

/** Keys that say the same of every instance, or something else of each (like Name), are no help and left out. */
export function tagChoices(index: readonly IndexedInstance[]): TagChoice[] {
  const values = new Map<string, Set<string>>();
  for (const { instance } of index)
    for (const [key, value] of Object.entries(instance.tags)) {
      const known = values.get(key);
      if (known) known.add(value);
      else values.set(key, new Set([value]));
    }
  const collator = new Intl.Collator("en", { numeric: true });
  return [...values]
    .filter(([, of]) => of.size > 1 && of.size < index.length && of.size <= TAG_VALUES_MAX)
    .sort(([a], [b]) => collator.compare(a, b))
    .slice(0, TAG_KEYS_MAX)
    .map(([key, of]) => ({ key, values: [...of].sort(collator.compare) }));
}
