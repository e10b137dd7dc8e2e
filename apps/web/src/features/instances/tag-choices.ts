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

/** Instances looked at in one step: some two milliseconds, so that no frame waits. */
export const INSTANCES_PER_STEP = 4_000;

/** Keys that say the same of every instance, or something else of each, are no help and left out. */
export function tagChoices(index: readonly IndexedInstance[]): readonly TagChoice[] {
  const steps = tagChoicesInSteps(index);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same for who looks at thousands, a part with each step: when nobody waits, and not all in one go. */
export function* tagChoicesInSteps(index: readonly IndexedInstance[]): Generator<void, readonly TagChoice[]> {
  const values = new Map<string, Set<string>>();
  for (let position = 0; position < index.length; position++) {
    if (position > 0 && position % INSTANCES_PER_STEP === 0) yield;
    const { tags } = (index[position] as IndexedInstance).instance;
    for (const key in tags) {
      const known = values.get(key);
      const value = tags[key] ?? "";
      if (known === undefined) values.set(key, new Set([value]));
      // beyond the bound the key is left out, whatever else there is
      else if (known.size <= TAG_VALUES_MAX) known.add(value);
    }
  }
  const collator = new Intl.Collator("en", { numeric: true });
  return [...values]
    .filter(([key, of]) => key !== NAME_TAG && of.size > 1 && of.size < index.length && of.size <= TAG_VALUES_MAX)
    .sort(([a], [b]) => collator.compare(a, b))
    .slice(0, TAG_KEYS_MAX)
    .map(([key, of]) => ({ key, values: [...of].sort(collator.compare) }));
}
