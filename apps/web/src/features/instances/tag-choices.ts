/** What the "Tag" menu offers: keys that people filter by, with their values. Pure. */
import type { IndexedInstance } from "./instance-index.ts";

/** A longer menu helps nobody; everything else can be typed. */
export const TAG_KEYS_MAX = 12;
export const TAG_VALUES_MAX = 20;

/** Its values stand in the list. */
const NAME_TAG = "Name";

export interface TagChoice {
  key: string;
  values: readonly string[];
}

/** Keys that say the same of every instance, or something else of each, are no help and left out. */
export function tagChoices(index: readonly IndexedInstance[]): TagChoice[] {
  const values = new Map<string, Set<string>>();
  for (const { instance } of index)
    for (const key in instance.tags) {
      const known = values.get(key);
      const value = instance.tags[key] ?? "";
      if (known === undefined) values.set(key, new Set([value]));
      // beyond the bound the key is left out, whatever else there is
      else if (known.size <= TAG_VALUES_MAX) known.add(value);
    }
  const collator = new Intl.Collator("en", { numeric: true });
  return [...values]
    .filter(([key, of]) => key !== NAME_TAG && of.size > 1 && of.size < index.length && of.size <= TAG_VALUES_MAX)
    .sort(([a], [b]) => collator.compare(a, b))
    .slice(0, TAG_KEYS_MAX)
    .map(([key, of]) => ({ key, values: [...of].sort(collator.compare) }));
}
